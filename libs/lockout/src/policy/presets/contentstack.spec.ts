import { describe, expect, test } from '@jest/globals';
import { assertTimeline } from '../../testing/timeline.js';
import { days, minutes } from '../duration.js';
import type { LockoutPolicy } from '../policy.js';
import { type ContentstackOptions, contentstack } from './contentstack.js';

const preset = (options?: ContentstackOptions): LockoutPolicy => contentstack(options)[0] as LockoutPolicy;
const policy = preset();
const inMinutes = { unitMs: minutes(1) };
const play = (timeline: string) => assertTimeline(policy, timeline, inMinutes);

const four = '0 –, 0 –, 0 –, 0 –';
const bestPace = `${four}, 0: 5, 5: 15, 15: 30, 30: 50, 50: 75, 75: ∞`;

describe('Contentstack', () => {
  test('CS-1 failures 1 to 4 do not lock', () => {
    play(`${four}, 0 ok`);
  });
  test('CS-2 the 5th failure locks for 5 minutes', () => {
    play(`${four}, 0: 5, 5-1ms refused 5, 5 ok`);
  });
  test.each([
    ['CS-3 the 6th for 10', '5: 15'],
    ['CS-4 the 7th for 15', '5: 15, 15: 30'],
    ['CS-5 the 8th for 20', '5: 15, 15: 30, 30: 50'],
    ['CS-6 the 9th for 25', '5: 15, 15: 30, 30: 50, 50: 75'],
  ])('%s minutes', (_, rest) => {
    play(`${four}, 0: 5, ${rest}`);
  });

  test('CS-7 the 10th locks indefinitely; flooding during a lock brings it no nearer', () => {
    play(bestPace);
    const flood = (at: number) => Array(100).fill(`${at} refused`).join(',');
    play(
      `${four}, 0: 5, ${flood(1)}, 5: 15, ${flood(6)}, 15: 30, ${flood(20)}, 30: 50, 50: 75, ${flood(74)}, 75: ∞`,
    );
  });

  test('CS-8 only consecutive failures count: a success clears count and escalation', () => {
    play(`${four}, 0 ok, ${four}, 0: 5`);
    play(`${four}, 0: 5, 5: 15, 15 ok, 15 –, 15 –, 15 –, 15 –, 15: 20`);
  });

  test('CS-9 the 5th and each further failure is told, six up to the 10th, and no refusal', () => {
    const { events } = play(`${four}, 0: 5, 1 refused, 5: 15, 15: 30, 30: 50, 50: 75, 75: ∞, 80 refused`);
    const told = events.filter((event) => event.type === 'locked' || event.type === 'failed');
    expect(told.map((event) => event.failures)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(policy.notify).toEqual({ from: 5 });
  });

  test('CS-10 after the 10th it stays locked, a year later still, until it is unlocked', () => {
    play(`${bestPace}, 525600 refused ∞, 525600 unlock, 525600 ok`);
  });

  test('CS-10 only the last row says to contact an admin or owner', () => {
    const wait = 'Too many failed login attempts. You can try again in {minutes} min.';
    expect(policy.messages.slice(0, 5)).toEqual([wait, wait, wait, wait, wait]);
    expect(policy.messages.slice(5)).toEqual([expect.stringContaining('Contact an admin or owner')]);
  });

  test('CS-11 a completed password reset restores access during a timed lock, not during the indefinite one', () => {
    play(`${four}, 0: 5, 1 reset, 1 ok`);
    play(`${bestPace}, 76 reset, 77 refused ∞`);
    const other = preset({ onPasswordReset: 'unlock' });
    assertTimeline(other, `${bestPace}, 76 reset, 77 ok`, inMinutes);
  });

  test.each(['unlock', 'reset'])('CS-19 after %s the next failure is the first', (act) => {
    play(`${four}, 0: 5, 5: 15, 6 ${act}, 7 – (1), 7 –, 7 –, 7 –, 7: 12`);
  });

  test('CS-20 counts do not fade; only a retention set on purpose ends a count, never a lock', () => {
    play(`${four}, 525600: 525605`);
    const kept = preset({ retentionMs: days(30) });
    assertTimeline(kept, `${four}, 43200-1ms: 43205-1ms`, inMinutes);
    assertTimeline(kept, `${four}, 43200 – (1)`, inMinutes);
    assertTimeline(kept, `${bestPace}, 525600 refused ∞`, inMinutes);
  });
});
