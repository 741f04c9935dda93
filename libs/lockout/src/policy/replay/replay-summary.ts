import { LockLedger, type LockRow } from './lock-ledger.js';
import type { ReplayOutcome } from './replay-attempt.js';
import { ReplaySeries, type SeriesReport } from './replay-series.js';

/** Attempts by what the log says of them. */
export interface AttemptCounts {
  readonly all: number;
  readonly success: number;
  readonly failure: number;
  readonly firstFactor: number;
  readonly abandoned: number;
}

/** What one policy would have done. */
export interface PolicyTotals {
  readonly policy: string;
  /** Attempts it would have refused as the strictest. */
  readonly refused: number;
  readonly locks: number;
  readonly indefinite: number;
  /** Longest timed lock. */
  readonly longestMs: number;
}

/**
 * What these policies would have done with a log. Plain JSON.
 *
 * *True owners*: a success in the log proves that somebody with the right credential was there. Where the policies
 * would have refused it, a true owner is **turned away**. The log cannot tell an owner from a thief who guessed right,
 * so that a break-in that the policies would have stopped is among them. A first factor's success counts too.
 *
 * *Guesses*: failures. A failure that the policies would have refused is a guess **prevented**: its credential would
 * not have been looked at.
 *
 * The log is taken as it is: nobody stops trying because of a lock, and nobody comes back after it.
 */
export interface ReplayReport {
  /** First and last attempt, epoch ms; null: there was none. */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly attempts: AttemptCounts;
  readonly refused: AttemptCounts;
  /** Attempts that no policy counts or could refuse. */
  readonly unwatched: number;
  readonly locks: {
    readonly total: number;
    readonly indefinite: number;
    /** Set by policies that do not enforce: they refuse nothing. */
    readonly monitor: number;
    readonly longestMs: number;
    /** How long the timed ones last, added up. */
    readonly totalMs: number;
    /** Locks that turned a true owner away. */
    readonly onOwners: number;
  };
  readonly accounts: {
    readonly seen: number;
    readonly locked: number;
    /** Accounts with a success in the log. */
    readonly owners: number;
    /** Of these, the ones whose owner would have been turned away at least once. */
    readonly ownersTurnedAway: number;
    /** `false`: these four are lower bounds (more than 250 000 accounts). */
    readonly complete: boolean;
  };
  readonly owners: {
    /** Right credentials that would have been refused. */
    readonly turnedAway: number;
    /** From the refusal to the end of the lock. */
    readonly longestWaitMs: number;
    readonly meanWaitMs: number;
    /** Refused by a lock without an end; not in the two waits. */
    readonly withoutEnd: number;
  };
  readonly guesses: {
    readonly verified: number;
    readonly prevented: number;
    /** Most failures at one account: in the log, and verified under these policies. */
    readonly mostAtOneAccount: number;
    readonly mostVerifiedAtOneAccount: number;
  };
  readonly policies: readonly PolicyTotals[];
  readonly topAccounts: readonly LockRow[];
  readonly topOthers: readonly LockRow[];
  readonly series: SeriesReport;
}

export interface SummaryOptions {
  /** Most locked accounts, and other subjects, to tell of. 1 to 1 000. Default 20. */
  readonly top?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const COUNT_OF = {
  success: 'success',
  failure: 'failure',
  'first-factor': 'firstFactor',
  abandoned: 'abandoned',
} as const;

const noAttempts = (): Mutable<AttemptCounts> => ({
  all: 0,
  success: 0,
  failure: 0,
  firstFactor: 0,
  abandoned: 0,
});

/** Adds up what a replay told, in bounded memory: 250 000 accounts, 240 intervals, the top rows. */
export class ReplaySummary {
  private readonly attempts = noAttempts();
  private readonly refused = noAttempts();
  private readonly policies = new Map<string, Mutable<PolicyTotals>>();
  private readonly locks = { total: 0, indefinite: 0, monitor: 0, longestMs: 0, totalMs: 0, onOwners: 0 };
  private readonly owners = { turnedAway: 0, longestWaitMs: 0, totalWaitMs: 0, withoutEnd: 0 };
  private readonly locksOnOwners = new WeakSet<object>();
  private readonly series = new ReplaySeries();
  private readonly ledger: LockLedger;
  private span: { from: number; to: number } | null = null;
  private unwatched = 0;

  /** @throws RangeError `top` is out of range. */
  constructor({ top = 20 }: SummaryOptions = {}) {
    if (!Number.isInteger(top) || top < 1 || top > 1000)
      throw new RangeError(`top must be a whole number from 1 to 1000; it is ${top}.`);
    this.ledger = new LockLedger(top);
  }

  add(told: ReplayOutcome): void {
    const { attempt, at, refusal, refusedBy } = told;
    const isRight = attempt.outcome === 'success' || attempt.outcome === 'first-factor';
    const count = COUNT_OF[attempt.outcome];
    this.span = { from: this.span?.from ?? at, to: at };
    this.attempts.all += 1;
    this.attempts[count] += 1;
    if (!told.watched) this.unwatched += 1;
    if (refusal) {
      this.refused.all += 1;
      this.refused[count] += 1;
      this.totalsOf(refusal.policy).refused += 1;
      if (isRight) this.turnAway(told, refusal.retryAt);
    }
    if (isRight) {
      for (const lock of refusedBy) {
        if (this.locksOnOwners.has(lock)) continue;
        this.locksOnOwners.add(lock);
        this.locks.onOwners += 1;
      }
    }
    this.series.add(at, refusal !== null, isRight, attempt.outcome === 'failure');
    for (const lock of told.locks)
      this.addLock(lock.policy, lock.since, lock.until, lock.cause === 'monitor');
    this.ledger.add(told);
  }

  report(): ReplayReport {
    const { subjects, locked, owners, ownersTurnedAway, mostFailures, mostGuesses, complete } =
      this.ledger.totals();
    const { turnedAway, longestWaitMs, totalWaitMs, withoutEnd } = this.owners;
    const waited = turnedAway - withoutEnd;
    return {
      span: this.span,
      attempts: { ...this.attempts },
      refused: { ...this.refused },
      unwatched: this.unwatched,
      locks: { ...this.locks },
      accounts: { seen: subjects, locked, owners, ownersTurnedAway, complete },
      owners: {
        turnedAway,
        longestWaitMs,
        meanWaitMs: waited === 0 ? 0 : Math.round(totalWaitMs / waited),
        withoutEnd,
      },
      guesses: {
        verified: this.attempts.failure - this.refused.failure,
        prevented: this.refused.failure,
        mostAtOneAccount: mostFailures,
        mostVerifiedAtOneAccount: mostGuesses,
      },
      policies: [...this.policies.values()].map((totals) => ({ ...totals })),
      topAccounts: this.ledger.topAccounts(),
      topOthers: this.ledger.topOthers(),
      series: this.series.report(),
    };
  }

  private turnAway({ at }: ReplayOutcome, retryAt: number | null): void {
    this.owners.turnedAway += 1;
    if (retryAt === null) this.owners.withoutEnd += 1;
    else {
      this.owners.totalWaitMs += retryAt - at;
      this.owners.longestWaitMs = Math.max(this.owners.longestWaitMs, retryAt - at);
    }
  }

  private addLock(policy: string, since: number, until: number | null, monitor: boolean): void {
    const totals = this.totalsOf(policy);
    this.locks.total += 1;
    totals.locks += 1;
    if (monitor) this.locks.monitor += 1;
    else this.series.addLock(since, until);
    if (until === null) {
      this.locks.indefinite += 1;
      totals.indefinite += 1;
      return;
    }
    this.locks.totalMs += until - since;
    this.locks.longestMs = Math.max(this.locks.longestMs, until - since);
    totals.longestMs = Math.max(totals.longestMs, until - since);
  }

  private totalsOf(policy: string): Mutable<PolicyTotals> {
    const known = this.policies.get(policy);
    if (known) return known;
    const totals = { policy, refused: 0, locks: 0, indefinite: 0, longestMs: 0 };
    this.policies.set(policy, totals);
    return totals;
  }
}
