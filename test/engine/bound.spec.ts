import { describe, expect, it } from '@jest/globals';
import type { AttemptRequest, LockoutEngine, Swap, SwapOptions } from 'nestjs-lockout';
import { alice, engineOf, guesser, policy, stores, THREE } from './bench.js';

describe('P1 the bound under parallel guessing (pitfall 1: Wazuh CVE-2026-93346, Zitadel GHSA-7h8m-vrxx-vr4m)', () => {
  const crowd = (engines: LockoutEngine[], requestOf: (n: number) => AttemptRequest, count = 200) => {
    const { verified, guess } = guesser();
    const all = Array.from({ length: count }, (_, n) =>
      guess(engines[n % engines.length] as LockoutEngine, requestOf(n)),
    );
    return Promise.all(all).then((outcomes) => ({ verified: verified.count, outcomes }));
  };

  it('verifies exactly 5 of 200 guesses at one account in one process', async () => {
    const { verified, outcomes } = await crowd([engineOf()], () => alice);
    expect(verified).toBe(5);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(195);
  });

  it('verifies exactly 5 with three policies at once', async () => {
    expect((await crowd([engineOf({ policies: THREE })], () => alice)).verified).toBe(5);
  });

  it('verifies exactly 5 at one account from 200 addresses', async () => {
    const { verified } = await crowd([engineOf({ policies: THREE })], (n) => ({
      ...alice,
      address: `198.51.100.${n}`,
    }));
    expect(verified).toBe(5);
  });

  it('verifies exactly the address budget at 200 accounts from one address', async () => {
    const { verified } = await crowd([engineOf({ policies: THREE })], (n) => ({
      ...alice,
      account: `user-${n}`,
    }));
    expect(verified).toBe(50);
  });

  it('verifies exactly 6 where the N+1-th failure locks', async () => {
    const exceeding = policy({ locksOn: 'exceeding' });
    expect((await crowd([engineOf({ policies: [exceeding] })], () => alice)).verified).toBe(6);
  });

  it('holds over four engines on one store, which lose races to each other and retry', async () => {
    const engines = Array.from({ length: 4 }, () => engineOf({ policies: THREE, waitMs: 0 }));
    const { verified } = await crowd(engines, () => alice);
    const lost = engines.reduce((sum, engine) => sum + engine.totals.lostRaces, 0);
    expect(lost).toBeGreaterThan(0);
    expect(verified).toBe(5);
  });

  it('is broken by a store that reads and then writes: this suite would notice', async () => {
    const careless = new Proxy(stores.unreliable, {
      get(target, name) {
        if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
        // Overwrites whatever is there, as a save() without a version does.
        return async (swaps: readonly Swap[], options: SwapOptions) => {
          await target.load([]);
          for (const swap of swaps) {
            let lost: ReadonlySet<string>;
            do {
              const { records } = await stores.memory.load([swap.key]);
              lost = await stores.memory.compareAndSwap(
                [{ ...swap, expected: records.get(swap.key)?.version ?? null }],
                options,
              );
            } while (lost.size > 0);
          }
          return new Set();
        };
      },
    });
    const engines = Array.from({ length: 4 }, () => engineOf({ store: careless }));
    expect((await crowd(engines, () => alice)).verified).toBeGreaterThan(5);
  });
});
