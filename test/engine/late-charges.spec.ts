import { beforeEach, describe, expect, it } from '@jest/globals';
import { LockoutUnavailableError, type Swap, type SwapOptions } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { alice, policy } from './bench.js';
import { Outage } from './outage.js';

const PAIR = [policy(), policy({ name: 'pair', scope: ['account', 'address'] })];

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

describe('P5 a charge that nobody waits for any more', () => {
  it('is taken back where an earlier round had won it in part', async () => {
    const engine = outage.engine({ decisionTimeoutMs: 1_000, policies: PAIR });
    const elsewhere = outage.engine({ store: outage.memory, policies: PAIR });
    await outage.during(engine.judge(alice));
    // The policies have to be asked for, and so long are the answers under way.
    await outage.pass(1_100);
    const { store } = outage;
    const [count, swap] = [store.policyCount.bind(store), store.compareAndSwap.bind(store)];
    store.policyCount = async () => {
      const answer = await count();
      await outage.clock.sleep(600);
      return answer;
    };
    const losses: number[] = [];
    store.compareAndSwap = async (swaps: readonly Swap[], options: SwapOptions) => {
      store.compareAndSwap = swap;
      // Another process writes the account's record, and not that of the account at this address.
      const begun = await elsewhere.begin({ ...alice, address: '198.51.100.7' });
      if (begun.allowed) await begun.attempt.fail();
      const lost = await swap(swaps, options);
      losses.push(lost.size, swaps.length);
      await outage.clock.sleep(600);
      return lost;
    };
    await expect(outage.during(engine.begin(alice))).rejects.toBeInstanceOf(LockoutUnavailableError);
    await outage.pass(minutes(5));
    expect(losses).toEqual([1, 2]);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    // The other process's failure, at both of its keys, and nothing of ours.
    expect(counters.reduce((sum, { failures }) => sum + failures, 0)).toBe(2);
    expect(counters.every(({ inFlight }) => inFlight === 0)).toBe(true);
  });

  it('is taken back in memory too, where finding out that the store is gone took too long', async () => {
    const engine = outage.engine({
      onStoreError: 'memory',
      decisionTimeoutMs: 2_000,
      policies: [policy({ threshold: 1 })],
    });
    await outage.during(engine.judge(alice));
    // Records fail at once; what asks whether it is there at all hangs.
    outage.fail();
    const load = outage.store.load.bind(outage.store);
    outage.store.load = (keys) => (keys.length === 0 ? new Promise(() => {}) : load(keys));
    await expect(outage.during(engine.begin(alice))).rejects.toBeInstanceOf(LockoutUnavailableError);
    expect(engine.storeState).toBe('answers');
    await outage.pass(5_000);
    expect(engine.storeState).toBe('gone');
    // It would be in flight for two minutes, and a failure then.
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });
});
