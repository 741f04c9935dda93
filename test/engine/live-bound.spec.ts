import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import { alice, BY_ADMIN, engineOf, failuresOf, stores, time } from './bench.js';

const ACCOUNTS = 12;
/** Guesses at each account, spread over two processes. */
const GUESSES = 16;
const TARGET = { policy: 'account', brand: null };

let monotonic = 0;
let processes: readonly [LockoutEngine, LockoutEngine];
beforeEach(() => {
  monotonic = 0;
  const clock = {
    monotonic: () => monotonic,
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  processes = [engineOf({ clock }), engineOf({ clock })];
});

const aTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const pass = (ms: number): void => {
  monotonic += ms;
  time.now += ms;
};
const save = (expected: number, threshold: number) =>
  processes[0].policies.save(TARGET, { threshold }, { expected, actor: BY_ADMIN });

/** Guesses at fresh accounts, all at once; what was verified at each. `meanwhile` runs once the first are verified. */
async function guessAt(prefix: string, meanwhile: () => Promise<unknown> = async () => {}) {
  const verified = new Map<string, number>();
  const interruptions: Promise<unknown>[] = [];
  const guess = async (engine: LockoutEngine, account: string, turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) await aTurn();
    const { outcome } = await engine.protect({ ...alice, account }, async () => {
      verified.set(account, (verified.get(account) ?? 0) + 1);
      if (interruptions.length === 0) interruptions.push(meanwhile());
      await aTurn();
      return false;
    });
    return outcome;
  };
  const outcomes = await Promise.all(
    Array.from({ length: ACCOUNTS * GUESSES }, (_, n) => {
      const engine = processes[n % 2] as LockoutEngine;
      // A stream rather than a wave: some begin before the save, some while it spreads, some after.
      return guess(engine, `${prefix}-${Math.floor(n / 2) % ACCOUNTS}`, Math.floor(n / ACCOUNTS) * 4);
    }),
  );
  await Promise.all(interruptions);
  const counts = Array.from(verified.values());
  expect(counts).toHaveLength(ACCOUNTS);
  // No attempt is lost: what was verified stands at its account, and nothing else does.
  for (const [account, count] of verified) expect(await failuresOf(processes[1], account)).toBe(count);
  expect(outcomes.filter((outcome) => outcome === 'failure')).toHaveLength(counts.reduce((a, b) => a + b, 0));
  return counts;
}

/** Time runs while something else does. */
async function whileTimePasses<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  while (!done) {
    await aTurn();
    pass(20);
  }
  return ended;
}

describe('P1 the bound while a threshold is saved, over two processes under load', () => {
  it.each([
    { from: 5, to: 2 },
    { from: 2, to: 5 },
  ])(
    '$from to $to: at most the larger while it spreads, exactly the new one a second later',
    async ({ from, to }) => {
      await save(0, from);
      pass(1_001);
      expect(await guessAt('before')).toEqual(Array(ACCOUNTS).fill(from));
      const during = await whileTimePasses(guessAt('during', () => save(1, to)));
      expect(Math.max(...during)).toBeLessThanOrEqual(Math.max(from, to));
      expect(Math.min(...during)).toBeGreaterThanOrEqual(Math.min(from, to));
      pass(1_001);
      expect(await guessAt('after')).toEqual(Array(ACCOUNTS).fill(to));
      // The processes really raced.
      expect(processes[0].totals.lostRaces + processes[1].totals.lostRaces).toBeGreaterThan(0);
      expect(stores.unreliable.calls.length).toBeGreaterThan(0);
    },
  );
});
