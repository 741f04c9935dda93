import { describe, expect, test } from '@jest/globals';
import { definePolicies } from '../define-policy.js';
import { minutes } from '../duration.js';
import type { PolicyInput } from '../policy.js';
import { contentstack, outSystems } from '../presets/index.js';
import type { ReplayAttempt, ReplayOutcome } from './replay-attempt.js';
import { ReplaySummary } from './replay-summary.js';
import { whatIf } from './what-if.js';

const fixed = (input: Partial<PolicyInput> = {}) =>
  definePolicies([
    {
      name: 'account',
      threshold: 3,
      schedule: { kind: 'fixed', durationMs: minutes(5) },
      ...input,
    } as PolicyInput,
  ]);

const line = (at: number, outcome: ReplayAttempt['outcome'], account = 'alice', address = '192.0.2.1') => ({
  at,
  outcome,
  account,
  address,
});

/** Alice is guessed at, and comes twice meanwhile; Bob mistypes once; Carol is only guessed at. */
const LOG: readonly ReplayAttempt[] = [
  line(0, 'success', 'bob'),
  line(1, 'failure', 'bob'),
  line(2, 'success', 'bob'),
  ...[10, 11, 12].map((at) => line(at, 'failure')),
  ...[13, 14].map((at) => line(at, 'failure')),
  line(12 + minutes(2), 'success'),
  line(12 + minutes(4), 'first-factor'),
  line(12 + minutes(5), 'success'),
  ...[1, 2, 3].map((n) => line(minutes(6) + n, 'failure', 'carol')),
  line(minutes(7), 'abandoned', 'carol'),
];

describe('what a log would have been under other policies', () => {
  const reported = () => whatIf(LOG, { policies: fixed() });

  test('counts attempts by the log’s outcomes, all and refused', () => {
    const report = reported();
    expect(report.span).toEqual({ from: 0, to: minutes(7) });
    expect(report.attempts).toEqual({ all: 15, success: 4, failure: 9, firstFactor: 1, abandoned: 1 });
    expect(report.refused).toEqual({ all: 5, success: 1, failure: 2, firstFactor: 1, abandoned: 1 });
    expect(report.guesses).toEqual({
      verified: 7,
      prevented: 2,
      mostAtOneAccount: 5,
      mostVerifiedAtOneAccount: 3,
    });
  });

  test('a right credential that is refused is a true owner turned away, by a lock that met one', () => {
    const report = reported();
    expect(report.owners).toEqual({
      turnedAway: 2,
      longestWaitMs: minutes(3),
      meanWaitMs: minutes(2),
      withoutEnd: 0,
    });
    expect(report.accounts).toEqual({ seen: 3, locked: 2, owners: 2, ownersTurnedAway: 1, complete: true });
    expect(report.locks).toEqual({
      total: 2,
      indefinite: 0,
      monitor: 0,
      longestMs: minutes(5),
      totalMs: minutes(10),
      onOwners: 1,
    });
  });

  test('shows the most locked accounts with a bar for each lock', () => {
    const report = reported();
    expect(report.topAccounts.map(({ subject }) => subject).sort()).toEqual(['alice', 'carol']);
    expect(report.topAccounts.find(({ subject }) => subject === 'alice')).toEqual({
      realm: 'default',
      subject: 'alice',
      known: true,
      attempts: 8,
      failures: 5,
      guesses: 3,
      refused: 4,
      turnedAway: 2,
      locks: 1,
      indefinite: 0,
      lockedMs: minutes(5),
      bars: [
        {
          policy: 'account',
          only: null,
          since: 12,
          until: 12 + minutes(5),
          monitor: false,
          refused: 4,
          turnedAway: 2,
        },
      ],
      withoutBar: 0,
    });
    expect(report.topOthers).toEqual([]);
    expect(report.policies).toEqual([
      { policy: 'account', refused: 5, locks: 2, indefinite: 0, longestMs: minutes(5) },
    ]);
  });

  test('is plain JSON', () => {
    const report = reported();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('without attempts says that there were none', () => {
    expect(whatIf([], { policies: fixed() })).toMatchObject({
      span: null,
      attempts: { all: 0 },
      topAccounts: [],
    });
  });

  test('a lock without an end keeps its owner waiting without one', () => {
    const attempts = [...Array(10).keys()].map((n) => line(n * minutes(30), 'failure'));
    const told = whatIf([...attempts, line(minutes(400), 'success')], { policies: contentstack() });
    expect(told.locks).toMatchObject({ total: 6, indefinite: 1, longestMs: minutes(25) });
    expect(told.owners).toEqual({ turnedAway: 1, longestWaitMs: 0, meanWaitMs: 0, withoutEnd: 1 });
    expect(told.topAccounts[0]?.bars.at(-1)).toMatchObject({ until: null, turnedAway: 1 });
  });

  test('locks of a policy that only watches are told apart and turn nobody away', () => {
    const told = whatIf(LOG, { policies: fixed({ enforce: false }) });
    expect(told.locks).toMatchObject({ total: 2, monitor: 2, onOwners: 0 });
    expect(told.refused.all).toBe(0);
    expect(told.topAccounts[0]?.bars[0]).toMatchObject({ monitor: true, refused: 0 });
    expect(Math.max(...told.series.inForce)).toBe(0);
  });

  test('addresses that are locked have their own rows, and a bar says where its lock held', () => {
    const spray = [...Array(30).keys()].map((n) => line(n, 'failure', `user-${n % 15}`));
    const told = whatIf([...spray, line(40, 'success', 'dave')], { policies: outSystems() });
    expect(told.topOthers).toMatchObject([
      { subject: 'address 192.0.2.1', known: null, locks: 1, refused: 11, turnedAway: 1, attempts: 11 },
    ]);
    const pair = whatIf(LOG, { policies: outSystems() }).topAccounts[0]?.bars[0];
    expect(pair?.only).toBe('address 192.0.2.1');
  });

  test('counts what no policy watches', () => {
    const told = whatIf(LOG, { policies: fixed({ counts: ['otp'] }) });
    expect(told.unwatched).toBe(15);
    expect(told.locks.total).toBe(0);
  });

  test('shows as many rows as asked for, most locked first', () => {
    const many = [...Array(40).keys()].flatMap((n) =>
      [...Array(3 * (1 + (n % 4))).keys()].map((k) =>
        line(minutes(1000 * n + 10 * k), 'failure', `user-${n}`),
      ),
    );
    const told = whatIf(many, { policies: fixed({ afterLock: 'fresh-budget' }), top: 5 });
    expect(told.topAccounts.map(({ locks }) => locks)).toEqual([4, 4, 4, 4, 4]);
    expect(told.accounts.locked).toBe(40);
  });

  test('shows 1 to 1000 rows, whole ones', () => {
    for (const top of [0, -1, 1001, 1.5, Number.NaN])
      expect(() => new ReplaySummary({ top })).toThrow(
        new RangeError(`top must be a whole number from 1 to 1000; it is ${top}.`),
      );
    for (const top of [1, 1000]) expect(new ReplaySummary({ top }).report().topAccounts).toEqual([]);
    const users = [...Array(30).keys()].map((n) => line(n, 'failure', `user-${n}`));
    const policies = fixed({ threshold: 1 });
    expect(whatIf(users, { policies }).topAccounts).toHaveLength(20);
    expect(whatIf(users, { policies, top: 1 }).topAccounts).toHaveLength(1);
  });

  test('adds up by policy, of whom the strictest refused, and owners and waits over all of them', () => {
    const policies = definePolicies([
      { name: 'account', threshold: 2, schedule: { kind: 'fixed', durationMs: minutes(5) } },
      {
        name: 'address',
        threshold: 6,
        scope: ['address'],
        schedule: { kind: 'fixed', durationMs: minutes(60) },
      },
      {
        name: 'device',
        threshold: 1,
        scope: ['device'],
        window: { kind: 'idle', durationMs: minutes(1) },
        schedule: { kind: 'indefinite' },
      },
    ]);
    const log: ReplayAttempt[] = [
      line(1000, 'success', 'dave'),
      ...[2000, 2001].map((at) => line(at, 'failure', 'alice')),
      line(2000 + minutes(1), 'success', 'alice'),
      line(2001 + minutes(4), 'first-factor', 'alice'),
      line(2001 + minutes(4), 'failure', 'alice'),
      line(2002 + minutes(4), 'abandoned', 'alice'),
      ...[1, 2].map((n) => line(minutes(5) + n, 'failure', 'bob')),
      ...[1, 2].map((n) => line(minutes(6) + n, 'failure', 'carol')),
      line(minutes(36), 'success', 'bob'),
      { ...line(minutes(40), 'failure', 'eve', '192.0.2.9'), device: 'phone' },
      { ...line(minutes(50), 'success', 'frank', '192.0.2.9'), device: 'phone' },
    ];
    const told = whatIf(log, { policies });
    expect(told.span).toEqual({ from: 1000, to: minutes(50) });
    expect(told.attempts).toEqual({ all: 14, success: 4, failure: 8, firstFactor: 1, abandoned: 1 });
    expect(told.refused).toEqual({ all: 6, success: 3, failure: 1, firstFactor: 1, abandoned: 1 });
    expect(told.unwatched).toBe(0);
    // Alice waits 4 min and 1 ms, and 1 min; Bob 30 min and 2 ms; Frank for ever.
    expect(told.owners).toEqual({
      turnedAway: 4,
      longestWaitMs: minutes(30) + 2,
      meanWaitMs: (minutes(35) + 3) / 3,
      withoutEnd: 1,
    });
    expect(told.locks).toEqual({
      total: 5,
      indefinite: 1,
      monitor: 0,
      longestMs: minutes(60),
      totalMs: minutes(75),
      onOwners: 3,
    });
    expect(told.accounts).toEqual({ seen: 6, locked: 3, owners: 4, ownersTurnedAway: 3, complete: true });
    expect(told.guesses).toEqual({
      verified: 7,
      prevented: 1,
      mostAtOneAccount: 3,
      mostVerifiedAtOneAccount: 2,
    });
    expect(told.policies).toEqual([
      { policy: 'account', refused: 4, locks: 3, indefinite: 0, longestMs: minutes(5) },
      { policy: 'address', refused: 1, locks: 1, indefinite: 0, longestMs: minutes(60) },
      { policy: 'device', refused: 1, locks: 1, indefinite: 1, longestMs: 0 },
    ]);
    const { attempts, guesses, refused, turnedAway, inForce } = told.series;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect([attempts, guesses, refused, turnedAway].map(sum)).toEqual([14, 7, 6, 4]);
    // At the end the address is locked, and the device.
    expect(inForce.at(-1)).toBe(2);
  });
});

describe('the memory of a summary is bounded', () => {
  /** A lock a minute at one account; every second line refuses somebody. */
  const told = (n: number, account: string): ReplayOutcome => ({
    attempt: line(n, 'failure', account),
    at: n,
    refusal: null,
    refusedBy: [],
    watched: true,
    remaining: 0,
    events: [],
    locks: [
      {
        policy: 'account',
        realm: 'default',
        subject: { account },
        since: n,
        until: n + 1000,
        cause: 'failures',
        failures: 3,
        escalation: 1,
      },
    ],
  });

  test('an account with very many locks has 300 bars, and the number of the others', () => {
    const summary = new ReplaySummary();
    for (let n = 0; n < 1000; n += 1) summary.add(told(n, 'alice'));
    expect(summary.report().topAccounts[0]).toMatchObject({ locks: 1000, withoutBar: 700 });
    expect(summary.report().topAccounts[0]?.bars).toHaveLength(300);
  });

  test('the most locked keep their bars when there are too many', () => {
    const summary = new ReplaySummary({ top: 3 });
    for (let n = 0; n < 65_000; n += 1) summary.add(told(n, n % 20 === 0 ? `often-${n % 3}` : `user-${n}`));
    const { topAccounts, locks, accounts } = summary.report();
    expect(topAccounts.map(({ subject }) => subject).sort()).toEqual(['often-0', 'often-1', 'often-2']);
    expect(topAccounts.map(({ bars }) => bars.length)).toEqual([300, 300, 300]);
    expect(locks.total).toBe(65_000);
    expect(accounts.locked).toBe(61_753);
  });

  test('of many rows only the first fifty keep all their bars', () => {
    const summary = new ReplaySummary({ top: 100 });
    for (let n = 0; n < 66_000; n += 1) summary.add(told(n, `user-${n % 300}`));
    const { topAccounts } = summary.report();
    expect(topAccounts.map(({ locks }) => locks)).toEqual(Array(100).fill(220));
    expect(topAccounts.filter(({ withoutBar }) => withoutBar === 0)).toHaveLength(50);
  });
});
