import fc from 'fast-check';
import type { LockoutPolicy } from '../policy/policy.js';
import { tellHistory, tellPolicy } from './counterexample.js';
import type { Step } from './history.js';

/** Cases each law is tried on, unless fast-check is configured otherwise: mutants are judged by fewer. */
const RUNS = 2000;

/** How many cases a law is tried on. */
export const lawRuns = (wanted = RUNS): number => fc.readConfigureGlobal().numRuns ?? wanted;

type Arbitraries<T extends readonly unknown[]> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> };

const isHistory = (value: unknown): value is readonly Step[] =>
  Array.isArray(value) &&
  value.every((step: unknown) => typeof step === 'object' && step !== null && 'do' in step);

/** A policy, its history and whatever else a law was broken with, for people. */
function tellCase(policy: LockoutPolicy, values: readonly unknown[]): string {
  const told = values.flatMap((value, index) => {
    const name = `argument ${index + 2}:`;
    if (!isHistory(value)) return [`${name} ${fc.stringify(value)}`];
    return [...(index === 0 ? [] : [name]), ...tellHistory(policy, value)];
  });
  return [`policy: ${tellPolicy(policy)}`, ...told].join('\n');
}

/**
 * Asserts that something holds for random policies and histories (and, if given, further random values).
 *
 * @returns how many cases were tried, so that a law can also ask how often what it is about came to pass.
 * @throws Error that tells the smallest counterexample as a timeline, with the seed that finds it again.
 */
export function assertLaw<Values extends readonly [LockoutPolicy, readonly Step[], ...unknown[]]>(
  arbitraries: Arbitraries<Values>,
  law: (...values: Values) => void,
  runs?: number,
): number {
  const numRuns = lawRuns(runs);
  const property = fc.property(
    fc.tuple(...(arbitraries as unknown as fc.Arbitrary<unknown>[])) as unknown as fc.Arbitrary<Values>,
    (values) => law(...values),
  );
  const found = fc.check(property, { numRuns });
  if (!found.failed) return numRuns;
  if (!found.counterexample) throw new Error(`No cases to try the law on (seed ${found.seed}).`);
  const [[policy, ...values]] = found.counterexample;
  const cause = found.errorInstance;
  const again = `seed ${found.seed}, path "${found.counterexamplePath ?? ''}", shrunk ${found.numShrinks} times`;
  throw new Error(`A law is broken (${again}) by\n${tellCase(policy, values)}`, { cause });
}
