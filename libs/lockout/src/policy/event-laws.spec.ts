import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy, anySignIns } from '../testing/arbitraries.js';
import { type Played, playHistory, type Step } from '../testing/history.js';
import { assertLaw } from '../testing/law.js';
import type { LockoutEvent } from './event.js';
import { withoutCharge } from './failure.js';
import type { LockoutPolicy } from './policy.js';
import { firstLockingCount } from './schedule.js';
import type { Lock, LockoutState } from './state.js';
import { transition } from './transition.js';
import { remember } from './window.js';

type Told<T extends LockoutEvent['type']> = Extract<LockoutEvent, { type: T }>;

const only = <T extends LockoutEvent['type']>(type: T, events: readonly LockoutEvent[]) =>
  events.filter((event): event is Told<T> => event.type === type);

const VIA: Readonly<Record<string, string>> = {
  succeed: 'success',
  complete: 'completed',
  'reset-password': 'password-reset',
  unlock: 'unlock',
};

/** What an input found and what it left, with everything forgotten that is forgotten at its moment. */
function around(policy: LockoutPolicy, { input, now, before, after }: Played) {
  const at = Math.max(now, before?.updatedAt ?? 0);
  const ticked = transition(policy, before, { type: 'tick' }, now);
  // Its own charge is settled first, and may have been all that kept the record.
  const settles = 'id' in input && input.type !== 'charge';
  const own = settles ? withoutCharge(ticked.state, input.id) : ticked.state;
  return {
    at,
    found: remember(policy, own, at),
    left: remember(policy, after.state, at),
    /** What the input itself made. */
    events: after.events.slice(ticked.events.length),
  };
}

const beforeOf = ({ failures, escalation, lock }: LockoutState) => ({
  failures,
  escalation,
  since: lock?.since ?? null,
  until: lock?.until ?? null,
  cause: lock?.cause ?? null,
});

/** What tells one lock from another. */
const lockText = (lock: Omit<Lock, 'step'> | null) => lock && `${lock.cause} ${lock.since} ${lock.until}`;

/** The lock that stands after these events, by what they say; throws for one that tells of nothing. */
function lockAfter(events: readonly LockoutEvent[]): string | null {
  let lock: Omit<Lock, 'step'> | null = null;
  for (const event of events) {
    if (event.type === 'locked') lock = { since: event.at, until: event.until, cause: event.cause };
    if (event.type !== 'expired' && event.type !== 'unlocked') continue;
    if (event.type === 'expired') expect(event.at).toBe(lock?.until);
    else expect(event.before).toMatchObject({ ...lock });
    expect(lock).not.toBeNull();
    lock = null;
  }
  return lockText(lock);
}

const RUNS = 500;

describe('the events of a record, whatever the policy and the history', () => {
  test('tell every change of its lock, each once: read one after the other they say which lock stands', () => {
    let changes = 0;
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      const { events, state } = playHistory(policy, history);
      expect(lockAfter(events)).toBe(lockText(state.lock));
      changes += only('locked', events).length;
    };
    const runs = assertLaw([anyPolicy(), anySignIns()], law, RUNS);
    expect(changes).toBeGreaterThan(runs / 2);
  });

  test('tell what fell by anything but time: a lifted lock, or else what was cleared, and what is left', () => {
    let told = 0;
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      for (const played of playHistory(policy, history).steps) {
        const { at, found, left, events } = around(policy, played);
        const { failures, escalation, consecutive } = left;
        const [cleared, ...more] = only('cleared', events);
        const [unlocked] = only('unlocked', events);
        const isLifted = found.lock !== null && left.lock === null;
        const hasFallen = consecutive < found.consecutive || escalation < found.escalation;
        // A lock that begins with a fresh budget takes the count along.
        const isFresh = only('locked', events).length > 0;
        const holds =
          more.length === 0 &&
          (unlocked !== undefined) === isLifted &&
          (cleared !== undefined) === (hasFallen && !isLifted) &&
          (failures >= found.failures || hasFallen || isFresh);
        if (!holds) throw new Error(JSON.stringify({ found, left, events }));
        if (unlocked) expect(unlocked).toMatchObject({ at, before: beforeOf(found) });
        if (!cleared) continue;
        told += 1;
        expect(cleared).toEqual({
          type: 'cleared',
          at,
          via: VIA[played.input.type],
          before: beforeOf(found),
          consecutive: found.consecutive,
          ...(failures > 0 || escalation > 0 ? { left: { failures, escalation } } : {}),
          ...('actor' in played.input ? played.input.actor : {}),
        });
        expect(left.lock).toEqual(found.lock);
      }
    };
    const runs = assertLaw([anyPolicy(), anySignIns()], law, RUNS);
    expect(told).toBeGreaterThan(runs / 12);
  });

  test('tell a success that ended so many failures in a row, and no other, before the count that went', () => {
    let told = 0;
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      const from = policy.notify?.successAfter ?? firstLockingCount(policy);
      for (const played of playHistory(policy, history).steps) {
        const { at, found, events } = around(policy, played);
        const isSuccess = played.input.type === 'succeed' || played.input.type === 'complete';
        // What it left, and not what is remembered of that: a failure that it did not see may be forgotten with what it cleared.
        const failures = isSuccess ? found.consecutive - played.after.state.consecutive : 0;
        const all = only('succeeded-after-failures', played.after.events);
        if (all.length === 0 && failures < from) continue;
        told += 1;
        expect(all).toEqual([{ type: 'succeeded-after-failures', at, failures }]);
        expect(failures).toBeGreaterThanOrEqual(from);
        expect(events.map(({ type }) => type)).toEqual(['succeeded-after-failures', 'cleared']);
      }
    };
    const runs = assertLaw([anyPolicy(), anySignIns()], law, RUNS);
    expect(told).toBeGreaterThan(runs / 50);
  });

  test('tell a failure from the count on that the policy says, unless it locks', () => {
    let told = 0;
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      const from = policy.notify?.from ?? Number.POSITIVE_INFINITY;
      for (const played of playHistory(policy, history).steps) {
        if (played.input.type !== 'fail') continue;
        const { at, found, left, events } = around(policy, played);
        const isLocked = only('locked', events).length > 0;
        const isTold = left.failureSeq > found.failureSeq && !isLocked && left.failures >= from;
        if (events.length !== (isLocked || isTold ? 1 : 0)) throw new Error(JSON.stringify(events));
        if (!isTold) continue;
        told += 1;
        expect(events[0]).toMatchObject({ type: 'failed', at, failures: left.failures });
      }
    };
    const runs = assertLaw([anyPolicy(), anySignIns()], law, RUNS);
    expect(told).toBeGreaterThan(runs / 10);
  });

  test('come in the order of time within one step, and none is dated later than it', () => {
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      for (const { now, before, after } of playHistory(policy, history).steps) {
        const last = after.events.reduce((earlier, { at }) => {
          if (at < earlier) throw new Error(JSON.stringify(after.events));
          return at;
        }, 0);
        if (last > Math.max(now, before?.updatedAt ?? 0)) throw new Error(JSON.stringify(after.events));
      }
    };
    assertLaw([anyPolicy(), anySignIns()], law, RUNS);
  });
});

describe('what a lock is to those before it, whatever the policy and the history', () => {
  test('the first of a row is locked, until unlocked is made-indefinite, every other one is a further one', () => {
    const seen = new Map<string | undefined, number>();
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      for (const event of only('locked', playHistory(policy, history).events)) {
        const { change, cause, escalation, until } = event;
        seen.set(change, 1 + (seen.get(change) ?? 0));
        // What a quick failure alone led to cannot be told by its cause where the policy only watches.
        const isAlone =
          cause === 'admin' || cause === 'quick' || (cause === 'monitor' && change === 'locked');
        const kind =
          until === null
            ? ['made-indefinite']
            : isAlone || escalation <= 1
              ? ['locked']
              : ['relocked', 'escalated'];
        expect(kind).toContain(change);
        if (cause === 'monitor' && policy.quickFailure === null)
          expect(change === 'locked').toBe(until !== null && escalation === 1);
      }
    };
    // Where nothing fades, rows are longer.
    const lasting = anyPolicy({ window: { kind: 'none' }, escalationWindow: 'never', retentionMs: null });
    const runs = assertLaw([fc.oneof(anyPolicy(), lasting), anySignIns()], law, RUNS);
    for (const change of ['locked', 'relocked', 'escalated', 'made-indefinite'])
      expect(seen.get(change)).toBeGreaterThan(runs / 50);
  });

  test('escalated is longer than the lock before it, relocked is not', () => {
    let further = 0;
    // Where nothing but a failure, and no part of a success, moves the count that the lock before is reckoned from.
    const policies = anyPolicy({
      ...{ enforce: true, quickFailure: null, weights: {}, onSuccess: 'clear' },
      ...{ window: { kind: 'none' }, retentionMs: null, escalationWindow: 'never' },
      // An unlock that takes the count and leaves the row puts a table back to its first row.
      ...{ unlockKeepsEscalation: false },
    });
    const law = (policy: LockoutPolicy, history: readonly Step[]) => {
      const alone = history
        // Under an administrator's lock failures count that lead to no lock.
        .filter((step) => step.do !== 'lock')
        // A count that began in the very millisecond of an unlock is taken for one that no lock has answered yet.
        .map((step) => (step.do === 'unlock' ? { ...step, after: step.after + 1 } : step));
      const locks = only('locked', playHistory(policy, alone).events);
      for (const [index, { at, until, change }] of locks.entries()) {
        const earlier = locks[index - 1];
        if (!earlier || until === null || (change !== 'escalated' && change !== 'relocked')) continue;
        further += 1;
        const earlierMs = (earlier.until ?? Number.POSITIVE_INFINITY) - earlier.at;
        expect(until - at > earlierMs).toBe(change === 'escalated');
      }
    };
    const runs = assertLaw([policies, anySignIns()], law, RUNS);
    expect(further).toBeGreaterThan(runs / 10);
  });
});
