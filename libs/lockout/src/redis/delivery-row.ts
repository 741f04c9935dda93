import { integer } from '../store/codec.js';
import type { StoredDelivery } from '../store/outbox.js';
import { problemText, sinkName } from '../store/outbox-row.js';
import { StoreError } from '../store/store-error.js';
import { decodeEvent } from './event-row.js';
import { bytesOf } from './redis-answer.js';

const ID = /^(0|[1-9][0-9]{0,3})-([0-9]{16})-([a-z0-9-]{1,32})$/;
/** Where the parts of a row begin; see `outbox-lua.ts`. */
const TRIES = 16;
const STATE = 24;
const PROBLEM = 73;

/** Where a delivery is. */
export interface DeliveryPlace {
  readonly shard: number;
  /** Of its event, 16 digits. */
  readonly position: string;
  readonly sink: string;
}

/** Names of sinks as scripts take them. Throws {@link StoreError} (`data`) for one that is none. */
export function sinkList(sinks: readonly string[]): string {
  return [...new Set(sinks.map(sinkName))].join(',');
}

/** What was wrong, as a row ends with it: behind a mark that tells nothing said from nothing. */
export function encodeProblem(problem: string): string {
  return `!${problemText(problem)}`;
}

export function deliveryId({ shard, position, sink }: DeliveryPlace): string {
  return `${shard}-${position}-${sink}`;
}

/** Null: no delivery has such an id. */
export function deliveryPlace(id: string): DeliveryPlace | null {
  const [, shard, position, sink] = ID.exec(id) ?? [];
  if (shard === undefined || position === undefined || sink === undefined) return null;
  return { shard: Number(shard), position, sink };
}

/** A delivery as scripts answer it: position, sink, row, and the event behind its sinks. */
export function decodeDelivery(shard: number, answer: readonly unknown[]): StoredDelivery {
  const [position, sink, row, copy] = answer.map(bytesOf);
  if (!position || !sink || !row || !copy) throw new StoreError('data', 'A lockout delivery is not whole');
  const place = { shard, position: String(position), sink: String(sink) };
  return {
    id: deliveryId(place),
    sink: place.sink,
    tries: integer('tries', String(row.subarray(TRIES, STATE))),
    dueAt: integer('dueAt', String(row.subarray(0, TRIES))),
    problem: row.length > PROBLEM ? String(row.subarray(PROBLEM + 1)) : null,
    event: decodeCopy(copy),
  };
}

/** The event of a delivery, which stands behind its sinks and a zero. */
export function decodeCopy(copy: Buffer): StoredDelivery['event'] {
  return decodeEvent(copy.subarray(copy.indexOf(0) + 1));
}

/** Whether a row is that of a dead letter. */
export function isDead(row: unknown): boolean {
  return row !== null && String(bytesOf(row).subarray(STATE, STATE + 1)) === 'd';
}
