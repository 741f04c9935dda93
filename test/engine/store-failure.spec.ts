import { describe, expect, it } from '@jest/globals';
import { type LockoutEngine, LockoutUnavailableError, StoreError, type Swap } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { alice, allKeys, engineOf, failTimes, failuresOf, guesser, isLocked, stores, time } from './bench.js';

describe('P9 the store fails', () => {
  it('does not verify, and says that it is unavailable', async () => {
    const engine = engineOf();
    stores.unreliable.fault = () => 'before';
    const { verified, guess } = guesser(true);
    await expect(guess(engine)).rejects.toBeInstanceOf(LockoutUnavailableError);
    expect(verified.count).toBe(0);
  });

  it('P5 a store that fails after it wrote, and returns within the timeout, never counts against the person', async () => {
    const engine = engineOf();
    const loads = () => stores.unreliable.calls.filter(({ method }) => method === 'load').length;
    stores.unreliable.fault = (call) =>
      call.method === 'compareAndSwap' ? 'after' : call.method === 'load' && loads() > 1 ? 'before' : null;
    await expect(guesser().guess(engine)).rejects.toBeInstanceOf(LockoutUnavailableError);
    stores.unreliable.fault = () => null;
    await drained(engine);
    time.now += minutes(3);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({
      inFlight: 0,
      failures: 0,
    });
    await failTimes(engine, 4);
    expect(await isLocked(engine)).toBe(false);
  });

  it('R4 looks for its own version when the answer of a swap was lost', async () => {
    const engine = engineOf();
    let lostAnswers = 0;
    stores.unreliable.fault = (call) => {
      if (call.method !== 'compareAndSwap' || lostAnswers > 0) return null;
      lostAnswers += 1;
      return 'after';
    };
    await failTimes(engine, 1);
    expect(await failuresOf(engine)).toBe(1);
    expect((await engine.status({ account: 'alice' })).counters[0]?.inFlight).toBe(0);
  });

  it('R32 a settle that cannot be written does not change the answer, and is written later', async () => {
    const engine = engineOf();
    await failTimes(engine, 3);
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    stores.unreliable.fault = () => 'before';
    expect(await begun.attempt.succeed()).toMatchObject({ refusal: null });
    expect(engine.totals.unwrittenSettles).toBe(1);
    stores.unreliable.fault = () => null;
    await drained(engine);
    expect(await failuresOf(engine)).toBe(0);
  });

  it('R31 one stuck row refuses only its own attempts', async () => {
    const engine = engineOf();
    await failTimes(engine, 1, { ...alice, account: 'stuck' });
    const [stuck] = await allKeys(engine, 'stuck');
    stores.unreliable.error = () => new StoreError('timeout', 'The statement took longer than 1 s.');
    stores.unreliable.fault = (call) =>
      call.method === 'compareAndSwap' && stuck && call.keys.includes(stuck) ? 'before' : null;
    const requests = ['stuck', ...Array.from({ length: 20 }, (_, n) => `user-${n}`)].map((account) => ({
      ...alice,
      account,
    }));
    const begun = await Promise.allSettled(requests.map((request) => engine.begin(request)));
    expect(begun.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(20).fill('fulfilled')]);
  });

  it('R30 a row that keeps changing is decided while it is held', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await failTimes(engine, 1);
    stores.unreliable.fault = () => null;
    const contended = new Proxy(stores.unreliable, {
      get(target, name) {
        if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
        return (swaps: readonly Swap[]) => Promise.resolve(new Set(swaps.map((swap) => swap.key)));
      },
    });
    const losing = engineOf({ store: contended });
    await failTimes(losing, 1);
    expect(losing.totals.held).toBeGreaterThan(0);
    expect(await failuresOf(engine)).toBe(2);
  });

  it('refuses more work than may wait', async () => {
    const engine = engineOf({ maxQueue: 10 });
    const begun = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => engine.begin({ ...alice, account: `user-${n}` })),
    );
    expect(begun.filter(({ status }) => status === 'rejected')).toHaveLength(40);
  });
});

/** Waits for the settle queue, whose pauses are short. */
async function drained(engine: LockoutEngine): Promise<void> {
  while (engine.totals.unwrittenSettles > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
