import { countsMethod, type LockoutPolicy, type Method } from '../policy.js';

/** Policies that refuse attempts by one method. */
export interface Watch {
  readonly method: Method;
  readonly policies: readonly LockoutPolicy[];
}

/** Whether the policy refuses anything. */
export const refuses = (policy: LockoutPolicy): boolean => policy.enabled && policy.enforce;

/** One lock for the whole account, wherever the attempts come from. */
export const isAccountWide = ({ scope }: LockoutPolicy): boolean =>
  scope.length === 1 && scope[0] === 'account';

/** Whether an attacker with more addresses gets more attempts. */
export const isPerAddress = ({ scope }: LockoutPolicy): boolean => scope.includes('address');

/** Whether it counts by something that the attacker may leave out or make up: a device, a custom part. */
export const isPerChosenPart = ({ scope }: LockoutPolicy): boolean =>
  scope.some((part) => part !== 'account' && part !== 'address');

function methodsOf(policies: readonly LockoutPolicy[]): readonly Method[] {
  const methods = policies.flatMap(({ counts, weights }) =>
    counts === 'all' ? ['password', ...Object.keys(weights)] : counts,
  );
  return methods.length === 0 ? ['password'] : [...new Set(methods)];
}

/**
 * Which policies watch a method, for each method that any of `all` counts; methods that are watched alike come once.
 * `policies`: those of them that matter. A method none of these counts has an empty watch.
 */
export function watchesOf(
  policies: readonly LockoutPolicy[],
  all: readonly LockoutPolicy[] = policies,
): readonly Watch[] {
  const watches = new Map<string, Watch>();
  for (const method of methodsOf(all)) {
    const watching = policies.filter((policy) => countsMethod(policy, method));
    const weights = watching.map((policy) => [policies.indexOf(policy), policy.weights[method] ?? 1]);
    const likeness = JSON.stringify(weights);
    if (!watches.has(likeness)) watches.set(likeness, { method, policies: watching });
  }
  return [...watches.values()];
}
