import type { LockoutPolicy, PolicyInput } from './policy.js';
import { PolicyError, type PolicyProblem } from './policy-error.js';
import { readPolicy } from './read-policy.js';

function deepFreeze<T>(value: T): T {
  // Everything that is no object counts as frozen.
  if (Object.isFrozen(value)) return value;
  for (const part of Object.values(value as object)) deepFreeze(part);
  return Object.freeze(value);
}

/**
 * Makes a policy: fills in the documented defaults (see {@link LockoutPolicy}), checks everything, and freezes it.
 * Also takes what came from outside (parsed JSON): wrong types and unknown fields are problems like any other. A
 * policy it returned may be passed in again and comes out equal.
 *
 * @throws PolicyError with every problem at once.
 */
export function definePolicy(input: PolicyInput): LockoutPolicy {
  const problems: PolicyProblem[] = [];
  const policy = readPolicy(input, '', problems);
  if (!policy) throw new PolicyError(problems);
  return deepFreeze(policy);
}

const scopeOf = (policy: LockoutPolicy): string => JSON.stringify(policy.scope);

/**
 * {@link definePolicy} for all policies of a module. Names must differ; a counter may be shared only by policies that
 * count by the same scope.
 *
 * @throws PolicyError with every problem of every policy (paths begin `policies[0]`).
 */
export function definePolicies(inputs: readonly PolicyInput[]): readonly LockoutPolicy[] {
  const problems: PolicyProblem[] = [];
  if (!Array.isArray(inputs)) {
    throw new PolicyError([{ path: 'policies', message: 'must be a list', hint: '[{ name: "login", … }]' }]);
  }
  const policies: LockoutPolicy[] = [];
  const names = new Map<string, number>();
  const counters = new Map<string, { readonly index: number; readonly scope: string }>();
  for (const [index, input] of (inputs as readonly PolicyInput[]).entries()) {
    const path = `policies[${index}]`;
    const policy = readPolicy(input, path, problems);
    if (!policy) continue;
    policies.push(policy);
    const sameName = names.get(policy.name);
    if (sameName !== undefined) {
      const message = `"${policy.name}" is also the name of policies[${sameName}]`;
      problems.push({ path: `${path}.name`, message, hint: 'give each policy its own name' });
    }
    names.set(policy.name, sameName ?? index);
    const counter = counters.get(policy.counter);
    if (counter && counter.scope !== scopeOf(policy)) {
      const message = `"${policy.counter}" is also the counter of policies[${counter.index}], which counts by another scope`;
      problems.push({
        path: `${path}.counter`,
        message,
        hint: 'use another counter, or the same scope in the same order',
      });
    }
    counters.set(policy.counter, counter ?? { index, scope: scopeOf(policy) });
  }
  if (problems.length > 0) throw new PolicyError(problems);
  return deepFreeze(policies);
}
