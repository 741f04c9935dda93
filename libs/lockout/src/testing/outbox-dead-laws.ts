import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { CursorError } from '../store/cursor.js';
import type { DeliveryQuery, StoredDelivery } from '../store/outbox.js';
import { StoreError } from '../store/store-error.js';
import { freshSink } from './contract-entry.js';
import { now } from './contract-law.js';
import { FACTS } from './contract-swap.js';
import {
  bury,
  claim,
  claimOne,
  countsOf,
  deliverAll,
  entryOf,
  kept,
  nth,
  numberOf,
  type OutboxLaw,
  type OutboxStore,
  record,
} from './outbox-law.js';

/** What operators see, and do about what could not be delivered. */
export function outboxDeadLaws(law: OutboxLaw): void {
  law('lists what waits and what is dead, oldest first, page by page', async ({ store, other }) => {
    const [one, two] = [freshSink(), freshSink()];
    for (let n = 0; n < 5; n += 1) await record(store, [one, two], [nth(n)]);
    const { token, items } = await claim(store, [one], { limit: 2 });
    for (const item of items) await store.buryDelivery(item.id, token, `no ${numberOf(item)}`);
    deepEqual(await pagesOf(other, { state: 'waiting', sink: one }, 2), [[2, 3], [4]]);
    deepEqual(await pagesOf(other, { state: 'dead', sink: one }, 1), [[0], [1]]);
    deepEqual(await pagesOf(other, { state: 'waiting', sink: two }, 5), [[0, 1, 2, 3, 4]]);
    deepEqual(await pagesOf(other, { state: 'dead', sink: two }, 5), [[]]);
    const { items: dead } = await other.deliveries({ state: 'dead', sink: one, limit: 9 });
    deepEqual(
      dead.map(({ tries, problem }) => ({ tries, problem })),
      [
        { tries: 1, problem: 'no 0' },
        { tries: 1, problem: 'no 1' },
      ],
    );
  });

  law('lists those of all sinks together', async ({ store }) => {
    const own = [freshSink(), freshSink()];
    for (let n = 0; n < 3; n += 1) await record(store, own, [nth(n)]);
    const listed: StoredDelivery[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await store.deliveries({
        state: 'waiting',
        limit: 50,
        ...(cursor !== undefined && { cursor }),
      });
      listed.push(...page.items.filter(({ sink }) => own.includes(sink)));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    deepEqual(listed.map(numberOf), [0, 0, 1, 1, 2, 2]);
    equal(new Set(listed.map(({ id }) => id)).size, 6);
  });

  law('lists those of some realms only', async ({ store }) => {
    const sink = freshSink();
    for (let n = 0; n < 7; n += 1) {
      await record(store, [sink], [nth(n)], {
        facts: { ...FACTS, realm: n % 3 === 0 ? 'staff' : 'customers' },
      });
    }
    const of = async (...realms: string[]) =>
      (await pagesOf(store, { state: 'waiting', sink, realms }, 2)).flat();
    deepEqual(await of('staff'), [0, 3, 6]);
    deepEqual(await of('customers'), [1, 2, 4, 5]);
    deepEqual(await of('staff', 'customers'), [0, 1, 2, 3, 4, 5, 6]);
    deepEqual(await of('nowhere'), []);
    deepEqual(await of(), []);
  });

  law('a cursor of another list is refused, and so is an empty page', async ({ store }) => {
    await rejects(store.deliveries({ state: 'dead', limit: 5, cursor: 'nonsense' }), CursorError);
    await rejects(store.deliveries({ state: 'dead', limit: 0 }), RangeError);
  });

  law('tells of each sink what waits, what is dead, and since when', async ({ store, other }) => {
    const [one, two] = [freshSink(), freshSink()];
    const stateOf = async (sink: string) => (await other.outboxState()).find((state) => state.sink === sink);
    equal(await stateOf(one), undefined);
    for (let n = 0; n < 4; n += 1) await record(store, [one], [nth(n)]);
    await record(store, [two], [nth(9)]);
    deepEqual(await stateOf(one), { sink: one, waiting: 4, dead: 0, oldestAt: 1_900_000_000_000 });
    const { token, items } = await claim(store, [one], { limit: 2 });
    for (const item of items) await store.buryDelivery(item.id, token, 'no');
    deepEqual(await stateOf(one), { sink: one, waiting: 2, dead: 2, oldestAt: 1_900_000_000_002 });
    equal((await deliverAll(store, [one])).length, 2);
    deepEqual(await stateOf(one), { sink: one, waiting: 0, dead: 2, oldestAt: null });
    deepEqual(await stateOf(two), { sink: two, waiting: 1, dead: 0, oldestAt: 1_900_000_000_009 });
    const names = (await other.outboxState()).map(({ sink }) => sink);
    deepEqual(names, [...names].sort());
  });

  law('puts dead letters back, and records who did', async ({ store, other }) => {
    const sink = freshSink();
    const dead = async (n: number): Promise<StoredDelivery> => {
      await record(store, [sink], [nth(n)]);
      return bury(store, [sink]);
    };
    const [first, second] = [await dead(0), await dead(1)];
    await dead(2);
    await record(store, [sink], [nth(3)]);
    const { items } = await store.deliveries({ state: 'waiting', sink, limit: 5 });
    // One that waits is nothing to put back, nor is one that never was.
    const ids = [second.id, first.id, first.id, items[0]?.id ?? '', '999999999', 'nonsense'];
    const entry = entryOf('retry-deliveries');
    const before = await now(store);
    equal(await other.retryDeliveries(ids, entry), 2);
    deepEqual(await kept(store, sink), { waiting: 3, dead: 1 });
    deepEqual(await countsOf(store, entry), [2]);
    const told = (await store.list({ type: 'administered', limit: 500 })).items.find(
      ({ id }) => id === entry.id,
    );
    ok(told && told.event.at >= before && told.event.at <= (await now(store)));
    deepEqual(told.event, { ...entry.event, at: told.event.at, count: 2 });
    deepEqual([told.key, told.facts], [entry.key, entry.facts]);
    const delivered = await deliverAll(other, [sink]);
    deepEqual(new Set(delivered.map(numberOf)), new Set([0, 1, 3]));
    ok(delivered.every(({ tries }) => tries === 1));
  });

  law('drops dead letters, whose events stay, and records who did', async ({ store, other }) => {
    const sink = freshSink();
    const swap = await record(store, [sink], [nth(0)]);
    const dead = await bury(store, [sink]);
    await record(store, [sink], [nth(1)]);
    const { token, item } = await claimOne(store, [sink]);
    const entry = entryOf('drop-deliveries');
    equal(await other.dropDeliveries([dead.id, item.id, '999999999'], entry), 1);
    deepEqual(await kept(store, sink), { waiting: 1, dead: 0 });
    deepEqual(await countsOf(store, entry), [1]);
    ok((await store.list({ limit: 500 })).items.some(({ key }) => key === swap.key));
    equal(await store.finishDelivery(item.id, token), true);
    equal(await other.retryDeliveries([dead.id], entryOf('retry-deliveries')), 0);
  });

  law('sent again, the same change is the same one', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(0)]);
    const dead = await bury(store, [sink]);
    const entry = entryOf('retry-deliveries');
    equal(await store.retryDeliveries([dead.id], entry), 1);
    equal(await other.retryDeliveries([dead.id], entry), 1);
    await bury(store, [sink]);
    equal(await other.retryDeliveries([dead.id], entry), 1);
    deepEqual(await kept(store, sink), { waiting: 0, dead: 1 });
    deepEqual(await countsOf(store, entry), [1]);
    const drop = entryOf('drop-deliveries');
    const answers = await Promise.all(
      [store, other, store, other].map((one) => one.dropDeliveries([dead.id], drop)),
    );
    ok(answers.includes(1));
    equal(await store.dropDeliveries([dead.id], drop), 1);
    deepEqual(await countsOf(store, drop), [1]);
  });

  law('nothing changed is nothing recorded', async ({ store }) => {
    const entry = entryOf('retry-deliveries');
    equal(await store.retryDeliveries([], entry), 0);
    equal(await store.dropDeliveries(['999999999'], entry), 0);
    deepEqual(await countsOf(store, entry), []);
  });

  law('what an administrator did is delivered as all else', async ({ store, other }) => {
    const [sink, watcher] = [freshSink(), freshSink()];
    await record(store, [sink], [nth(0)]);
    const dead = await bury(store, [sink]);
    const entry = entryOf('drop-deliveries', [watcher]);
    equal(await store.dropDeliveries([dead.id], entry), 1);
    const [told, ...more] = await deliverAll(other, [watcher]);
    deepEqual(more, []);
    equal(told?.event.id, entry.id);
    deepEqual(told?.event.event, { ...entry.event, at: told?.event.event.at, count: 1 });
  });

  law('a broken entry is refused as data, and nothing is changed', async ({ store }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(0)]);
    const dead = await bury(store, [sink]);
    const good = entryOf('drop-deliveries');
    for (const broken of [
      { ...good, id: 'x' },
      { ...good, key: good.id },
    ]) {
      await rejects(store.dropDeliveries([dead.id], broken), (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    deepEqual(await kept(store, sink), { waiting: 0, dead: 1 });
  });
}

/** The numbers on each page of a list. */
async function pagesOf(
  store: OutboxStore,
  query: Omit<DeliveryQuery, 'limit' | 'cursor'>,
  limit: number,
): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await store.deliveries({
      ...query,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    pages.push(items.map(numberOf));
    if (nextCursor === null) return pages;
    cursor = nextCursor;
  }
}
