import { deepEqual, equal } from 'node:assert/strict';
import { eventId } from '../store/event-id.js';
import type { Swap } from '../store/record.js';
import { freshSink } from './contract-entry.js';
import { stored, swap, wins } from './contract-law.js';
import { contractHash, contractSwap, FACTS, LOCKED } from './contract-swap.js';
import { after, deliverAll, kept, nth, type OutboxLaw, record } from './outbox-law.js';

/** Deliveries belong to the swap that made their events: all of it, or none. */
export function outboxRecordingLaws(law: OutboxLaw): void {
  law('a swap that wins leaves a delivery of each event to each of its sinks', async ({ store, other }) => {
    const [one, two] = [freshSink(), freshSink()];
    const facts = { ...FACTS, accountHash: contractHash(), accountLabel: 'álice 🔒' };
    const won = contractSwap({ facts, events: [nth(1), LOCKED, nth(3)], deliverTo: [[one], [two, one], []] });
    await wins(store, [won]);
    const told = async (sink: string) =>
      (await deliverAll(other, [sink])).map(({ sink: to, event }) => ({ to, ...event }));
    const expected = (to: string, n: number) => ({
      to,
      id: eventId(won.key, won.version, n),
      key: won.key,
      event: won.events[n],
      facts,
    });
    deepEqual(await told(one), [expected(one, 0), expected(one, 1)]);
    deepEqual(await told(two), [expected(two, 1)]);
  });

  law(
    'a delivery has the id of its event, and nothing is delivered that is not in the record',
    async (opened) => {
      const { store, other } = opened;
      const sink = freshSink();
      const accountHash = contractHash();
      const first = await record(store, [sink], [nth(1), nth(2)], { facts: { ...FACTS, accountHash } });
      await record(store, [sink], [nth(3)], after(first));
      const { items } = await store.list({ account: accountHash, limit: 10 });
      equal(items.length, 3);
      deepEqual(
        (await deliverAll(other, [sink])).map(({ event }) => event),
        items.toReversed(),
      );
    },
  );

  law('a swap that loses leaves none, beside one that wins', async ({ store }) => {
    const sink = freshSink();
    const taken = contractSwap();
    await wins(store, [taken]);
    const parts = { events: [LOCKED], deliverTo: [[sink]] };
    const winner = contractSwap(parts);
    const lost = await swap(store, [winner, contractSwap({ ...parts, key: taken.key })]);
    deepEqual([...lost], [taken.key]);
    deepEqual(await kept(store, sink), { waiting: 1, dead: 0 });
    deepEqual(
      (await deliverAll(store, [sink])).map(({ event }) => event.key),
      [winner.key],
    );
  });

  law('atomic: what is rolled back leaves none (R33)', async ({ store }) => {
    const sink = freshSink();
    const taken = contractSwap();
    await wins(store, [taken]);
    const free = contractSwap({ events: [LOCKED], deliverTo: [[sink]] });
    deepEqual([...(await swap(store, [free, contractSwap({ key: taken.key })], true))], [taken.key]);
    deepEqual(await kept(store, sink), { waiting: 0, dead: 0 });
    deepEqual([...(await swap(store, [free, contractSwap()], true))], []);
    deepEqual(await kept(store, sink), { waiting: 1, dead: 0 });
  });

  law('swapExclusively leaves them too', async ({ store, other }) => {
    const sink = freshSink();
    const there = contractSwap();
    await wins(store, [there]);
    const decided: Swap = contractSwap({ ...after(there), events: [LOCKED], deliverTo: [[sink]] });
    deepEqual([...(await store.swapExclusively([there.key], () => [decided]))], []);
    deepEqual(
      (await deliverAll(other, [sink])).map(({ event }) => event.event),
      [LOCKED],
    );
  });

  law('a sink that is named twice is told once', async ({ store }) => {
    const sink = freshSink();
    await wins(store, [contractSwap({ events: [LOCKED], deliverTo: [[sink, sink]] })]);
    equal((await deliverAll(store, [sink])).length, 1);
  });

  law('an event for nobody is recorded and delivered to nobody', async ({ store }) => {
    const accountHash = contractHash();
    const facts = { ...FACTS, accountHash };
    const before = (await store.outboxState()).length;
    await wins(store, [
      contractSwap({ facts, events: [LOCKED] }),
      contractSwap({ facts, events: [LOCKED, nth(2)], deliverTo: [] }),
      contractSwap({ facts, events: [LOCKED], deliverTo: [[]] }),
    ]);
    equal((await store.list({ account: accountHash, limit: 10 })).items.length, 4);
    equal((await store.outboxState()).length, before);
    deepEqual(await deliverAll(store, []), []);
  });

  law('many events of many records at once are all there', async ({ store, other }) => {
    const sink = freshSink();
    const swaps = Array.from({ length: 40 }, () =>
      contractSwap({ events: [nth(1), nth(2), nth(3)], deliverTo: [[sink], [sink], [sink]] }),
    );
    await wins(store, swaps);
    const delivered = await deliverAll(other, [sink]);
    equal(delivered.length, 120);
    for (const { key } of swaps) {
      deepEqual(
        delivered.filter(({ event }) => event.key === key).map(({ event }) => event.event),
        [nth(1), nth(2), nth(3)],
      );
    }
    equal((await stored(store, swaps[0]?.key as Swap['key']))?.state.failures, 1);
  });
}
