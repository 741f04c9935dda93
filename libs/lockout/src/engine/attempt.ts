import type { Settlement } from './settlement.js';

/** How an attempt ended. A first factor's success is not final: it only refunds (R11). */
export type Outcome =
  | { readonly type: 'success'; readonly final: boolean }
  | { readonly type: 'failure' }
  | { readonly type: 'abandoned' };

/**
 * One admitted try: its charge is made, so the credential may be verified. Settle it exactly once; the first settle
 * counts and later calls return its settlement. One that is never settled becomes a failure after the policy's
 * `attemptTimeoutMs` (2 min).
 */
export class Attempt {
  private settlement: Promise<Settlement> | null = null;

  constructor(
    /** Random, in logs only. */
    readonly id: string,
    /** Attempts that can still be verified after this one before a lock; null: nothing counts this one. */
    readonly remaining: number | null,
    private readonly settle: (outcome: Outcome) => Promise<Settlement>,
  ) {}

  get isSettled(): boolean {
    return this.settlement !== null;
  }

  /**
   * The credential was right. Sign the person in only if the settlement has no `refusal`.
   * `final` (default true): the sign-in is complete; false for a first factor.
   */
  succeed(options: { readonly final?: boolean } = {}): Promise<Settlement> {
    return this.once({ type: 'success', final: options.final ?? true });
  }

  /** The credential was wrong. */
  fail(): Promise<Settlement> {
    return this.once({ type: 'failure' });
  }

  /** The credential was not judged, by a fault of ours; refunds within the policy's allowance (R8). */
  abandon(): Promise<Settlement> {
    return this.once({ type: 'abandoned' });
  }

  private once(outcome: Outcome): Promise<Settlement> {
    this.settlement ??= this.settle(outcome);
    return this.settlement;
  }
}
