import type { UnlockVia } from './input.js';
import type { LockCause } from './state.js';

/** What stood before an unlock; kept in the record of who lifted it. */
export interface StateBefore {
  readonly failures: number;
  readonly escalation: number;
  readonly since: number | null;
  readonly until: number | null;
  readonly cause: LockCause | null;
}

/** Which attempt failed and where it came from, as the application told; only where it keeps labels (P10). */
export interface EventOrigin {
  /** The attempt's id: events of several policies that carry the same one are of one failure. */
  readonly attempt?: string;
  /** The account that was tried, also where the policy counts by address alone. */
  readonly account?: string;
  readonly address?: string;
  readonly device?: string;
  /** At most 512 characters. */
  readonly userAgent?: string;
}

/** What resulted, past tense. `at` is epoch ms on the store's clock. */
export type LockoutEvent =
  | {
      readonly type: 'locked';
      readonly at: number;
      /** Epoch ms; null: until unlocked. */
      readonly until: number | null;
      readonly cause: LockCause;
      /** The count at the failure that locked. */
      readonly failures: number;
      /** Which lockout in a row this is, from 1. */
      readonly escalation: number;
      readonly step: number;
      /** When the failure before was, epoch ms; null: none counts any more. Absent: an administrator locked. */
      readonly previousFailureAt?: number | null;
      readonly origin?: EventOrigin;
      readonly by?: string;
      readonly reason?: string;
    }
  /** A lock ended by itself; `at` is its end. */
  | { readonly type: 'expired'; readonly at: number }
  | {
      readonly type: 'unlocked';
      readonly at: number;
      readonly via: UnlockVia;
      readonly by: string;
      readonly reason: string;
      readonly before: StateBefore;
    }
  /** A failure that did not lock, from `notify.from` on. */
  | {
      readonly type: 'failed';
      readonly at: number;
      readonly failures: number;
      /** As in `locked`. Absent in records of releases before 0.2. */
      readonly previousFailureAt?: number | null;
      readonly origin?: EventOrigin;
    }
  /** Refunds ran out: a fault of ours was counted as a failure (R8). */
  | { readonly type: 'refund-refused'; readonly at: number; readonly failures: number };

export type LockoutEventType = LockoutEvent['type'];
