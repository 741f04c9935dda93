import type { Method } from './policy.js';

/** Who did it, and why: recorded with the event. */
export interface Actor {
  readonly by: string;
  readonly reason: string;
}

/** How a lock came to be lifted before its end. */
export type UnlockVia = 'admin' | 'password-reset' | 'link';

/** What happened at one key, imperative. */
export type Input =
  /** An attempt wants to be verified. `from`: tag of its address. Charging the same id twice charges once. */
  | { readonly type: 'charge'; readonly id: string; readonly method: Method; readonly from?: string }
  /** Takes a charge back because another key of the same attempt refused (R16). */
  | { readonly type: 'withdraw'; readonly id: string }
  | { readonly type: 'fail'; readonly id: string }
  /** `seq`: what the charge saw. `final: false`: a first factor; refunds only (R11). */
  | {
      readonly type: 'succeed';
      readonly id: string;
      readonly method: Method;
      readonly seq: number;
      readonly final: boolean;
      readonly from?: string;
    }
  /** The verifier failed, not the person: refunds within the allowance (R8). */
  | { readonly type: 'abandon'; readonly id: string }
  /** A sign-in of several factors is complete: clears what a final success of this method would (R11). */
  | { readonly type: 'complete'; readonly method: Method; readonly from?: string }
  /** `manualLock`: whether an administrator's lock on the account is in force (R14). */
  | { readonly type: 'reset-password'; readonly actor: Actor; readonly manualLock: boolean }
  /** `since`: lifts only the lock that began then; for a `link`, which is bound to one lock (R45). */
  | {
      readonly type: 'unlock';
      readonly via: UnlockVia;
      readonly actor: Actor;
      readonly since?: number;
    }
  | { readonly type: 'lock'; readonly until: number | null; readonly actor: Actor }
  /** Time passed: ended locks and presumed failures are folded in (R3, R12). */
  | { readonly type: 'tick' };
