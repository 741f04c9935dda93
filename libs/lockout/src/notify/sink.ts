import type { AccountRef } from '../key/account.js';
import type { LockoutEvent } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';

/** One event on its way to one sink. */
export interface Delivery {
  /**
   * Idempotency key: the event's id in the record, 32 hex digits. The same on every repeat and for every sink; an event is
   * delivered at least once, so whoever must not act twice remembers it.
   */
  readonly id: string;
  /** Which try this is, from 1. */
  readonly try: number;
  readonly event: LockoutEvent;
  /** The record's key: events of one record come in the order in which they happened. */
  readonly key: string;
  readonly facts: RecordFacts;
  /**
   * Whose event it is, plain: the account's id, or `{ unknown }`, the name that was typed and that no account has. Null: it
   * is of no account, or no name of it is kept. Act on an account only where this is a string: a name that nobody has may
   * read like somebody's id, and `facts.accountLabel` does not tell them apart.
   */
  readonly account: AccountRef | null;
  /** Epoch ms on the store's clock when the delivery was taken: how old the event is. */
  readonly now: number;
}

/** Where events go: in-process listeners, a webhook, mail, or the application's own. */
export interface LockoutSink {
  /**
   * Part of the stored deliveries: one that changes leaves what waits under the old name behind. 1 to 32 of a-z, 0-9
   * and `-`.
   */
  readonly name: string;
  /** It cannot work without the plain account: start-up fails where the application keeps no labels (P10). */
  readonly needsLabels?: boolean;
  /**
   * Whether this event is for this sink. Asked when the event is written, in the path of a request, and by every process:
   * it decides by its arguments alone, at once, and does not throw.
   */
  wants(event: LockoutEvent, facts: RecordFacts): boolean;
  /** Whether this process can deliver now. Where not, what waits is left to other processes. Default: it can. */
  canDeliver?(): boolean;
  /**
   * Delivers. Resolved: done for good. Rejected: tried again later, unless with `DeliveryRefusedError` or
   * `DeliveryDelayedError`. `signal` aborts when the time is up; what comes after it is no longer heard.
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
}
