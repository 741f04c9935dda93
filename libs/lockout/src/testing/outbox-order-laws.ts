import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Swap } from '../store/record.js';
import { freshSink } from './contract-entry.js';
import { contractHash, FACTS } from './contract-swap.js';
import type { OutboxContractOptions } from './outbox-contract.js';
import {
  after,
  bury,
  claim,
  claimOne,
  deliverAll,
  entryOf,
  nth,
  numberOf,
  type OpenedOutbox,
  type OutboxLaw,
  record,
} from './outbox-law.js';
import { timedBy } from './port-law.js';

/** More than a claim looks at at once. */
const LONG = 300;

/** What is delivered in which order, and what holds up what. */
export function outboxOrderLaws(
  law: OutboxLaw,
  callers: number,
  lanes: NonNullable<OutboxContractOptions['lanes']>,
): void {
  const timed = timedBy(law);

  law('the events of a record come one after the other, whoever claims', async ({ store, other }) => {
    const sink = freshSink();
    const first = await record(store, [sink], [nth(0), nth(1), nth(2)]);
    await record(other, [sink], [nth(3), nth(4)], after(first));
    for (let n = 0; n < 5; n += 1) {
      const [one, two] = n % 2 === 0 ? [store, other] : [other, store];
      const { token, item } = await claimOne(one, [sink]);
      equal(numberOf(item), n);
      deepEqual((await claim(two, [sink])).items, []);
      equal(await two.finishDelivery(item.id, token), true);
    }
    deepEqual((await claim(store, [sink])).items, []);
  });

  law('one sink does not hold up another', async ({ store, other }) => {
    const [slow, quick] = [freshSink(), freshSink()];
    await record(store, [slow, quick], [nth(0), nth(1), nth(2)]);
    const { item } = await claimOne(store, [slow]);
    equal(numberOf(item), 0);
    deepEqual((await deliverAll(other, [quick, slow])).map(numberOf), [0, 1, 2]);
  });

  if (lanes === 'account') {
    law('the events of an account come in order, whatever record they are of', async (opened) => {
      const { store, other } = opened;
      const sink = freshSink();
      const facts = { ...FACTS, accountHash: contractHash(), addressHash: contractHash() };
      for (let n = 0; n < 6; n += 1) {
        await record(n % 2 === 0 ? store : other, [sink], [nth(n)], { facts });
      }
      // Of the same address, and of nobody: neither waits for the account.
      await record(store, [sink], [nth(6)], { facts: { ...facts, accountHash: null } });
      await record(store, [sink], [nth(7)]);
      const { token, items } = await claim(other, [sink]);
      deepEqual(items.map(numberOf), [0, 6, 7]);
      for (const item of items) await other.finishDelivery(item.id, token);
      deepEqual((await deliverAll(store, [sink])).map(numberOf), [1, 2, 3, 4, 5]);
    });

    law('the events of an address alone come in order', async ({ store }) => {
      const sink = freshSink();
      const facts = { ...FACTS, addressHash: contractHash() };
      for (let n = 0; n < 3; n += 1) await record(store, [sink], [nth(n)], { facts });
      deepEqual((await claim(store, [sink])).items.map(numberOf), [0]);
    });
  }

  timed('one that is deferred holds up its lane, and no other', async ({ store, other, advance }) => {
    const sink = freshSink();
    const first = await record(store, [sink], [nth(0), nth(1)]);
    const { token, item } = await claimOne(store, [sink]);
    await store.deferDelivery(item.id, token, { inMs: 60_000, problem: 'busy' });
    await record(other, [sink], [nth(2)], after(first));
    await record(other, [sink], [nth(9)]);
    deepEqual((await deliverAll(other, [sink])).map(numberOf), [9]);
    await advance(59_999);
    deepEqual((await claim(other, [sink])).items, []);
    await advance(1);
    deepEqual((await deliverAll(other, [sink])).map(numberOf), [0, 1, 2]);
  });

  law('one that is buried lets its lane go on', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(0), nth(1), nth(2)]);
    equal(numberOf(await bury(store, [sink])), 0);
    const { token, item } = await claimOne(other, [sink]);
    equal(numberOf(item), 1);
    deepEqual((await claim(store, [sink])).items, []);
    await other.finishDelivery(item.id, token);
    deepEqual((await deliverAll(other, [sink])).map(numberOf), [2]);
  });

  law('one that is put back comes before what still waits in its lane', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(0), nth(1), nth(2), nth(3)]);
    const dead = await bury(store, [sink]);
    const { token, item } = await claimOne(store, [sink]);
    equal(numberOf(item), 1);
    // The second is under way, the third was seen to wait for it.
    deepEqual((await claim(other, [sink])).items, []);
    equal(await other.retryDeliveries([dead.id], entryOf('retry-deliveries')), 1);
    const again = await claimOne(other, [sink]);
    deepEqual([numberOf(again.item), again.item.tries], [0, 1]);
    await store.finishDelivery(item.id, token);
    deepEqual((await claim(store, [sink])).items, []);
    await other.finishDelivery(again.item.id, again.token);
    deepEqual((await deliverAll(store, [sink])).map(numberOf), [2, 3]);
  });

  timed('a long lane that cannot go on holds up nobody else', async ({ store, other, advance }) => {
    const sink = freshSink();
    const events = Array.from({ length: LONG }, (_, n) => nth(n));
    const first = await record(store, [sink], events);
    const { token, item } = await claimOne(store, [sink]);
    await store.deferDelivery(item.id, token, { inMs: 3_600_000, problem: 'busy' });
    await advance(5_000);
    for (let n = 0; n < 5; n += 1) await record(other, [sink], [nth(1_000 + n)]);
    await record(other, [sink], [nth(LONG)], after(first));
    const given = new Set<number>();
    for (let n = 0; n < 5; n += 1) {
      const claimed = await claim(other, [sink], { limit: 3 });
      for (const one of claimed.items) {
        given.add(numberOf(one));
        await other.finishDelivery(one.id, claimed.token);
      }
    }
    deepEqual(given, new Set([1_000, 1_001, 1_002, 1_003, 1_004]));
    await advance(3_600_000);
    for (let n = 0; n < 4; n += 1) {
      const next = await claimOne(n % 2 === 0 ? store : other, [sink]);
      equal(numberOf(next.item), n);
      await store.finishDelivery(next.item.id, next.token);
    }
  });

  law('many who deliver while more is recorded keep each lane in order, and lose none', async (opened) => {
    await crowd(opened, callers);
  });
}

const RECORDS = 8;
const EVENTS = 6;
/** So often in a row nothing is there before it is said that something was lost. */
const MAX_IDLE = 500;

/**
 * The clock may stand still: what is left behind stays so. The first and the fourth of each record are deferred once, the
 * third is buried.
 */
async function crowd({ store, other }: OpenedOutbox, callers: number): Promise<void> {
  const sinks = [freshSink(), freshSink()];
  const lanes = new Map<string, number[]>();
  const underWay = new Set<string>();
  let [left, busy, most, ended] = [RECORDS * EVENTS * sinks.length, 0, 0, false];

  const work = async (n: number): Promise<void> => {
    const client = n % 2 === 0 ? store : other;
    for (let idle = 0; left > 0 && !ended; idle += 1) {
      ok(idle < MAX_IDLE, `${left} were never given`);
      const { token, items } = await claim(client, sinks, { limit: 1 + (n % 4) });
      if (items.length > 0) {
        idle = 0;
        busy += 1;
        most = Math.max(most, busy);
      }
      for (const item of items) {
        const lane = `${item.sink} ${item.event.key}`;
        ok(!underWay.has(lane), 'two of a lane were under way');
        underWay.add(lane);
      }
      for (const item of items) {
        const lane = `${item.sink} ${item.event.key}`;
        const place = numberOf(item);
        const isDeferred = item.tries === 1 && place % 3 === 0;
        if (!isDeferred) lanes.set(lane, [...(lanes.get(lane) ?? []), place]);
        underWay.delete(lane);
        if (isDeferred) {
          ok(await client.deferDelivery(item.id, token, { inMs: 0, problem: 'once more' }));
        } else {
          left -= 1;
          ok(
            place === 2
              ? await client.buryDelivery(item.id, token, 'no')
              : await client.finishDelivery(item.id, token),
          );
        }
      }
      if (items.length > 0) busy -= 1;
    }
  };

  const fill = async (n: number): Promise<void> => {
    let swap: Swap | null = null;
    for (let event = 0; event < EVENTS; event += 2) {
      const parts: Partial<Swap> = swap ? after(swap) : {};
      swap = await record(n % 2 === 0 ? store : other, sinks, [nth(event), nth(event + 1)], parts);
    }
  };

  const stopped = (error: unknown): never => {
    ended = true;
    throw error;
  };
  await Promise.all([
    ...Array.from({ length: RECORDS }, (_, n) => fill(n).catch(stopped)),
    ...Array.from({ length: callers }, (_, n) => work(n).catch(stopped)),
  ]);
  equal(lanes.size, RECORDS * sinks.length);
  for (const places of lanes.values()) deepEqual(places, [0, 1, 2, 3, 4, 5]);
  ok(most > 1, 'no race was run: one at a time');
}
