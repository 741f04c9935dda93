import { describe, expect, it } from '@jest/globals';
import type { SimulationOutcome } from 'nestjs-lockout/admin';
import {
  definePolicy,
  hours,
  type LockoutPolicy,
  minutes,
  type PolicyInput,
  presets,
  seconds,
  simulate,
} from 'nestjs-lockout/policy';
import { CATALOGUE_WORDING as WORDING } from '../catalogue-wording.js';
import { lockSpans, timeScale } from './lanes.js';
import { offsetText, playedOf, playedWords, stepWords, totalsOf } from './played.js';
import { type Act, OTHER_METHOD, START_MS, stepsOf } from './scenario.js';

const [reachfive] = presets.reachfive();
if (!reachfive) throw new Error('There is no such preset.');

const wrong = (times: number, everyMs: number = seconds(1), method = 'password'): Act => ({
  kind: 'attempts',
  outcome: 'failure',
  times,
  everyMs,
  method,
});
const right: Act = {
  kind: 'attempts',
  outcome: 'success',
  times: 1,
  everyMs: seconds(1),
  method: 'password',
};

const isoOrNull = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** What the server answers: the rule itself, its moments as ISO. */
function play(policy: LockoutPolicy, acts: readonly Act[]) {
  const { steps } = stepsOf(acts);
  const outcomes = simulate(
    policy,
    steps.map(({ step }) => step),
  ).map(({ decision, lock, events, at, failures, escalation, remaining }) => ({
    at: isoOrNull(at),
    failures,
    escalation,
    remaining,
    events: events.map(({ type }) => ({ type })),
    decision:
      decision && 'retryAt' in decision ? { ...decision, retryAt: isoOrNull(decision.retryAt) } : decision,
    lock: lock && { ...lock, since: isoOrNull(lock.since), until: isoOrNull(lock.until) },
  })) as unknown as readonly SimulationOutcome[];
  const played = playedOf(steps, outcomes);
  return { steps, played, words: played.map((one) => playedWords(one, WORDING)) };
}

describe('a story under a policy', () => {
  it('reads as what happens', () => {
    const { words, played } = play(reachfive, [wrong(7), right]);
    expect(words).toEqual([
      'Wrong. 5 attempts left before a lock.',
      'Wrong. 4 attempts left before a lock.',
      'Wrong. 3 attempts left before a lock.',
      'Wrong. 2 attempts left before a lock.',
      'Wrong. 1 attempt left before a lock.',
      'Wrong, and locks for 5 minutes.',
      'Refused without a look: locked for 4 minutes 59 seconds more.',
      'Refused without a look: locked for 4 minutes 58 seconds more.',
    ]);
    expect(totalsOf(played)).toEqual({ verified: 6, refused: 2, locks: 1 });
  });

  it('goes on after the lock at exactly its end', () => {
    const begin = [wrong(6)];
    const end = play(reachfive, begin).played.at(-1)?.lock?.until ?? 0;
    expect(end).toBe(START_MS + seconds(5) + minutes(5));
    const { words } = play(reachfive, [...begin, { kind: 'until', at: end }, wrong(1), right]);
    expect(words.slice(6)).toEqual([
      'The lock has ended. 1 attempt left before the next.',
      'Wrong, and locks for 10 minutes.',
      'Refused without a look: locked for 9 minutes 59 seconds more.',
    ]);
    const early = play(reachfive, [...begin, { kind: 'until', at: end - 1 }]);
    expect(early.words.at(-1)).toBe('Still locked, for 1 millisecond more.');
  });

  it('tells of unlocks, resets, other methods and a success', () => {
    const { words } = play(reachfive, [
      wrong(6),
      { kind: 'unlock' },
      wrong(1, seconds(1), OTHER_METHOD),
      wrong(1),
      right,
      { kind: 'reset-password' },
    ]);
    expect(words.slice(6)).toEqual([
      'The lock is lifted.',
      'Wrong. Not counted.',
      'Wrong. 5 attempts left before a lock.',
      'Signed in. No failure counts now.',
      'Not locked. No failure counts now.',
    ]);
  });

  it('tells a lock without an end, and a pause', () => {
    const input = { name: 'p', threshold: 2, schedule: { kind: 'indefinite' } } as const;
    expect(play(definePolicy(input), [wrong(3), { kind: 'wait', forMs: hours(1) }]).words.slice(1)).toEqual([
      'Wrong, and locks until somebody unlocks.',
      'Refused without a look: locked until somebody unlocks.',
      'Still locked, until somebody unlocks.',
    ]);
    const slow = definePolicy({ ...input, minIntervalMs: seconds(10) } as PolicyInput);
    expect(play(slow, [wrong(2)]).words[1]).toBe('Refused without a look: a pause of 9 seconds more.');
  });

  it('says each step in words', () => {
    const { steps } = stepsOf([wrong(1), right, { kind: 'wait', forMs: minutes(15) }, { kind: 'unlock' }]);
    expect(steps.map((step) => stepWords(step, WORDING))).toEqual([
      'A wrong password',
      'The right password',
      '15 minutes pass',
      'An administrator unlocks',
    ]);
  });
});

describe('the timeline of a story', () => {
  it('shows each lock from its first moment to its last, and one that outlasts the story as open', () => {
    const { played } = play(reachfive, [wrong(6), { kind: 'wait', forMs: minutes(10) }, wrong(1)]);
    const first = START_MS + seconds(5);
    expect(lockSpans(played)).toEqual([
      { from: first, to: first + minutes(5) },
      { from: START_MS + seconds(6) + minutes(10), to: null },
    ]);
  });

  it('ends a lock where it was lifted', () => {
    const { played } = play(reachfive, [wrong(6), { kind: 'wait', forMs: minutes(1) }, { kind: 'unlock' }]);
    expect(lockSpans(played)).toEqual([
      { from: START_MS + seconds(5), to: START_MS + seconds(6) + minutes(1) },
    ]);
  });

  it('places moments in their order, whatever lies between them', () => {
    const moments = [0, seconds(1), hours(24), hours(24) + 1];
    const place = timeScale(moments);
    const places = moments.map(place);
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBe(1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(4);
    expect(place(hours(12))).toBeGreaterThan(place(seconds(1)));
    expect(place(hours(12))).toBeLessThan(place(hours(24)));
  });

  it('tells how long after the beginning', () => {
    expect(offsetText(START_MS)).toBe('+0:00');
    expect(offsetText(START_MS + seconds(65))).toBe('+1:05');
    expect(offsetText(START_MS + hours(1) + seconds(5))).toBe('+1:00:05');
    expect(offsetText(START_MS + hours(49))).toBe('+2 d 1:00:00');
  });
});
