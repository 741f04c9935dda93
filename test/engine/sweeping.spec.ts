import { describe, expect, it } from '@jest/globals';
import { type LockoutEngine, StoreError } from 'nestjs-lockout';
import { hours, minutes } from 'nestjs-lockout/policy';
import { alice, allKeys, engineOf, failTimes, failuresOf, guesser, policy, stores, time } from './bench.js';

/** A process with other policies on the same store: it knows no counter of ours. */
const stranger = (): LockoutEngine => engineOf({ policies: [policy({ name: 'otp', counts: ['otp'] })] });

describe('the sweeper', () => {
  it('R3 counts the attempt of a process that died, though nobody tries again', async () => {
    const start = time.now;
    const engine = engineOf({
      policies: [
        policy({
          window: { kind: 'idle', durationMs: hours(24) },
          schedule: { kind: 'fixed', durationMs: hours(12) },
        }),
      ],
    });
    await failTimes(engine, 4);
    await engine.begin(alice);
    for (let minute = 0; minute < 60; minute += 1) {
      time.now += minutes(1);
      await engine.sweeper.sweep();
    }
    const { items } = await stores.memory.list({ type: 'locked', limit: 10 });
    expect(items.map(({ event }) => event.at)).toEqual([start + minutes(2)]);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({ inFlight: 0 });
  });

  it('R25 keeps what a counter remembers that only another process reads', async () => {
    const engine = engineOf({ cacheMs: 0, policies: [policy({ afterLock: 'relock-on-next-failure' })] });
    await failTimes(engine, 5);
    for (const wait of [minutes(6), minutes(16)]) {
      time.now += wait;
      await stranger().sweeper.sweep();
    }
    const { verified, guess } = guesser();
    for (let n = 0; n < 5; n += 1) await guess(engine);
    expect(verified.count).toBe(1);
  });

  it('R3 R25 counts overdue attempts at a counter that only another process reads', async () => {
    const engine = engineOf({ cacheMs: 0, policies: [policy({ threshold: 6 })] });
    for (let n = 0; n < 5; n += 1) await engine.begin(alice);
    time.now += minutes(20);
    await stranger().sweeper.sweep();
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({ inFlight: 0 });
    expect(await failuresOf(engine)).toBe(5);
  });

  it('R31 goes on past a row that nobody can write, and says so', async () => {
    const engine = engineOf({
      cacheMs: 0,
      policies: [policy({ window: { kind: 'idle', durationMs: minutes(10) } })],
    });
    // It comes first: its lock ended before the others' counts faded.
    await failTimes(engine, 5, { ...alice, account: 'broken' });
    time.now += 1_000;
    for (let n = 0; n < 20; n += 1) await failTimes(engine, 1, { ...alice, account: `user-${n}` });
    const [broken] = await allKeys(engine, 'broken');
    if (!broken) throw new Error('nothing was stored');
    stores.unreliable.error = () => new StoreError('data', 'The column holds garbage.');
    stores.unreliable.fault = (call) =>
      call.method !== 'load' && call.keys.includes(broken) ? 'before' : null;
    time.now += minutes(40);
    await expect(engine.sweeper.sweep()).rejects.toThrow('garbage');
    const query = { of: 'account', state: 'any', sort: 'until', now: time.now, limit: 100 } as const;
    const { items } = await stores.memory.find(query);
    expect(items.map(({ key }) => key)).toEqual([broken]);
  });
});
