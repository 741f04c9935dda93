import { createHash } from 'node:crypto';
import type { LockoutKey } from '../key/key.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { Operation, RecordView } from '../store/operation.js';
import type { LockoutRecord } from '../store/record.js';
import { sweepAtOf } from './counter-life.js';
import type { LockoutErrorCode } from './lockout-error.js';
import type { PolicySource } from './policy-book.js';

/** Hex digits of a tag: 128 bits. */
const TAG_DIGITS = 32;
/** Stands for a version that is only about to be: no stored one reads like this. */
const UNWRITTEN = 'unwritten';

/** What an administrator has seen of an account or address, and acts upon. */
export interface SeenRecords {
  /** One of these has to be the {@link tagOfRecords} of all its records. */
  readonly tags: readonly string[];
  /** All records of it as they are now. */
  readonly find: () => Promise<readonly LockoutRecord[]>;
}

/** The records are not as the administrator has seen them. Nothing was changed. */
export class RecordsChangedError extends Error {
  override readonly name = 'RecordsChangedError';
  readonly code = 'LOCKOUT_CONFLICT' satisfies LockoutErrorCode;

  constructor() {
    super('It was changed since it was read. Nothing was changed now.');
  }
}

/** One text for these records in these versions, whatever their order: 32 hex digits. */
export function tagOfRecords(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): string {
  const lines = records.map(({ key, version }) => `${key} ${version}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, TAG_DIGITS);
}

/**
 * The operation, if the records at `keys` and at its own still have one of these tags when it is written; else it
 * rejects with {@link RecordsChangedError}. What it only reads is written anew as it stands, so that the swap compares
 * that too, all or none. The caller forgets the keys before: a tag is never held against what is remembered.
 */
export function ifUnchanged<Result>(
  operation: Operation<Result>,
  policies: PolicySource,
  keys: readonly LockoutKey[],
  tags: readonly string[],
): Operation<Result> {
  const all = [...new Set([...operation.keys, ...keys])];
  return {
    ...operation,
    keys: all,
    atomic: true,
    fold(view, now) {
      const records = all.flatMap((key) => {
        const record = view.get(key);
        return record ? [{ key, version: record.version ?? UNWRITTEN }] : [];
      });
      if (!tags.includes(tagOfRecords(records))) throw new RecordsChangedError();
      const result = operation.fold(view, now);
      for (const key of all) rewrite(view, policies, key);
      return result;
    },
  };
}

/** Puts a record as it is, unless something was put there already. */
function rewrite(view: RecordView, policies: PolicySource, key: LockoutKey): void {
  const record = view.get(key);
  if (record?.version === undefined) return;
  const { state, facts } = record;
  const readers = policies.allOfCounter(facts.counter);
  const keepUntil = sweepAtOf(readers.length > 0 ? readers : [MANUAL_POLICY], state);
  view.put(key, { state, facts, keepUntil, events: [] });
}
