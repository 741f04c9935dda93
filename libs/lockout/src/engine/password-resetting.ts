import type { Actor } from '../policy/input.js';
import { isInForce } from '../policy/lock.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { Operation } from '../store/operation.js';
import type { LockoutRecord } from '../store/record.js';
import type { PolicySource } from './policy-book.js';
import { applyInput } from './unlocking.js';

/** A password reset was completed: each of the account's records clears what its policy says (R14). */
export function resetOperation(
  records: readonly LockoutRecord[],
  policies: PolicySource,
  actor: Actor,
): Operation<void> {
  const keys = records.map(({ key }) => key);
  const manual = records
    .filter(({ facts }) => facts.counter === MANUAL_POLICY.counter)
    .map((record) => record.key);
  return {
    keys,
    fold: (view, now) => {
      const manualLock = manual.some((key) => {
        const lock = view.get(key)?.state.lock;
        return lock != null && isInForce(lock, now);
      });
      const input = { type: 'reset-password', actor, manualLock } as const;
      for (const key of keys) applyInput(view, policies, key, input, now);
    },
  };
}
