import { describe, expect, test } from '@jest/globals';
import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  test('stands still until it is moved, and moves both its times', async () => {
    const clock = new FakeClock(1_000);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.now(), clock.monotonic()]).toEqual([1_250, 250]);
  });

  test('wakes sleepers in their order, each at its own moment', async () => {
    const clock = new FakeClock(0);
    const woken: [string, number][] = [];
    const sleep = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    void sleep('late', 300);
    void sleep('early', 100);
    await clock.advance(299);
    expect(woken).toEqual([['early', 100]]);
    await clock.advance(1);
    expect(woken).toEqual([
      ['early', 100],
      ['late', 300],
    ]);
    expect(clock.sleeping).toBe(0);
  });

  test('who sleeps again on the way is woken again', async () => {
    const clock = new FakeClock(0);
    let rounds = 0;
    const run = async () => {
      while (rounds < 100) {
        await clock.sleep(10);
        rounds += 1;
      }
    };
    void run();
    await clock.advance(55);
    expect(rounds).toBe(5);
  });

  test('starts at a date, and never goes back', async () => {
    const clock = new FakeClock('2026-03-29T00:59:59Z');
    expect(clock.now()).toBe(Date.UTC(2026, 2, 29, 0, 59, 59));
    await expect(clock.advance(-1)).rejects.toThrow(RangeError);
    expect(() => new FakeClock('never')).toThrow(RangeError);
  });
});
