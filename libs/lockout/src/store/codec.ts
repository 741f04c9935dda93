import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { Lock, LockoutState } from '../policy/state.js';
import { type Detail, decodeDetail, encodeDetail } from './detail.js';
import type { LockoutRecord, Swap } from './record.js';
import { StoreError } from './store-error.js';

/** Stands for "never" and "until unlocked" in columns that are indexed and compared. */
export const FOREVER = Number.MAX_SAFE_INTEGER;
/** `replaces` of a row that was inserted: no version is all zeros. */
export const NO_VERSION = '0000000000000000';
/** Most characters of `realm`, `counter` and `scope`; longer ones are refused, for cutting could merge two. */
export const MAX_NAME = 64;
/** Most characters of a label; longer ones are cut (an e-mail address has at most 320). */
export const MAX_LABEL = 320;
/** `keepUntil` is stored as a multiple of this. */
export const KEEP_STEP_MS = 5 * 60_000;

/**
 * What a row holds, in the order in which values are bound and read. `version` comes last, because MySQL assigns from
 * left to right and every other column is decided by the version that still stands (R24).
 */
export const RECORD_FIELDS = [
  'key',
  'realm',
  'counter',
  'accountHash',
  'addressHash',
  'accountLabel',
  'addressLabel',
  'failures',
  'lastFailureAt',
  'lockedSince',
  'lockedUntil',
  'keepUntil',
  'detail',
  'replaces',
  'version',
] as const;

export type RecordField = (typeof RECORD_FIELDS)[number];

/** What a record's key settles for good. Labels are not: an application may begin or cease to keep them. */
const SETTLED_FIELDS: readonly RecordField[] = ['key', 'realm', 'counter', 'accountHash', 'addressHash'];

/** What an update of a record assigns, in the order of {@link RECORD_FIELDS}. */
export const CHANGING_FIELDS: readonly RecordField[] = RECORD_FIELDS.filter(
  (field) => !SETTLED_FIELDS.includes(field),
);

/** What drivers take for one column. */
export type ColumnValue = Buffer | string | number | null;

/**
 * The stored form of {@link Swap.keepUntil}: rounded up to a multiple of five minutes; {@link FOREVER} for null.
 *
 * The column is indexed, and every sign-in moves the exact value twice: up to the charge's deadline and back when the
 * attempt settles. Rounded, both writes usually fall into the same step and the index entry stays where it is. The
 * price is that a record outlives its use by up to five minutes.
 */
export function rowKeepUntil(needed: number | null): number {
  if (needed === null || needed > FOREVER - KEEP_STEP_MS) return FOREVER;
  return Math.ceil(needed / KEEP_STEP_MS) * KEEP_STEP_MS;
}

/** The values of one row, in the order of {@link RECORD_FIELDS}. Throws {@link StoreError} (`data`) for what no row can hold. */
export function encodeRecord(swap: Omit<Swap, 'events'>): ColumnValue[] {
  const { state, facts } = swap;
  const lock = state.lock;
  return [
    fromHex(swap.key),
    name('realm', facts.realm),
    name('counter', facts.counter),
    nullableFromHex(facts.accountHash),
    nullableFromHex(facts.addressHash),
    toLabel(facts.accountLabel),
    toLabel(facts.addressLabel),
    integer('failures', state.failures),
    nullableInteger('lastFailureAt', state.lastFailureAt),
    lock && integer('lockedSince', lock.since),
    lock && integer('lockedUntil', lock.until ?? FOREVER),
    rowKeepUntil(swap.keepUntil),
    encodeDetail(name('scope', facts.scope), state),
    fromHex(swap.expected ?? NO_VERSION),
    fromHex(swap.version),
  ];
}

/**
 * Reads a row whose values start at `offset`, in the order of {@link RECORD_FIELDS}, as any driver returns them.
 * Throws {@link StoreError} (`data`) for a row that this library cannot have written, rather than decide on it.
 */
export function decodeRecord(row: readonly unknown[], offset = 0): LockoutRecord {
  const at = (field: RecordField): unknown => row[offset + POSITION[field]];
  const nullableOf = (field: RecordField): number | null => nullableInteger(field, at(field));
  const textOf = (field: RecordField): string => text(field, at(field));
  const hashOf = (field: RecordField): SubjectHash | null => nullableHash(field, at(field));
  const labelOf = (field: RecordField): string | null => nullableText(field, at(field));

  const key = toHex('key', at('key')) as LockoutKey;
  const { scope, lock, ...rest } = decodeDetail(bytes('detail', at('detail')));
  const state: LockoutState = {
    ...rest,
    failures: integer('failures', at('failures')),
    lastFailureAt: nullableOf('lastFailureAt'),
    lock: decodeLock(nullableOf('lockedSince'), nullableOf('lockedUntil'), lock),
  };
  return {
    key,
    version: toHex('version', at('version')),
    state,
    facts: {
      realm: textOf('realm'),
      counter: textOf('counter'),
      scope,
      accountHash: hashOf('accountHash'),
      addressHash: hashOf('addressHash'),
      accountLabel: labelOf('accountLabel'),
      addressLabel: labelOf('addressLabel'),
    },
  };
}

/** Place of each field in {@link RECORD_FIELDS}. */
export const POSITION = Object.freeze(
  Object.fromEntries(RECORD_FIELDS.map((field, index) => [field, index])),
) as Readonly<Record<RecordField, number>>;

export function fromHex(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

export function nullableFromHex(hex: string | null): Buffer | null {
  return hex === null ? null : fromHex(hex);
}

/** Lower-case hex of a binary column. Throws {@link StoreError} (`data`) when it is not one. */
export function toHex(field: string, value: unknown): string {
  return bytes(field, value).toString('hex');
}

/** {@link toHex} of a column that holds a subject's hash or null. */
export function nullableHash(field: string, value: unknown): SubjectHash | null {
  return value === null ? null : (toHex(field, value) as SubjectHash);
}

/** An integer column, which some drivers return as text. Throws {@link StoreError} (`data`) when it is unsafe (R34). */
export function integer(field: string, value: unknown): number {
  const number =
    typeof value === 'string' && value !== ''
      ? Number(value)
      : typeof value === 'bigint'
        ? Number(value)
        : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new StoreError('data', `A lockout record's ${field} is not a safe integer: ${String(value)}`);
}

/**
 * Text as a label column takes it: well formed, no NUL (PostgreSQL has none), at most {@link MAX_LABEL} characters.
 * A label is for reading only, so hostile text is mended rather than refused.
 */
export function toLabel(label: string | null): string | null {
  if (label === null) return null;
  // Through UTF-8 and back, lone surrogates become U+FFFD.
  const mended = Buffer.from(label, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
  return mended.length <= MAX_LABEL ? mended : Array.from(mended).slice(0, MAX_LABEL).join('');
}

function nullableInteger(field: string, value: unknown): number | null {
  return value === null ? null : integer(field, value);
}

function bytes(field: string, value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new StoreError('data', `A lockout record's ${field} is not binary: ${typeof value}`);
}

/** A text column. Throws {@link StoreError} (`data`) when it is not one. */
export function text(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new StoreError('data', `A lockout record's ${field} is not text: ${typeof value}`);
}

/** {@link text} of a column that may be null. */
export function nullableText(field: string, value: unknown): string | null {
  return value === null ? null : text(field, value);
}

function name(field: string, value: string): string {
  if (value.length <= MAX_NAME && toLabel(value) === value) return value;
  throw new StoreError(
    'data',
    `A lockout record's ${field} must be well-formed text of at most ${MAX_NAME} characters`,
  );
}

/** The columns and the detail say the same, or somebody changed one of them by hand. */
function decodeLock(since: number | null, until: number | null, lock: Detail['lock']): Lock | null {
  if (since === null && until === null && lock === null) return null;
  if (since !== null && until !== null && lock !== null) {
    return { since, until: until === FOREVER ? null : until, cause: lock.cause, step: lock.step };
  }
  throw new StoreError('data', "A lockout record's lock is not whole");
}
