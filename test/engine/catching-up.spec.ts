import { describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import { hours, minutes } from 'nestjs-lockout/policy';
import { engineOf, failTimes, policy, stores, time } from './bench.js';

const short = policy({ window: { kind: 'idle', durationMs: minutes(10) } });
/** Records of one round. */
const ROUND = 256;

async function fadedOnes(count: number): Promise<void> {
  const engine = engineOf({ policies: [short], cacheMs: 0 });
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      failTimes(engine, 1, { account: `user-${n}`, method: 'password' }),
    ),
  );
  time.now += hours(1);
}

const left = async (): Promise<number> =>
  (await stores.memory.find({ of: 'account', state: 'any', sort: 'until', now: time.now, limit: 5_000 }))
    .items.length;

/** Time that passes only while the sweeper asks for its policies, and where it rests. */
function stopwatch(tookMs: number) {
  const rests: number[] = [];
  let at = 0;
  return {
    rests,
    monotonic: () => {
      at += tookMs;
      return at;
    },
    sleep: async (ms: number) => void rests.push(ms),
  };
}

const another = (): LockoutEngine => engineOf({ policies: [short], cacheMs: 0 });

describe('P12 a sweeper that catches up', () => {
  it('goes on round after round while there is more, and rests after each as long as it took', async () => {
    await fadedOnes(ROUND * 3 + 10);
    const clock = stopwatch(40);
    expect(await another().sweeper.catchUp(clock)).toEqual({
      ticked: 0,
      pruned: ROUND * 3 + 10,
      dropped: 0,
      more: false,
    });
    expect(clock.rests).toEqual([40, 40, 40]);
    expect(await left()).toBe(0);
  });

  it('does one round where there is no more, and does not rest', async () => {
    await fadedOnes(5);
    const clock = stopwatch(40);
    expect(await another().sweeper.catchUp(clock)).toEqual({ ticked: 0, pruned: 5, dropped: 0, more: false });
    expect(clock.rests).toEqual([]);
  });

  it('ends when told so, with the rest left', async () => {
    await fadedOnes(ROUND * 2);
    const clock = stopwatch(1);
    const swept = await another().sweeper.catchUp(clock, () => clock.rests.length === 1);
    expect(swept).toEqual({ ticked: 0, pruned: ROUND, dropped: 0, more: true });
    expect(await left()).toBe(ROUND);
    expect(await another().sweeper.catchUp(clock, () => true)).toMatchObject({ pruned: 0 });
  });

  it('leaves the records to another process that is at them', async () => {
    await fadedOnes(ROUND * 3);
    const [one, two] = [another(), another()];
    // The other prunes what this one has found, before it gets there.
    const prune = stores.memory.prune.bind(stores.memory);
    stores.memory.prune = async (records) => {
      stores.memory.prune = prune;
      await two.sweeper.sweep();
      return prune(records);
    };
    expect(await one.sweeper.catchUp(stopwatch(1))).toEqual({
      ticked: 0,
      pruned: 0,
      dropped: 0,
      more: false,
    });
    expect(await left()).toBe(ROUND * 2);
  });

  it('R12 ends locks that ended together, however many', async () => {
    const engine = engineOf({ policies: [short], cacheMs: 0 });
    await Promise.all(
      Array.from({ length: ROUND + 20 }, (_, n) =>
        failTimes(engine, 5, { account: `user-${n}`, method: 'password' }),
      ),
    );
    time.now += minutes(6);
    expect(await another().sweeper.catchUp(stopwatch(1))).toMatchObject({ ticked: ROUND + 20, more: false });
    const { items } = await stores.memory.list({ type: 'expired', limit: 1_000 });
    expect(items).toHaveLength(ROUND + 20);
  });
});
