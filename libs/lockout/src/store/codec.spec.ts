import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import {
  EMPTY_STATE,
  type LockoutState,
  MAX_CONTRIBUTIONS,
  MAX_PENDING,
  MAX_TIMES,
} from '../policy/state.js';
import {
  decodeRecord,
  encodeRecord,
  FOREVER,
  KEEP_STEP_MS,
  POSITION,
  rowKeepUntil,
  toLabel,
} from './codec.js';
import type { Swap } from './record.js';
import { StoreError } from './store-error.js';

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value).toString('hex'));
const time = fc.integer({ min: 0, max: 8.64e15 });
const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const tag = fc.string({ maxLength: 16 });

const stateArbitrary: fc.Arbitrary<LockoutState> = fc.record({
  failures: count,
  times: fc.array(time, { maxLength: MAX_TIMES }).map((times) => times.sort((a, b) => a - b)),
  windowStartedAt: orNull(time),
  lastFailureAt: orNull(time),
  failureSeq: time,
  consecutive: count,
  lock: orNull(
    fc.record({
      since: time,
      until: orNull(time),
      cause: fc.constantFrom('failures' as const, 'admin' as const, 'monitor' as const),
      step: count,
    }),
  ),
  lastLockEndedAt: orNull(time),
  escalation: count,
  pending: fc.array(
    fc.oneof(
      fc.record({ id: tag, at: time, seq: time, weight: count }),
      fc.record({ id: tag, at: time, seq: time, weight: count, from: tag }),
    ),
    { maxLength: 12 },
  ),
  contributions: fc.array(fc.record({ from: tag, count, seq: time }), { maxLength: MAX_CONTRIBUTIONS }),
  abandons: count,
  abandonsSince: orNull(time),
  updatedAt: time,
});

const name = fc.string({ maxLength: 64 }).filter((text) => !text.includes('\0'));

const swapArbitrary: fc.Arbitrary<Swap> = fc.record({
  key: hex(32).map((value) => value as LockoutKey),
  expected: orNull(hex(8)),
  version: hex(8),
  state: stateArbitrary,
  facts: fc.record({
    realm: name,
    counter: name,
    scope: name,
    accountHash: orNull(hex(32).map((value) => value as SubjectHash)),
    addressHash: orNull(hex(32).map((value) => value as SubjectHash)),
    accountLabel: orNull(name),
    addressLabel: orNull(name),
  }),
  keepUntil: orNull(time),
  events: fc.constant([]),
});

const KEY = 'ab'.repeat(32) as LockoutKey;
const FACTS = {
  realm: 'r',
  counter: 'c',
  scope: 'account',
  accountHash: null,
  addressHash: null,
  accountLabel: null,
  addressLabel: null,
};
const swapOf = (state: LockoutState): Swap => ({
  key: KEY,
  expected: null,
  version: '01'.repeat(8),
  state,
  facts: FACTS,
  keepUntil: null,
  events: [],
});

/** A detail that can be read, but for this. */
const detailWith = (parts: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.from(JSON.stringify({ w: 'account', u: 0, ...parts }));

describe('the codec', () => {
  it('reads back every state that it wrote', () => {
    fc.assert(
      fc.property(swapArbitrary, (swap) => {
        const { key, version, state, facts } = swap;
        expect(decodeRecord(encodeRecord(swap))).toEqual({ key, version, state, facts });
      }),
    );
  });

  it('reads integers as text and big integers, as PostgreSQL and MySQL return them (R34)', () => {
    fc.assert(
      fc.property(swapArbitrary, fc.boolean(), (swap, big) => {
        const row = encodeRecord(swap).map((value) =>
          typeof value === 'number' ? (big ? BigInt(value) : String(value)) : value,
        );
        expect(decodeRecord(row).state).toEqual(swap.state);
      }),
    );
  });

  it('starts reading at an offset', () => {
    const swap = swapOf(EMPTY_STATE);
    expect(decodeRecord(['17', ...encodeRecord(swap)], 1).key).toBe(KEY);
  });

  it('holds every list at its limit (R34)', () => {
    const at = 1_900_000_000_000;
    const state: LockoutState = {
      ...EMPTY_STATE,
      pending: Array.from({ length: MAX_PENDING }, (_, n) => ({
        id: `${n}`.padStart(22, 'x'),
        at: at + n,
        seq: 1e9,
        weight: 10,
        from: 'f'.repeat(16),
      })),
      times: Array.from({ length: MAX_TIMES }, (_, n) => at + n * 86_400_000),
      contributions: Array.from({ length: MAX_CONTRIBUTIONS }, (_, n) => ({
        from: `${n}`.padStart(16, 'x'),
        count: 1e6,
        seq: 1e9,
      })),
    };
    expect(decodeRecord(encodeRecord(swapOf(state))).state).toEqual(state);
  });

  it('keeps the detail of an account at rest small', () => {
    const state = { ...EMPTY_STATE, failureSeq: 3, updatedAt: 1_900_000_000_000 };
    expect(String(encodeRecord(swapOf(state))[POSITION.detail])).toBe(
      '{"w":"account","u":1900000000000,"q":3}',
    );
  });

  it.each([
    ['failures', 2 ** 53],
    ['updatedAt', 1.5],
    ['failureSeq', Number.NaN],
  ] as const)('refuses to write an unsafe %s (R34)', (field, value) => {
    expect(() => encodeRecord(swapOf({ ...EMPTY_STATE, [field]: value }))).toThrow(StoreError);
  });

  it.each([
    ['failures', '9007199254740993'],
    ['failures', ''],
    ['failures', 'many'],
    ['failures', null],
    ['key', 'text'],
    ['version', null],
    ['realm', 7],
    ['lockedUntil', 5],
    ['lockedSince', 5],
    ['detail', null],
    ['detail', 'text'],
    ['detail', Buffer.from('{')],
    ['detail', Buffer.from('[]')],
    ['detail', Buffer.from('null')],
    ['detail', detailWith({ w: undefined })],
    ['detail', detailWith({ u: undefined })],
    ['detail', detailWith({ u: '1' })],
    ['detail', detailWith({ q: 1.5 })],
    ['detail', detailWith({ k: null })],
    ['detail', detailWith({ e: [] })],
    ['detail', detailWith({ f: 'noon' })],
    ['detail', detailWith({ x: {} })],
    ['detail', detailWith({ a: 1 })],
    ['detail', detailWith({ a: [1, 'then'] })],
    ['detail', detailWith({ l: ['failures', 0] })],
    ['detail', detailWith({ p: [['id']] })],
    ['detail', detailWith({ p: [['id', 1, 1, 1, 5]] })],
    ['detail', detailWith({ t: ['1'] })],
    ['detail', detailWith({ c: [[1, 2, 3]] })],
    ['detail', detailWith({ c: {} })],
    ['detail', detailWith({ z: [] })],
  ] as const)('refuses to decide on a row whose %s is %p', (field, value) => {
    const row: unknown[] = encodeRecord(swapOf(EMPTY_STATE));
    row[POSITION[field]] = value;
    expect(() => decodeRecord(row)).toThrow(expect.objectContaining({ name: 'StoreError', fault: 'data' }));
  });

  it.each([['whim', 0], ['failures'], ['failures', 0.5]])(
    'refuses to decide on a lock of %p, %p',
    (...lock) => {
      const row: unknown[] = encodeRecord(swapOf(EMPTY_STATE));
      row[POSITION.lockedSince] = 1;
      row[POSITION.lockedUntil] = 2;
      row[POSITION.detail] = detailWith({ l: lock });
      expect(() => decodeRecord(row)).toThrow(expect.objectContaining({ name: 'StoreError', fault: 'data' }));
    },
  );

  it('reads the plainest detail that it accepts, which the refused ones above are made from', () => {
    const row: unknown[] = encodeRecord(swapOf(EMPTY_STATE));
    row[POSITION.detail] = detailWith({});
    expect(decodeRecord(row).state).toEqual(EMPTY_STATE);
  });

  it('refuses a detail that outgrows its column instead of cutting it', () => {
    const pending = [{ id: 'x'.repeat(9000), at: 1, seq: 1, weight: 1 }];
    expect(() => encodeRecord(swapOf({ ...EMPTY_STATE, pending }))).toThrow(StoreError);
  });

  it('refuses names that a column would cut: two realms must not become one', () => {
    const realm = 'r'.repeat(65);
    expect(() => encodeRecord({ ...swapOf(EMPTY_STATE), facts: { ...FACTS, realm } })).toThrow(StoreError);
  });

  it('mends hostile labels: NUL, lone surrogates, more characters than the column has', () => {
    expect(toLabel('a\0b')).toBe('a\uFFFDb');
    expect(toLabel('a\uD800b')).toBe('a\uFFFDb');
    expect(toLabel('🔒'.repeat(400))).toBe('🔒'.repeat(320));
    expect(toLabel("Robert'); DROP TABLE --")).toBe("Robert'); DROP TABLE --");
  });
});

describe('rowKeepUntil', () => {
  it('is never earlier than needed and at most one step later', () => {
    fc.assert(
      fc.property(time, (needed) => {
        const kept = rowKeepUntil(needed);
        expect(kept).toBeGreaterThanOrEqual(needed);
        expect(kept - needed).toBeLessThan(KEEP_STEP_MS);
      }),
    );
  });

  it('writes the same value for a charge and its settle within one step', () => {
    const charged = 1_900_000_010_000;
    expect(rowKeepUntil(charged + 120_000)).toBe(rowKeepUntil(charged + 250));
  });

  it('is for ever when nothing ends it', () => {
    expect(rowKeepUntil(null)).toBe(FOREVER);
    expect(rowKeepUntil(FOREVER)).toBe(FOREVER);
  });
});
