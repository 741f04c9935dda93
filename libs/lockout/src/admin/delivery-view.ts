import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SinkState, StoredDelivery } from '../store/outbox.js';
import { type EventView, eventView } from './event-view.js';
import { iso, isoOrNull } from './moment.js';

/** `waiting`: to be delivered, or tried again. `dead`: given up; it stays until somebody repeats or drops it. */
export type DeliveryState = 'waiting' | 'dead';

/** An event on its way to one sink. */
export interface DeliveryView {
  /** Opaque. */
  readonly id: string;
  readonly sink: string;
  readonly state: DeliveryState;
  /** How often it was tried. */
  readonly tries: number;
  /** When it is tried next, or sooner if it waits for another one of its account; null: never by itself. */
  readonly dueAt: string | null;
  /** What the last try said; null: there was none, or nothing was wrong. */
  readonly problem: string | null;
  readonly event: EventView;
}

/** What one sink has still to get. A sink that got everything is not named. */
export interface SinkView {
  readonly sink: string;
  /** At most 10,000 are counted, as of `dead`. */
  readonly waiting: number;
  readonly dead: number;
  /** When the oldest event happened that waits; null: none does. */
  readonly oldestAt: string | null;
}

/** Oldest first. */
export interface DeliveryPage {
  readonly items: readonly DeliveryView[];
  readonly nextCursor: string | null;
  /** Of all deliveries, whatever the page. */
  readonly sinks: readonly SinkView[];
  /** The store's clock when this was read. */
  readonly now: string;
}

export function deliveryView(
  engine: LockoutEngine,
  state: DeliveryState,
  { id, sink, tries, dueAt, problem, event }: StoredDelivery,
): DeliveryView {
  const due = state === 'dead' ? null : iso(dueAt);
  return { id, sink, state, tries, dueAt: due, problem, event: eventView(engine, event) };
}

export const sinkView = ({ sink, waiting, dead, oldestAt }: SinkState): SinkView => ({
  sink,
  waiting,
  dead,
  oldestAt: isoOrNull(oldestAt),
});
