import type { RecordedEvent } from './audit-log.js';
import { CLOCK_TOLERANCE_MS } from './clock-tolerance.js';
import { type ColumnValue, fromHex, integer, nullableText, text, toHex } from './codec.js';
import { decodeEvent } from './event-row.js';
import { type DeliveryClaim, MAX_COUNTED_DELIVERIES, type StoredDelivery } from './outbox.js';
import { laneOf } from './outbox-lane.js';
import { limitOf } from './page.js';
import { StoreError } from './store-error.js';

/** Most characters of a sink's name. */
export const MAX_SINK = 32;
/** Most characters of what a sink said was wrong; longer texts are cut. */
export const MAX_PROBLEM = 500;

/**
 * What the row of a delivery holds besides its number, in the order in which values are bound. `queued`: 1 where it was
 * seen to wait for an earlier one of its lane, and is not looked at again before that is out of the way.
 */
export const OUTBOX_FIELDS = [
  'event',
  'sink',
  'lane',
  'at',
  'dueAt',
  'token',
  'tries',
  'problem',
  'dead',
  'queued',
] as const;

export type OutboxField = (typeof OUTBOX_FIELDS)[number];

/** What is read of a delivery before its event, in the order of {@link decodeDelivery}. */
export const DELIVERY_FIELDS = ['seq', 'sink', 'tries', 'dueAt', 'problem'] as const;

/** Whether a sink can have this name. */
export const isSinkName = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= MAX_SINK && /^[a-z0-9-]+$/.test(name);

/** Throws {@link StoreError} (`data`) for what is no name of a sink. */
export function sinkName(name: string): string {
  if (isSinkName(name)) return name;
  throw new StoreError(
    'data',
    `A sink is named by 1 to ${MAX_SINK} of a-z, 0-9 and -, not ${JSON.stringify(name)}`,
  );
}

/**
 * One row a sink, each in the order of {@link OUTBOX_FIELDS}. Throws {@link StoreError} (`data`) for a sink that has no
 * name.
 *
 * @param now When it is recorded, by the caller's idea of the store's clock. It is due by any clock that is not off by
 *   more than may be.
 */
export function encodeDeliveries(
  { id, key, event, facts }: RecordedEvent,
  sinks: readonly string[],
  now: number,
): ColumnValue[][] {
  return [...new Set(sinks)].map((sink) => [
    fromHex(id),
    sinkName(sink),
    fromHex(laneOf(key, facts)),
    integer('at', event.at),
    integer('dueAt', now - CLOCK_TOLERANCE_MS),
    null,
    0,
    null,
    0,
    0,
  ]);
}

/**
 * Reads a row of {@link DELIVERY_FIELDS} and then of the event's fields. Throws {@link StoreError} (`data`) for one that
 * cannot have been written here.
 */
export function decodeDelivery(row: readonly unknown[]): StoredDelivery {
  const [seq, sink, tries, dueAt, problem, ...event] = row;
  return {
    id: String(integer('seq', seq)),
    sink: text('sink', sink),
    tries: integer('tries', tries),
    dueAt: integer('dueAt', dueAt),
    problem: nullableText('problem', problem),
    event: decodeEvent(event),
  };
}

/** The number of a row; null: no row has this id. */
export const numberOf = (id: string): number | null => (/^[1-9]\d{0,14}$/.test(id) ? Number(id) : null);

/** Throws {@link StoreError} (`data`) for what is not 32 hex digits. */
export function deliveryToken(token: string): Buffer {
  if (token.length === 32 && /^[0-9a-f]+$/.test(token)) return fromHex(token);
  throw new StoreError('data', 'The token of a claim must be 32 hex digits');
}

/** What was wrong, as a row holds it: mended as a label is, and cut. */
export function problemText(problem: string): string {
  const mended = Buffer.from(problem, 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
  return mended.length <= MAX_PROBLEM ? mended : Array.from(mended).slice(0, MAX_PROBLEM).join('');
}

/** Throws {@link StoreError} (`data`) for a time that is no whole number of milliseconds, at least `least`. */
export function wholeMs(field: string, ms: number, least: number): number {
  if (Number.isSafeInteger(ms) && ms >= least) return ms;
  throw new StoreError('data', `${field} must be whole milliseconds, at least ${least}, not ${ms}`);
}

/** A claim as it was asked for, each sink once. Throws {@link StoreError} (`data`), or RangeError for its limit. */
export function checkedClaim({
  sinks,
  token,
  leaseMs,
  limit,
}: DeliveryClaim): DeliveryClaim & { tokenBytes: Buffer } {
  return {
    sinks: [...new Set(sinks)].map(sinkName),
    token,
    tokenBytes: deliveryToken(token),
    leaseMs: wholeMs('leaseMs', leaseMs, 1),
    limit: limitOf(limit),
  };
}

/** What a bounded count is told as. */
export const counted = (count: number): number => Math.min(count, MAX_COUNTED_DELIVERIES);

/** Whose rows two lanes are. */
export const sameLane = (lane: Buffer, row: unknown): boolean => toHex('lane', row) === lane.toString('hex');
