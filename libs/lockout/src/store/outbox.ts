import type { AuditEntry, RecordedEvent } from './audit-log.js';
import type { Page, PageRequest } from './directory.js';

/** Most deliveries of a sink and state that {@link Outbox.outboxState} counts: where it says so many there may be more. */
export const MAX_COUNTED_DELIVERIES = 10_000;

/** An event that a sink is still to be told of. */
export interface StoredDelivery {
  /** Opaque; of one event and one sink. */
  readonly id: string;
  readonly sink: string;
  /** How often it was claimed since it was recorded, or put back. */
  readonly tries: number;
  /**
   * Epoch ms, the store's clock: before then nobody gets it, for it was deferred, is claimed, or waits for an earlier one
   * of its lane; then it is due some time ahead, and as soon as the one before is out of the way.
   */
  readonly dueAt: number;
  /** Why it was deferred or buried, the last time. */
  readonly problem: string | null;
  readonly event: RecordedEvent;
}

export interface ClaimedDelivery extends StoredDelivery {
  /** Epoch ms, the store's clock at the claim. */
  readonly now: number;
}

export interface DeliveryClaim {
  /** Whose deliveries. */
  readonly sinks: readonly string[];
  /** 32 hex digits, drawn for this claim. */
  readonly token: string;
  /** How long they are ours, ms > 0: longer than a sink may take. */
  readonly leaseMs: number;
  /** Most that are claimed, of all sinks together. */
  readonly limit: number;
}

export interface DeliveryDeferral {
  /** How long nobody gets it, ms ≥ 0. */
  readonly inMs: number;
  /** Cut to 500 characters. */
  readonly problem: string;
  /** The try is taken back: that the sink itself was away is nothing that speaks against this delivery. Default `false`. */
  readonly keepTries?: boolean;
}

export interface DeliveryQuery extends PageRequest {
  /** `dead`: buried. `waiting`: all others, claimed ones too. */
  readonly state: 'waiting' | 'dead';
  readonly sink?: string;
  /** Of events of these realms only; absent: of all, empty: none. */
  readonly realms?: readonly string[];
}

/** What is still to be delivered to one sink. */
export interface SinkState {
  readonly sink: string;
  /** At most {@link MAX_COUNTED_DELIVERIES}, as `dead`. */
  readonly waiting: number;
  readonly dead: number;
  /** Epoch ms at which the event happened that was recorded first of all that wait; null: none waits. */
  readonly oldestAt: number | null;
}

/**
 * Events that were recorded for sinks ({@link Swap.deliverTo}), until they are delivered.
 * `testing/outbox-contract` is the suite every implementation passes.
 *
 * A lane is what is delivered in order: the events of an account, or of an address without one, to one sink (see
 * `outbox-lane.ts`). Events of one record come in the order in which they happened; of the others of a lane what was
 * committed before the other's swap began comes first. (On Redis a lane is a record.)
 *
 * Time is the store's clock. Every method rejects with `StoreError` when the store cannot answer, and for what no row can
 * hold (`data`). Where the outcome is unknown each may be sent again. Ids that are not there are passed over.
 */
export interface Outbox {
  /**
   * Takes the oldest delivery of each lane and sink if it is due, longest due first, and counts the try. Of any number of
   * callers one gets each, until it is finished, deferred or buried, or the lease ran out. Nothing later of a lane is given
   * while an earlier one waits. May give less than there is while others claim too, or while it sorts out long lanes: its
   * work is bounded. An answer that was lost is leased all the same.
   */
  claimDeliveries(claim: DeliveryClaim): Promise<readonly ClaimedDelivery[]>;
  /** Delivered: it goes, and its lane goes on. False: it is no longer this token's. */
  finishDelivery(id: string, token: string): Promise<boolean>;
  /** Due again later; its lane waits. False as above. */
  deferDelivery(id: string, token: string, later: DeliveryDeferral): Promise<boolean>;
  /** A dead letter: nobody gets it until it is put back, and its lane goes on. False as above. */
  buryDelivery(id: string, token: string, problem: string): Promise<boolean>;
  /** Oldest first. With `realms` a page may have fewer than asked for, or none, and be followed by another. */
  deliveries(query: DeliveryQuery): Promise<Page<StoredDelivery>>;
  /**
   * Dead letters that are due now, with their tries counted anew. Each is back in its place: what still waits in its lane
   * comes after it, what was delivered since came before it. `entry` is recorded with the change, its `count` filled in;
   * sent again it answers as the first time and changes nothing. Nothing put back: nothing recorded.
   *
   * @returns how many.
   */
  retryDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number>;
  /** Dead letters that nobody will get; their events stay in the record. `entry` as above. */
  dropDeliveries(ids: readonly string[], entry: AuditEntry): Promise<number>;
  /** Every sink that something is there for, by name. */
  outboxState(): Promise<readonly SinkState[]>;
}

/** Whether a store keeps what is to be delivered; the port is optional. */
export const isOutbox = (store: object): store is Outbox =>
  (
    [
      'claimDeliveries',
      'finishDelivery',
      'deferDelivery',
      'buryDelivery',
      'deliveries',
      'retryDeliveries',
      'dropDeliveries',
      'outboxState',
    ] as const
  ).every((method) => typeof Reflect.get(store, method) === 'function');
