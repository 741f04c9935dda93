import { describe, expect, test } from '@jest/globals';
import { LockLedger, MAX_SUBJECTS } from './lock-ledger.js';
import type { ReplayAttempt, ReplayLock, ReplayOutcome, ReplayRefusal } from './replay-attempt.js';

const lockOf = (subject: Readonly<Record<string, string>>, given: Partial<ReplayLock> = {}): ReplayLock => ({
  policy: 'account',
  realm: 'default',
  subject,
  since: 0,
  until: 1000,
  cause: 'failures',
  failures: 3,
  escalation: 1,
  ...given,
});

const REFUSAL: ReplayRefusal = { reason: 'locked', retryAt: 1000, policy: 'account', cause: 'failures' };

/** What a replay tells of one attempt: the locks it set, or the ones that refused it. */
const told = (
  attempt: Partial<ReplayAttempt>,
  { locks = [], refusedBy = [] }: { locks?: readonly ReplayLock[]; refusedBy?: readonly ReplayLock[] } = {},
): ReplayOutcome => ({
  attempt: { at: 0, account: 'alice', outcome: 'failure', ...attempt },
  at: attempt.at ?? 0,
  refusal: refusedBy.length > 0 ? REFUSAL : null,
  refusedBy,
  watched: true,
  remaining: null,
  locks,
  events: [],
});

describe('the ledger of who was locked', () => {
  test('counts at an account what the log says, what was verified, refused, and turned away', () => {
    const ledger = new LockLedger(5);
    const lock = lockOf({ account: 'alice' });
    ledger.add(told({ outcome: 'success' }));
    ledger.add(told({ outcome: 'failure' }));
    ledger.add(told({ outcome: 'abandoned' }));
    ledger.add(told({ outcome: 'failure' }, { locks: [lock] }));
    for (const outcome of ['failure', 'failure', 'failure', 'success', 'first-factor', 'abandoned'] as const)
      ledger.add(told({ outcome }, { refusedBy: [lock] }));
    expect(ledger.topAccounts()).toEqual([
      {
        realm: 'default',
        subject: 'alice',
        known: true,
        attempts: 10,
        failures: 5,
        guesses: 2,
        refused: 6,
        turnedAway: 2,
        locks: 1,
        indefinite: 0,
        lockedMs: 1000,
        bars: [
          { policy: 'account', only: null, since: 0, until: 1000, monitor: false, refused: 6, turnedAway: 2 },
        ],
        withoutBar: 0,
      },
    ]);
    expect(ledger.topOthers()).toEqual([]);
  });

  test('gives an address its own row, of what its locks refused', () => {
    const ledger = new LockLedger(5);
    const address = lockOf({ address: '192.0.2.1' }, { policy: 'address', cause: 'monitor' });
    const pair = lockOf({ account: 'alice', address: '192.0.2.1', device: 'phone' }, { until: null });
    ledger.add(told({}, { locks: [address, pair] }));
    ledger.add(told({ outcome: 'failure' }, { refusedBy: [address, pair] }));
    ledger.add(told({ outcome: 'failure', account: 'bob' }, { refusedBy: [address] }));
    ledger.add(told({ outcome: 'failure', account: 'bob' }, { refusedBy: [address] }));
    ledger.add(told({ outcome: 'first-factor', account: 'bob' }, { refusedBy: [address] }));
    ledger.add(told({ outcome: 'abandoned', account: 'bob' }, { refusedBy: [address] }));
    // Refused by a lock from before the ledger: nobody's bar.
    ledger.add(told({ account: 'bob' }, { refusedBy: [lockOf({ address: '192.0.2.1' })] }));
    const counts = { attempts: 5, failures: 3, guesses: 0, refused: 5, turnedAway: 1 };
    const bar = { since: 0, refused: 5, turnedAway: 1 };
    expect(ledger.topOthers()).toEqual([
      {
        realm: 'default',
        subject: 'address 192.0.2.1',
        known: null,
        ...counts,
        locks: 1,
        indefinite: 0,
        lockedMs: 1000,
        bars: [{ ...bar, policy: 'address', only: null, until: 1000, monitor: true }],
        withoutBar: 0,
      },
    ]);
    expect(ledger.topAccounts()).toMatchObject([
      {
        subject: 'alice',
        attempts: 2,
        failures: 2,
        guesses: 1,
        refused: 1,
        locks: 1,
        indefinite: 1,
        lockedMs: 0,
        bars: [
          { only: 'address 192.0.2.1, device phone', until: null, monitor: false, refused: 1, turnedAway: 0 },
        ],
      },
    ]);
  });

  test('keeps realms and names that nobody has apart', () => {
    const ledger = new LockLedger(5);
    const own = { account: 'alice' };
    for (const [n, given] of [
      {},
      { known: false },
      { realm: 'staff' },
      { known: true, realm: 'default' },
    ].entries())
      ledger.add(told({ at: n, ...given }, { locks: [lockOf(own, { since: n, until: 1000 * (n + 1) })] }));
    const rows = ledger.topAccounts();
    expect(rows.map(({ known, realm, attempts }) => [known, realm, attempts])).toEqual([
      [true, 'default', 2],
      [true, 'staff', 1],
      [false, 'default', 1],
    ]);
    expect(ledger.totals().subjects).toBe(3);
  });

  test('ranks by locks, then by how long they last, then by what they refused, and leaves out who has none', () => {
    const ledger = new LockLedger(5);
    const play = (account: string, lengths: readonly number[], refused: number) => {
      const locks = lengths.map((until) => lockOf({ account }, { until }));
      for (const lock of locks) ledger.add(told({ account }, { locks: [lock] }));
      for (let n = 0; n < refused; n += 1) ledger.add(told({ account }, { refusedBy: locks.slice(0, 1) }));
    };
    play('none', [], 0);
    play('one-short', [10], 9);
    play('one-long-few', [500], 1);
    play('two-short', [20, 20], 0);
    play('one-long-many', [500], 4);
    play('two-long', [20, 30], 0);
    play('none-either', [], 0);
    const order = ['two-long', 'two-short', 'one-long-many', 'one-long-few', 'one-short'];
    expect(ledger.topAccounts().map(({ subject }) => subject)).toEqual(order);
    expect(ledger.topAccounts().map(({ lockedMs }) => lockedMs)).toEqual([50, 40, 500, 500, 10]);
  });

  test('adds up all accounts, locked or not', () => {
    const ledger = new LockLedger(1);
    expect(ledger.totals()).toEqual({
      subjects: 0,
      locked: 0,
      owners: 0,
      ownersTurnedAway: 0,
      mostFailures: 0,
      mostGuesses: 0,
      complete: true,
    });
    const lock = lockOf({ account: 'alice' });
    ledger.add(told({}, { locks: [lock] }));
    for (const outcome of ['failure', 'failure', 'success'] as const)
      ledger.add(told({ outcome }, { refusedBy: [lock] }));
    for (const account of ['bob', 'bob', 'carol']) ledger.add(told({ account }));
    ledger.add(told({ account: 'bob', outcome: 'first-factor' }));
    ledger.add(told({ account: 'dave', outcome: 'abandoned' }));
    expect(ledger.totals()).toEqual({
      subjects: 4,
      locked: 1,
      owners: 2,
      ownersTurnedAway: 1,
      mostFailures: 3,
      mostGuesses: 2,
      complete: true,
    });
  });

  test('forgets bars again and again, of whoever is not likely to be shown, once there are more than 60 000', () => {
    const ledger = new LockLedger(300);
    const bars = () => ledger.topAccounts().map((row) => row.bars.length);
    const round = (from: number, rounds: number) => {
      for (let n = 0; n < 300 * rounds; n += 1) {
        const account = `user-${n % 300}`;
        const at = from + Math.floor(n / 300);
        ledger.add(told({ account, at }, { locks: [lockOf({ account }, { since: at, until: at + 1 })] }));
      }
    };
    round(0, 200);
    expect(bars()).toEqual(Array(300).fill(200));
    // The 60 001st leaves fifty rows theirs; these are full with 300, the others begin anew.
    round(200, 180);
    expect(bars()).toEqual([...Array(50).fill(300), ...Array(250).fill(180)]);
    round(380, 1);
    // Again at the first bar past 60 000, which goes with them.
    expect(bars()).toEqual([...Array(50).fill(300), 0, ...Array(249).fill(1)]);
  });

  test('an account beyond those it tells apart is in no row', () => {
    const ledger = new LockLedger(1);
    for (let n = 0; n < MAX_SUBJECTS; n += 1) ledger.add(told({ account: `user-${n}` }));
    expect(ledger.totals()).toMatchObject({ subjects: MAX_SUBJECTS, complete: true });
    const late = lockOf({ account: 'late' });
    ledger.add(told({ account: 'late' }, { locks: [late] }));
    ledger.add(told({ account: 'late', outcome: 'success' }, { refusedBy: [late] }));
    ledger.add(told({ account: 'user-0' }, { locks: [lockOf({ account: 'user-0' })] }));
    expect(ledger.totals()).toMatchObject({ subjects: MAX_SUBJECTS, locked: 1, owners: 0, complete: false });
    expect(ledger.topAccounts()).toMatchObject([{ subject: 'user-0', attempts: 2 }]);
  });
});
