import type { ReplayLock, ReplayOutcome } from './replay-attempt.js';

/** One lock of a subject, as a bar of its timeline. */
export interface LockBar {
  readonly policy: string;
  /** Where the lock held, if it was not everywhere: the parts of its subject beside the row's own. */
  readonly only: string | null;
  readonly since: number;
  /** Null: it does not end. */
  readonly until: number | null;
  /** `true`: the policy does not enforce, so this lock refused nothing. */
  readonly monitor: boolean;
  /** Attempts it refused (others may have refused them too). */
  readonly refused: number;
  /** Of these, how many brought the right credential. */
  readonly turnedAway: number;
}

/** What would have happened to one account, or to one address (or whatever else a policy counts by). */
export interface LockRow {
  readonly realm: string;
  /** The account, or the subject of a policy without one: `address 192.0.2.1`. */
  readonly subject: string;
  /** Whether the application has such an account; null: no account. */
  readonly known: boolean | null;
  /** In the log. Of a subject that is no account only what its locks refused. */
  readonly attempts: number;
  readonly failures: number;
  /** Failures that would have been verified. */
  readonly guesses: number;
  readonly refused: number;
  readonly turnedAway: number;
  readonly locks: number;
  readonly indefinite: number;
  /** How long its timed locks last, added up. */
  readonly lockedMs: number;
  /** At most 300, in order of time. */
  readonly bars: readonly LockBar[];
  /** Locks without a bar. */
  readonly withoutBar: number;
}

/** Subjects that are told apart; what concerns further ones is only in the totals. */
export const MAX_SUBJECTS = 250_000;
/** Bars of one row: more cannot be told apart on a screen. */
const MAX_BARS_PER_ROW = 300;
/** Bars of all rows; past it only the rows with the most locks keep theirs. */
const MAX_BARS = 60_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Bar = Mutable<LockBar>;
type Row = Mutable<Omit<LockRow, 'bars' | 'withoutBar'>> & { bars: Bar[]; isOwner: boolean };

/** What a ledger can say of all its subjects. */
export interface LedgerTotals {
  readonly subjects: number;
  readonly locked: number;
  /** Accounts with a success in the log. */
  readonly owners: number;
  /** Of these, the ones whose right credential was refused at least once. */
  readonly ownersTurnedAway: number;
  /** Most failures at one account, in the log; and most that would have been verified. */
  readonly mostFailures: number;
  readonly mostGuesses: number;
  /** `false`: there were more than {@link MAX_SUBJECTS}, and the counts of subjects are lower bounds. */
  readonly complete: boolean;
}

const withoutOwn = ({ subject }: ReplayLock, own: string): string | null =>
  Object.entries(subject)
    .filter(([part]) => part !== own)
    .map(([part, text]) => `${part} ${text}`)
    .join(', ') || null;

/** Rows by subject, as many as fit. */
class Rows {
  /** By population first: realm, and what kind of subject. */
  private readonly populations = new Map<string, Map<string, Row>>();
  size = 0;
  /** Whether every subject has its row. */
  complete = true;

  of(realm: string, subject: string, known: boolean | null): Row | null {
    const population = `${known}\n${realm}`;
    let rows = this.populations.get(population);
    if (!rows) {
      rows = new Map();
      this.populations.set(population, rows);
    }
    const found = rows.get(subject);
    if (found) return found;
    if (this.size >= MAX_SUBJECTS) {
      this.complete = false;
      return null;
    }
    const attempts = { attempts: 0, failures: 0, guesses: 0, refused: 0, turnedAway: 0 };
    const locks = { locks: 0, indefinite: 0, lockedMs: 0, bars: [] };
    const row: Row = { realm, subject, known, ...attempts, ...locks, isOwner: false };
    rows.set(subject, row);
    this.size += 1;
    return row;
  }

  *all(): Generator<Row> {
    for (const rows of this.populations.values()) yield* rows.values();
  }

  /** The most locked first. */
  ranked(): Row[] {
    return [...this.all()]
      .filter((row) => row.locks > 0)
      .sort((a, b) => b.locks - a.locks || b.lockedMs - a.lockedMs || b.refused - a.refused);
  }
}

/** The accounts of a log and the other subjects that were locked, in bounded memory. */
export class LockLedger {
  private readonly accounts = new Rows();
  private readonly others = new Rows();
  /** As long as a lock can still refuse. */
  private readonly barOf = new WeakMap<ReplayLock, { readonly row: Row; readonly bar: Bar }>();
  private bars = 0;

  /** @param top rows that {@link topAccounts} and {@link topOthers} show. */
  constructor(private readonly top: number) {}

  add({ attempt, at, refusal, refusedBy, locks }: ReplayOutcome): void {
    const { account, known = true, realm = 'default', outcome } = attempt;
    const isRight = outcome === 'success' || outcome === 'first-factor';
    const row = this.accounts.of(realm, account, known);
    if (row) {
      row.attempts += 1;
      if (isRight) row.isOwner = true;
      if (outcome === 'failure') row.failures += 1;
      if (refusal) {
        row.refused += 1;
        if (isRight) row.turnedAway += 1;
      } else if (outcome === 'failure') row.guesses += 1;
    }
    for (const lock of refusedBy) {
      const found = this.barOf.get(lock);
      if (!found) continue;
      found.bar.refused += 1;
      if (isRight) found.bar.turnedAway += 1;
      // An account's row has counted the attempt already.
      if (found.row.known !== null) continue;
      found.row.attempts += 1;
      found.row.refused += 1;
      if (outcome === 'failure') found.row.failures += 1;
      if (isRight) found.row.turnedAway += 1;
    }
    for (const lock of locks) {
      const ofAccount = Object.hasOwn(lock.subject, 'account');
      const locked = ofAccount ? row : this.otherRow(lock);
      if (locked) this.addLock(locked, lock, ofAccount ? withoutOwn(lock, 'account') : null, at);
    }
    if (this.bars > MAX_BARS) this.forgetBars();
  }

  /** The accounts with the most locks, the most locked first. */
  topAccounts(): readonly LockRow[] {
    return this.topOf(this.accounts);
  }

  /** The same of addresses, devices and custom subjects that a policy counts by without an account. */
  topOthers(): readonly LockRow[] {
    return this.topOf(this.others);
  }

  totals(): LedgerTotals {
    const totals = {
      subjects: this.accounts.size,
      locked: 0,
      owners: 0,
      ownersTurnedAway: 0,
      mostFailures: 0,
      mostGuesses: 0,
    };
    for (const row of this.accounts.all()) {
      if (row.locks > 0) totals.locked += 1;
      if (row.isOwner) totals.owners += 1;
      if (row.turnedAway > 0) totals.ownersTurnedAway += 1;
      totals.mostFailures = Math.max(totals.mostFailures, row.failures);
      totals.mostGuesses = Math.max(totals.mostGuesses, row.guesses);
    }
    return { ...totals, complete: this.accounts.complete };
  }

  private otherRow(lock: ReplayLock): Row | null {
    const subject = withoutOwn(lock, '') ?? '';
    return this.others.of(lock.realm, subject, null);
  }

  private addLock(row: Row, lock: ReplayLock, only: string | null, at: number): void {
    const { policy, since, until } = lock;
    row.locks += 1;
    if (until === null) row.indefinite += 1;
    else row.lockedMs += until - at;
    const bar = { policy, only, since, until, monitor: lock.cause === 'monitor', refused: 0, turnedAway: 0 };
    this.barOf.set(lock, { row, bar });
    if (row.bars.length >= MAX_BARS_PER_ROW) return;
    row.bars.push(bar);
    this.bars += 1;
  }

  private topOf(rows: Rows): readonly LockRow[] {
    return rows
      .ranked()
      .slice(0, this.top)
      .map((row) => {
        const { isOwner: _isOwner, ...shown } = row;
        const bars = row.bars.map((bar) => ({ ...bar }));
        return { ...shown, bars, withoutBar: row.locks - bars.length };
      });
  }

  /** Keeps the bars of the rows that are likely to be shown. */
  private forgetBars(): void {
    this.bars = 0;
    const kept = Math.min(50, 2 * this.top);
    for (const rows of [this.accounts, this.others]) {
      for (const [rank, row] of rows.ranked().entries()) {
        if (rank >= kept) row.bars = [];
        this.bars += row.bars.length;
      }
    }
  }
}
