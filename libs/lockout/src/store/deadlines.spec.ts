import { describe, expect, it } from '@jest/globals';
import { Deadlines } from './deadlines.js';

const LIMIT_MS = 1_000;

/** Deadlines on a clock that is moved by hand, and the alarms that are set there. */
function deadlines() {
  let now = 0;
  const alarms = new Map<() => void, number>();
  const clock = {
    monotonic: () => now,
    sleep: () => Promise.reject(new Error('nothing sleeps here')),
    alarm: (ms: number, ring: () => void) => {
      alarms.set(ring, now + ms);
      return () => alarms.delete(ring);
    },
  };
  const pass = (ms: number) => {
    now += ms;
    for (const [ring, at] of [...alarms]) {
      if (at > now) continue;
      alarms.delete(ring);
      ring();
    }
  };
  const late: string[] = [];
  const limits = new Deadlines(clock, LIMIT_MS);
  return { limits, alarms, pass, late, start: (name: string) => limits.start(() => late.push(name)) };
}

describe('work that has to end in time', () => {
  it('sets one alarm, however much of it there is', () => {
    const { alarms, pass, start } = deadlines();
    for (let n = 0; n < 50; n += 1) {
      start(`work ${n}`);
      pass(1);
    }
    expect(alarms.size).toBe(1);
  });

  it('is late to the millisecond, each piece by itself', () => {
    const { pass, late, start } = deadlines();
    start('first');
    pass(400);
    start('second');
    pass(LIMIT_MS - 400 - 1);
    expect(late).toEqual([]);
    pass(1);
    expect(late).toEqual(['first']);
    pass(400);
    expect(late).toEqual(['first', 'second']);
  });

  it('leaves no alarm behind when all of it ended, so that an idle process does nothing', () => {
    const { limits, alarms, pass, late, start } = deadlines();
    const [one, other] = [start('one'), start('other')];
    one();
    expect(alarms.size).toBe(1);
    other();
    expect([limits.size, alarms.size]).toEqual([0, 0]);
    pass(LIMIT_MS);
    expect(late).toEqual([]);
    start('next')();
    expect(alarms.size).toBe(0);
  });

  it('is all late at once when nobody waits any longer, once', () => {
    const { limits, alarms, pass, late, start } = deadlines();
    start('one');
    const stop = start('other');
    limits.expireAll();
    expect(late).toEqual(['one', 'other']);
    expect([limits.size, alarms.size]).toEqual([0, 0]);
    stop();
    pass(LIMIT_MS);
    expect(late).toHaveLength(2);
  });
});
