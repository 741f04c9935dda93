import type { LockoutKey } from '../key/key.js';
import type { Actor } from '../policy/input.js';
import { isInForce } from '../policy/lock.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { PolicySource } from './policy-book.js';
import { applyInput } from './unlocking.js';

/** Records of one bounded round. */
const PAGE = 200;
/** Passes through the list: an attack sets new locks while old ones are lifted, and must not keep this going for ever. */
const MAX_PASSES = 5;
const SUBJECTS = ['account', 'address'] as const;

export interface UnlockEverythingParts {
  readonly applier: BatchApplier;
  readonly directory: Directory;
  readonly policies: PolicySource;
  /** Called with keys that were changed here. */
  readonly onChange: (keys: readonly LockoutKey[]) => void;
}

/**
 * Lifts every lock in force, of accounts and of addresses, page by page until a pass finds none (or the fifth is done).
 * Not all or none: what was lifted stays lifted when the store fails on the way. Answers how many records it unlocked.
 */
export async function unlockEverything(
  parts: UnlockEverythingParts,
  actor: Actor,
  realm?: string,
): Promise<number> {
  let total = 0;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let lifted = 0;
    for (const of of SUBJECTS) lifted += await passThrough(parts, actor, of, realm);
    total += lifted;
    if (lifted === 0) break;
  }
  return total;
}

async function passThrough(
  { applier, directory, policies, onChange }: UnlockEverythingParts,
  actor: Actor,
  of: (typeof SUBJECTS)[number],
  realm: string | undefined,
): Promise<number> {
  let lifted = 0;
  let cursor: string | null | undefined;
  do {
    const { now } = await applier.load([]);
    const page = await directory.find({
      of,
      state: 'locked',
      sort: 'until',
      now,
      limit: PAGE,
      ...(realm === undefined ? {} : { realm }),
      ...(cursor == null ? {} : { cursor }),
    });
    const keys = page.items.map(({ key }) => key);
    applier.forget(keys);
    const answers = await Promise.all(keys.map((key) => liftOne(applier, policies, key, actor)));
    onChange(keys);
    lifted += answers.filter(Boolean).length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lifted;
}

/** Whether its lock was in force until now. */
function liftOne(
  applier: BatchApplier,
  policies: PolicySource,
  key: LockoutKey,
  actor: Actor,
): Promise<boolean> {
  return applier.apply({
    keys: [key],
    fold: (view, now) => {
      const lock = view.get(key)?.state.lock;
      const locked = lock != null && isInForce(lock, now);
      if (locked) applyInput(view, policies, key, { type: 'unlock', via: 'admin', actor }, now);
      return locked;
    },
  });
}
