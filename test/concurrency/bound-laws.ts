import { expect, it } from '@jest/globals';
import { type CrowdedStore, guesses, ONE, statusOf, THREE } from './crowded-store.js';

/**
 * P1 over several processes: no more than the budget is verified, whatever store they share.
 *
 * @param waitMs How long attempts wait for those in flight. 0: no race is hidden by waiting.
 */
export function boundLaws(crowded: () => CrowdedStore, waitMs = 0): void {
  it('verifies exactly 5 of 200 guesses at one account', async () => {
    const own = crowded().fresh();
    const report = await crowded().run({ policies: ONE, guesses: guesses(200, () => own) });
    expect(report.verified).toBe(5);
    expect(report.outcomes['failure']).toBe(5);
    expect((await statusOf(crowded(), own.account)).locked).toBe(true);
  });

  it('verifies exactly 5 with account, address and account+address at once (R16)', async () => {
    const own = crowded().fresh();
    const report = await crowded().run({ policies: THREE, waitMs, guesses: guesses(200, () => own) });
    expect(report.verified).toBe(5);
  });

  it('verifies exactly 5 at one account from 200 addresses', async () => {
    const own = crowded().fresh();
    const report = await crowded().run({
      policies: THREE,
      waitMs,
      guesses: guesses(200, (n) => ({ ...own, address: `10.2.${crowded().round}.${n}` })),
    });
    expect(report.verified).toBe(5);
  });

  it('verifies exactly the address budget, 20, at 200 accounts from one address', async () => {
    const own = crowded().fresh();
    const report = await crowded().run({
      policies: THREE,
      waitMs,
      guesses: guesses(200, (n) => ({ ...own, account: `victim-${crowded().round}-${n}` })),
    });
    expect(report.verified).toBe(20);
  });
}

/** That the laws were tried in earnest. After everything else that the crowds do. */
export function raceLaws(crowded: () => CrowdedStore): void {
  it('ran real races: swaps were lost to other processes, and folded again', () => {
    expect(crowded().lostRaces).toBeGreaterThan(0);
  });

  it('would notice a store that reads and then writes', async () => {
    const { account, address } = crowded().fresh();
    const report = await crowded().run({
      policies: ONE,
      careless: true,
      guesses: guesses(200, (n) => ({ address, account: `${account}-${n % 10}` })),
    });
    // 5 for each of the ten accounts, were it exact.
    expect(report.verified).toBeGreaterThan(50);
  });
}
