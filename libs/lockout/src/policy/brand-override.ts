import type { LockoutPolicy } from './policy.js';

/**
 * The override that takes the place of a global policy: the one of its counter and name, or else the first of its counter
 * that bears no other global policy's name; null: none. Global policies may share a counter, one for each method.
 */
export function overrideOf(
  policy: LockoutPolicy,
  global: readonly LockoutPolicy[],
  overrides: readonly LockoutPolicy[],
): LockoutPolicy | null {
  const ofCounter = overrides.filter(({ counter }) => counter === policy.counter);
  const isAnothers = ({ name }: LockoutPolicy) => global.some((other) => other.name === name);
  return (
    ofCounter.find(({ name }) => name === policy.name) ??
    ofCounter.find((override) => !isAnothers(override)) ??
    null
  );
}
