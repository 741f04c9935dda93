import { deepEqual, equal } from 'node:assert/strict';
import { timedBy } from './port-law.js';
import { quotaId, takenAtOnce, takenInTurn, WINDOW_MS } from './quota-taking-laws.js';
import type { QuotaLaw } from './quotas-contract.js';

/** What time does to quotas. */
export function quotaWindowLaws(law: QuotaLaw, callers: number): void {
  const timed = timedBy(law);

  timed(
    'a window lasts as long as its first take said, and the next take begins a new one',
    async (opened) => {
      const { store, other, advance } = opened;
      const id = quotaId();
      equal(await store.takeQuota(id, 2, WINDOW_MS), true);
      await advance(WINDOW_MS - 1);
      // Neither a later take nor a refused one moves the end.
      equal(await other.takeQuota(id, 2, 5 * WINDOW_MS), true);
      equal(await store.takeQuota(id, 2, WINDOW_MS), false);
      await advance(1);
      equal(await store.quotaTaken(id), 0);
      equal(await takenInTurn(other, id, 2), 2);
      await advance(WINDOW_MS - 1);
      equal(await store.takeQuota(id, 2, WINDOW_MS), false);
      await advance(1);
      equal(await store.takeQuota(id, 2, WINDOW_MS), true);
    },
  );

  timed('the next window begins with its first take, not where the last one ended', async (opened) => {
    const { store, other, advance } = opened;
    const id = quotaId();
    await store.takeQuota(id, 1, WINDOW_MS);
    await advance(1.5 * WINDOW_MS);
    equal(await other.takeQuota(id, 1, WINDOW_MS), true);
    await advance(WINDOW_MS - 1);
    equal(await store.takeQuota(id, 1, WINDOW_MS), false);
    await advance(1);
    equal(await store.takeQuota(id, 1, WINDOW_MS), true);
  });

  timed('what is given back after its window is no more than the next one has', async (opened) => {
    const { store, other, advance } = opened;
    const id = quotaId();
    equal(await takenInTurn(store, id, 3), 3);
    await advance(WINDOW_MS);
    await other.returnQuota(id);
    equal(await store.quotaTaken(id), 0);
    equal(await takenInTurn(store, id, 3), 3);
  });

  timed('gives no more and no fewer to many who begin a window at once', async (opened) => {
    const { store, other, advance } = opened;
    const limit = Math.ceil(callers / 3);
    const id = quotaId();
    for (let round = 0; round < 3; round += 1) {
      equal(await takenAtOnce([store, other], callers, id, limit), limit);
      equal(await store.quotaTaken(id), limit);
      await advance(WINDOW_MS);
    }
  });

  timed('with many whose windows are over, those that last stay', async ({ store, other, advance }) => {
    const old = Array.from({ length: 80 }, quotaId);
    await Promise.all(old.map((id) => store.takeQuota(id, 1, WINDOW_MS)));
    await advance(WINDOW_MS - 1);
    const living = Array.from({ length: 5 }, quotaId);
    for (const id of living) await other.takeQuota(id, 2, WINDOW_MS);
    await advance(1);
    for (let n = 0; n < 6; n += 1) await store.takeQuota(quotaId(), 1, WINDOW_MS);
    deepEqual(await Promise.all(living.map((id) => other.quotaTaken(id))), Array(5).fill(1));
    for (const id of old) equal(await store.takeQuota(id, 1, WINDOW_MS), true);
  });
}
