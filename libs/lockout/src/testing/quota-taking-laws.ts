import { deepEqual, equal, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Quotas } from '../store/quotas.js';
import { StoreError } from '../store/store-error.js';
import type { QuotaLaw } from './quotas-contract.js';

export const WINDOW_MS = 3_600_000;

/** An id that no other test uses. */
export const quotaId = (): string => randomBytes(32).toString('hex');

/** What so many callers are told who take at once, half of them at the other client: how many got one. */
export async function takenAtOnce(
  clients: readonly [Quotas, Quotas],
  callers: number,
  id: string,
  limit: number,
): Promise<number> {
  const told = await Promise.all(
    Array.from({ length: callers }, (_, n) => clients[n % 2 === 0 ? 0 : 1].takeQuota(id, limit, WINDOW_MS)),
  );
  return told.filter(Boolean).length;
}

/** How many can still be taken, one after the other. */
export async function takenInTurn(store: Quotas, id: string, limit: number): Promise<number> {
  let taken = 0;
  while (taken <= limit && (await store.takeQuota(id, limit, WINDOW_MS))) taken += 1;
  return taken;
}

/** Who gets one, and who gets none. */
export function quotaTakingLaws(law: QuotaLaw, callers: number): void {
  law('gives as many as the limit says, to all clients together', async ({ store, other }) => {
    const [id, elsewhere] = [quotaId(), quotaId()];
    const told: boolean[] = [];
    for (let n = 0; n < 5; n += 1) told.push(await (n % 2 === 0 ? store : other).takeQuota(id, 3, WINDOW_MS));
    deepEqual(told, [true, true, true, false, false]);
    equal(await other.takeQuota(elsewhere, 1, WINDOW_MS), true);
    equal(await store.takeQuota(elsewhere, 1, WINDOW_MS), false);
  });

  law('gives no more and no fewer to many who take at once', async ({ store, other }) => {
    const limit = Math.ceil(callers / 3);
    for (let round = 0; round < 3; round += 1) {
      const id = quotaId();
      equal(await takenAtOnce([store, other], callers, id, limit), limit);
      equal(await store.quotaTaken(id), limit);
      equal(await other.takeQuota(id, limit, WINDOW_MS), false);
    }
  });

  law('tells how many are taken, and takes none by it', async ({ store, other }) => {
    const id = quotaId();
    equal(await other.quotaTaken(id), 0);
    await store.takeQuota(id, 2, WINDOW_MS);
    deepEqual([await other.quotaTaken(id), await store.quotaTaken(id)], [1, 1]);
    equal(await other.takeQuota(id, 2, WINDOW_MS), true);
    equal(await store.takeQuota(id, 2, WINDOW_MS), false);
    equal(await store.quotaTaken(id), 2);
  });

  law('gives to another what was given back, and never more than was taken', async ({ store, other }) => {
    const id = quotaId();
    equal(await takenInTurn(store, id, 2), 2);
    await other.returnQuota(id);
    equal(await store.quotaTaken(id), 1);
    equal(await takenInTurn(other, id, 2), 1);
    for (let n = 0; n < 5; n += 1) await store.returnQuota(id);
    equal(await store.quotaTaken(id), 0);
    equal(await takenInTurn(store, id, 2), 2);
    const nobodys = quotaId();
    await store.returnQuota(nobodys);
    equal(await takenInTurn(other, nobodys, 1), 1);
  });

  law('loses none of many that are given back at once', async ({ store, other }) => {
    const id = quotaId();
    equal(await takenInTurn(store, id, callers), callers);
    await Promise.all(
      Array.from({ length: callers }, (_, n) => (n % 2 === 0 ? store : other).returnQuota(id)),
    );
    equal(await store.quotaTaken(id), 0);
  });

  law('tells each caller by its own limit', async ({ store, other }) => {
    const id = quotaId();
    equal(await takenInTurn(store, id, 2), 2);
    equal(await other.takeQuota(id, 3, WINDOW_MS), true);
    equal(await store.takeQuota(id, 2, WINDOW_MS), false);
    equal(await store.takeQuota(id, 3, WINDOW_MS), false);
    equal(await other.takeQuota(id, 4, WINDOW_MS), true);
  });

  law('rejects what no row can hold as data, and takes nothing', async ({ store }) => {
    const id = quotaId();
    const ids = ['', id.slice(1), `${id}0`, `${id.slice(1)}g`, id.replace(/[a-f0-9]/, 'A')];
    const limits = [0, -1, 1.5, Number.NaN, 1_000_001, Number.POSITIVE_INFINITY];
    const windows = [0, -1, 0.5, Number.NaN, 366 * 86_400_000 + 1];
    const calls: readonly (() => Promise<unknown>)[] = [
      ...ids.flatMap((wrong) => [
        () => store.takeQuota(wrong, 1, WINDOW_MS),
        () => store.returnQuota(wrong),
        () => store.quotaTaken(wrong),
      ]),
      ...limits.map((limit) => () => store.takeQuota(id, limit, WINDOW_MS)),
      ...windows.map((windowMs) => () => store.takeQuota(id, 1, windowMs)),
    ];
    for (const call of calls) {
      await rejects(call, (error) => error instanceof StoreError && error.fault === 'data');
    }
    equal(await store.quotaTaken(id), 0);
    equal(await store.takeQuota(id, 1_000_000, 366 * 86_400_000), true);
  });
}
