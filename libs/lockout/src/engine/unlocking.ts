import type { LockoutKey } from '../key/key.js';
import { standingState } from '../policy/foretelling.js';
import type { Actor, Input } from '../policy/input.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { transition } from '../policy/transition.js';
import type { Operation, RecordView } from '../store/operation.js';
import { sweepAtOf } from './counter-life.js';
import type { PolicySource } from './policy-book.js';

/** The records of one account, of one account at one address, or of one address. */
export interface UnlockTarget {
  readonly keys: readonly LockoutKey[];
}

/** Per target, whether a lock in force was lifted; with `changed: false` nothing at all was written. */
export interface Unlocked {
  readonly changed: boolean;
  /** Indexes of targets that have no lock in force. */
  readonly notLocked: readonly number[];
}

/** Also a lock that only the passage of time has set, which nobody has written down yet. */
const hasLock = (view: RecordView, policies: PolicySource, key: LockoutKey, now: number): boolean => {
  const record = view.get(key);
  if (!record) return false;
  const governing = policies.ofCounter(record.facts.counter) ?? MANUAL_POLICY;
  return standingState(governing, record.state, now).lock !== null;
};

/**
 * Applies one input to a stored record, by default under the global policy of its counter; a counter that no policy reads
 * any more is treated as a manual one.
 */
export function applyInput(
  view: RecordView,
  policies: PolicySource,
  key: LockoutKey,
  input: Input,
  now: number,
  policy?: LockoutPolicy,
): void {
  const record = view.get(key);
  if (!record) return;
  const { counter } = record.facts;
  const governing = policy ?? policies.ofCounter(counter) ?? MANUAL_POLICY;
  const { state, events } = transition(governing, record.state, input, now);
  if (state === record.state) return;
  const readers = policies.allOfCounter(counter);
  const keepUntil = sweepAtOf(readers.length > 0 ? readers : [governing], state);
  view.put(key, { state, facts: record.facts, keepUntil, events });
}

/**
 * Lifts every lock of the targets with count and escalation, in one swap (P6). If a target has no lock in force nothing
 * is written to any of them.
 */
export function unlockOperation(
  targets: readonly UnlockTarget[],
  policies: PolicySource,
  actor: Actor,
): Operation<Unlocked> {
  const keys = [...new Set(targets.flatMap((target) => target.keys))];
  return {
    keys,
    atomic: true,
    fold(view, now) {
      const notLocked = targets.flatMap((target, index) =>
        target.keys.some((key) => hasLock(view, policies, key, now)) ? [] : [index],
      );
      if (notLocked.length > 0) return { changed: false, notLocked };
      for (const key of keys) applyInput(view, policies, key, { type: 'unlock', via: 'admin', actor }, now);
      return { changed: true, notLocked };
    },
  };
}
