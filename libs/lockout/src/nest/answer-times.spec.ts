import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../testing/fake-clock.js';
import { AnswerTimes } from './answer-times.js';

/** Verifications of these lengths have failed, one after the other. */
async function recorded(times: AnswerTimes, clock: FakeClock, lengths: readonly number[]): Promise<void> {
  for (const length of lengths) {
    const startedAt = clock.monotonic();
    await clock.advance(length);
    times.record('password', startedAt);
  }
}

/** How long a refusal asked for now is held. */
async function heldFor(times: AnswerTimes, clock: FakeClock, startedAt = clock.monotonic()): Promise<number> {
  let isOver = false;
  const from = clock.monotonic();
  void times.hold('password', startedAt).then(() => {
    isOver = true;
  });
  await clock.advance(0);
  while (!isOver) await clock.advance(1);
  return clock.monotonic() - from;
}

describe('refusals held back in silent mode (R43)', () => {
  test('each is held for one of the failed verifications, by the draw', async () => {
    const clock = new FakeClock();
    const draws = [0, 0.5, 0.999];
    const times = new AnswerTimes(clock, () => draws.shift() ?? 0);
    await recorded(times, clock, [20, 50, 90]);
    expect(await heldFor(times, clock)).toBe(20);
    expect(await heldFor(times, clock)).toBe(50);
    expect(await heldFor(times, clock)).toBe(90);
  });

  test('what the request has taken already is not added', async () => {
    const clock = new FakeClock();
    const times = new AnswerTimes(clock, () => 0);
    await recorded(times, clock, [50]);
    const startedAt = clock.monotonic();
    await clock.advance(30);
    expect(await heldFor(times, clock, startedAt)).toBe(20);
    await clock.advance(100);
    expect(await heldFor(times, clock, startedAt)).toBe(0);
  });

  test('only the last 64 are drawn from', async () => {
    const clock = new FakeClock();
    const times = new AnswerTimes(clock, () => 0);
    await recorded(times, clock, [500, ...Array<number>(64).fill(10)]);
    expect(await heldFor(times, clock)).toBe(10);
  });

  test('methods are told apart', async () => {
    const clock = new FakeClock();
    const times = new AnswerTimes(clock, () => 0);
    await recorded(times, clock, [7]);
    const startedAt = clock.monotonic();
    void times.hold('otp', startedAt);
    await clock.advance(99);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    expect(clock.sleeping).toBe(0);
  });

  test('no more than the cap are held at once', async () => {
    const clock = new FakeClock();
    const times = new AnswerTimes(clock, () => 0, 2);
    const over: number[] = [];
    for (let n = 1; n <= 3; n += 1) void times.hold('password', 0).then(() => over.push(n));
    await clock.advance(0);
    expect(over).toEqual([3]);
    await clock.advance(100);
    expect(over).toEqual([3, 1, 2]);
  });
});
