import type { LockoutKey } from '../key/key.js';
import type { Actor } from '../policy/input.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { LockoutRecord } from '../store/record.js';
import type { PolicySource } from './policy-book.js';
import { ifUnchanged, type SeenRecords } from './seen-records.js';
import { type Unlocked, type UnlockTarget, unlockOperation } from './unlocking.js';

/** New locks can be set while older ones are lifted; more rounds than this mean that an attack outruns the unlock. */
const MAX_UNLOCK_ROUNDS = 5;

export interface UnlockRoundsParts {
  readonly applier: BatchApplier;
  readonly policies: PolicySource;
  /** Called with keys that were changed here. */
  readonly onChange: (keys: readonly LockoutKey[]) => void;
}

/** Finds the records of one target; asked again in each round. */
export type RecordFinder = () => Promise<readonly LockoutRecord[]>;

/**
 * Lifts the locks of all targets or none, then those that were set at records which did not exist when the records were
 * listed, until none is locked (R18). `seen`: rejects with RecordsChangedError, and nothing is lifted, unless what was
 * seen still stands at the first swap.
 */
export async function unlockInRounds(
  { applier, policies, onChange }: UnlockRoundsParts,
  targets: readonly RecordFinder[],
  actor: Actor,
  seen?: SeenRecords,
): Promise<Unlocked> {
  let first: Unlocked | null = null;
  for (let round = 0; round < MAX_UNLOCK_ROUNDS; round += 1) {
    const records = await Promise.all(targets.map((target) => target()));
    const sets = records.map((found) => ({ keys: found.map((record) => record.key) }));
    const wanted: readonly UnlockTarget[] = first
      ? sets.filter((_, index) => isLocked(records[index] ?? []))
      : sets;
    if (wanted.length === 0) break;
    const keys = wanted.flatMap((set) => set.keys);
    applier.forget(keys);
    const lifting = unlockOperation(wanted, policies, actor);
    const watched = seen && !first ? (await seen.find()).map(({ key }) => key) : null;
    if (watched) applier.forget(watched);
    const unlocked: Unlocked = await applier.apply(
      watched && seen ? ifUnchanged(lifting, policies, watched, seen.tags) : lifting,
    );
    onChange(keys);
    first ??= unlocked;
    if (!unlocked.changed) break;
  }
  return first ?? { changed: false, notLocked: [] };
}

/** Whether a listed record still carries a lock that has not visibly ended. */
const isLocked = (records: readonly LockoutRecord[]): boolean =>
  records.some(
    ({ state }) => state.lock !== null && (state.lock.until === null || state.lock.until > state.updatedAt),
  );
