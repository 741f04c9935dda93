import type { LockoutKey, SubjectHash } from '../key/key.js';
import {
  type ColumnValue,
  decodeRecord,
  encodeRecord,
  FOREVER,
  fromHex,
  NO_VERSION,
  POSITION,
  RECORD_FIELDS,
  rowKeepUntil,
} from '../store/codec.js';
import type { LockoutRecord, Swap } from '../store/record.js';
import { packRow, unpackRow } from './packed-row.js';

/** Bytes of an account's or address's hash by which records are found; what is found is compared whole. */
const SUBJECT_BYTES = 8;
const ABSENT = Buffer.alloc(SUBJECT_BYTES);
/** Version, then what the indexes say: keep, until, since, account, address. See `record-scripts.ts`. */
const HEADER_BYTES = 48;

/** What the row leaves out: the key is the name under which it stands, the version stands in front. */
const APART: readonly string[] = ['key', 'replaces', 'version'];
const STORED_FIELDS = RECORD_FIELDS.filter((field) => !APART.includes(field));

/** A swap as the script takes it. A score that is empty: the record is not in that index. */
export interface StoredSwap {
  readonly key: Buffer;
  /** Empty: absent. */
  readonly expected: Buffer;
  readonly value: Buffer;
  readonly until: string;
  readonly since: string;
  readonly keep: string;
}

/** Throws `StoreError` (`data`) for what no record can hold. */
export function encodeStored(swap: Swap): StoredSwap {
  const row = encodeRecord(swap);
  const { lock } = swap.state;
  const keepUntil = rowKeepUntil(swap.keepUntil);
  const keep = keepUntil === FOREVER ? null : keepUntil;
  const until = lock ? (lock.until ?? FOREVER) : null;
  const since = lock ? lock.since : null;
  const header = [
    fromHex(swap.version),
    indexed(keep),
    indexed(until),
    indexed(since),
    subjectBytes(swap.facts.accountHash),
    subjectBytes(swap.facts.addressHash),
  ];
  return {
    key: fromHex(swap.key),
    expected: fromHex(swap.expected ?? ''),
    value: Buffer.concat([...header, packRow(STORED_FIELDS.map((field) => row[POSITION[field]] ?? null))]),
    until: score(until),
    since: score(since),
    keep: score(keep),
  };
}

/** Throws `StoreError` (`data`) for what this library cannot have written. */
export function decodeStored(key: Buffer, stored: Buffer): LockoutRecord {
  const values = unpackRow(stored.subarray(HEADER_BYTES), STORED_FIELDS.length);
  const row: ColumnValue[] = RECORD_FIELDS.map(() => null);
  for (const [n, field] of STORED_FIELDS.entries()) row[POSITION[field]] = values[n] ?? null;
  row[POSITION.key] = key;
  row[POSITION.replaces] = fromHex(NO_VERSION);
  row[POSITION.version] = stored.subarray(0, 8);
  return decodeRecord(row);
}

/** A record's score in one of the indexes, as its header tells; -1: it is not there. */
export function scoreOf(stored: Buffer, index: 'keep' | 'until'): number {
  return Number(stored.readBigInt64BE(index === 'keep' ? 8 : 16) - 1n);
}

/** The records of a script's answer: their keys as asked for, null where there is none. */
export function recordsOf(
  keys: readonly LockoutKey[],
  stored: readonly unknown[],
): Map<LockoutKey, LockoutRecord> {
  const records = new Map<LockoutKey, LockoutRecord>();
  for (const [n, key] of keys.entries()) {
    const value = stored[n];
    if (Buffer.isBuffer(value)) records.set(key, decodeStored(fromHex(key), value));
  }
  return records;
}

/** What index entries of an account or address begin with. */
export function subjectBytes(subject: SubjectHash | null): Buffer {
  return subject === null ? ABSENT : fromHex(subject).subarray(0, SUBJECT_BYTES);
}

/** Eight bytes that differ iff the score does; all zeros: not in the index. */
function indexed(value: number | null): Buffer {
  const bytes = Buffer.alloc(8);
  if (value !== null) bytes.writeBigInt64BE(BigInt(value) + 1n);
  return bytes;
}

const score = (value: number | null): string => (value === null ? '' : String(value));
