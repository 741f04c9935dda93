import type { UnlockVia } from './input.js';
import type { LockCause } from './state.js';

/** What stood before it was lifted or cleared; kept in the record of who did it. */
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

/**
 * What a lock was to the lockouts in a row before it.
 *
 * - `locked`: the first in a row, or one that is no step of a row: set by an administrator, or by a quick failure alone
 * - `relocked`: again, not for longer than the lock before it
 * - `escalated`: again, for longer than the lock before it
 * - `made-indefinite`: until unlocked, whatever came before; so just where `until` is null
 *
 * The lock before is reckoned by the policy's schedule as it is now, from the count before this failure, without what a
 * quick failure adds.
 */
export type LockChange = 'locked' | 'relocked' | 'escalated' | 'made-indefinite';

/** What cleared a count: a final success, the last factor of several, a completed password reset, or an unlock. */
export type ClearedVia = 'success' | 'completed' | 'password-reset' | 'unlock';

/** What an administrator did that is no change of a lock or a policy. */
export type AdministeredAction = 'erase' | 'retry-deliveries' | 'drop-deliveries';

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
      /** Absent in records of releases before 0.5. */
      readonly change?: LockChange;
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
  | { readonly type: 'refund-refused'; readonly at: number; readonly failures: number }
  /** A standing count or escalation went without a lock being lifted. Nothing stood: no event. */
  | {
      readonly type: 'cleared';
      readonly at: number;
      readonly via: ClearedVia;
      /** A lock in it is one that watches only (cause `monitor`) and goes on: a success lifts none. */
      readonly before: StateBefore;
      /** Failures in a row before: also those that the window counts no more, while the record remembers them. */
      readonly consecutive: number;
      /** What still stands: failures that came later, from elsewhere, or that the policy keeps. Absent: nothing. */
      readonly left?: { readonly failures: number; readonly escalation: number };
      /** Whose success it was; see `locked`. */
      readonly origin?: EventOrigin;
      /** Who did it, and why; only where somebody did: `password-reset` and `unlock`. */
      readonly by?: string;
      readonly reason?: string;
    }
  /**
   * A sign-in after many failures: the owner may have remembered, or a guesser may have found it. From
   * `notify.successAfter` failures in a row on; comes right before the `cleared` that tells what went.
   */
  | {
      readonly type: 'succeeded-after-failures';
      readonly at: number;
      /** Failures in a row that this success ended; of which, see `cleared.consecutive`. */
      readonly failures: number;
      readonly origin?: EventOrigin;
    }
  /** A policy was saved or (`deleted`) taken back to what the code says. Of no account. */
  | {
      readonly type: 'policy-changed';
      readonly at: number;
      readonly policy: string;
      /** Null: the policy of all brands. */
      readonly brand: string | null;
      /** The saved policy's, from 1. */
      readonly version: number;
      readonly by: string;
      readonly reason: string;
      readonly deleted: boolean;
    }
  /** An administrator did something else that has to be known later. */
  | {
      readonly type: 'administered';
      readonly at: number;
      readonly action: AdministeredAction;
      readonly by: string;
      readonly reason: string;
      /** Events that were stripped, or deliveries that were sent again or dropped. */
      readonly count: number;
    };

export type LockoutEventType = LockoutEvent['type'];
