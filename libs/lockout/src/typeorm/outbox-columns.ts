import type { OutboxField } from '../store/outbox-row.js';

export type OutboxColumn = OutboxField | 'seq';

/**
 * The indexes of deliveries by what they serve: what is due to a sink, the first of a lane, and lists and counts. All begin
 * as each other, so that neither dead letters nor what waits for later is looked at by who looks for something else.
 */
export const OUTBOX_INDEXES = {
  due: ['sink', 'dead', 'dueAt', 'seq'],
  lane: ['sink', 'dead', 'lane', 'seq'],
  list: ['sink', 'dead', 'seq'],
} as const satisfies Readonly<Record<string, readonly OutboxColumn[]>>;

export type OutboxIndex = keyof typeof OUTBOX_INDEXES;

/** An event is delivered to a sink once; by this index its deliveries are found. */
export const OUTBOX_UNIQUE = ['event', 'sink'] as const satisfies readonly OutboxColumn[];
