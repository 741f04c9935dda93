import { deepEqual, equal, ok } from 'node:assert/strict';
import type { AuditLog } from '../store/audit-log.js';
import { isOutbox } from '../store/outbox.js';
import { contractEntry, freshSink, freshToken, recordedIn } from './contract-entry.js';
import { contractSwap } from './contract-swap.js';
import { account, address, type DirectoryLaw } from './directory-law.js';
import { eventAt } from './event-list-laws.js';

/** So long ago that no other law's events are that old, once those that are have been dropped. */
const LONG_AGO = 1_000_000;

async function dropAllBefore(audit: AuditLog, before: number): Promise<number> {
  for (let total = 0; ; ) {
    const dropped = await audit.dropEvents(before, 50);
    total += dropped;
    if (dropped < 50) return total;
  }
}

/** Events are kept for a time. */
export function retentionLaws(law: DirectoryLaw): void {
  law('drops events of before a time, the oldest first, and no others', async (store, realm, write) => {
    await dropAllBefore(store, LONG_AGO + 1_000);
    const realms = [realm, `${realm}-b`];
    for (let n = 0; n < 12; n += 1) {
      const where = realms[n % 2] as string;
      const facts = n % 3 === 0 ? address('192.0.2.1', where) : account('alice', where);
      await write(
        contractSwap({ facts, events: [eventAt(n % 4 === 0 ? 'locked' : 'failed', LONG_AGO + n)] }),
      );
    }
    const left = async (): Promise<number[]> =>
      (await recordedIn(store, { realms })).map(({ event }) => event.at - LONG_AGO).reverse();
    equal(await store.dropEvents(LONG_AGO, 10), 0);
    equal(await store.dropEvents(LONG_AGO + 8, 3), 3);
    deepEqual(await left(), [3, 4, 5, 6, 7, 8, 9, 10, 11]);
    equal(await store.dropEvents(LONG_AGO + 8, 10), 5);
    equal(await store.dropEvents(LONG_AGO + 8, 10), 0);
    deepEqual(await left(), [8, 9, 10, 11]);
    const shape = { realms, from: LONG_AGO, to: LONG_AGO + 100, sliceMs: 100, top: 1 };
    const { slices } = await store.shape(shape);
    equal(
      slices.reduce((sum, { count }) => sum + count, 0),
      4,
    );
    equal((await recordedIn(store, { realms, type: 'locked' })).length, 1);
  });

  law('keeps an event until nothing of it is to be delivered', async (store, realm, write) => {
    if (!isOutbox(store)) return;
    await dropAllBefore(store, LONG_AGO + 1_000);
    const sink = freshSink();
    for (let n = 0; n < 3; n += 1) {
      const events = [eventAt('failed', LONG_AGO + n)];
      const deliverTo = [n === 0 ? [] : [sink]];
      await write(contractSwap({ facts: account('alice', realm), events, deliverTo }));
    }
    const left = async (): Promise<number[]> =>
      (await recordedIn(store, { realms: [realm] })).map(({ event }) => event.at - LONG_AGO);
    equal(await store.dropEvents(LONG_AGO + 10, 1), 1);
    equal(await store.dropEvents(LONG_AGO + 10, 1), 0);
    deepEqual(await left(), [2, 1]);
    const claim = { sinks: [sink], token: freshToken(), leaseMs: 60_000, limit: 10 };
    const claimed = await store.claimDeliveries(claim);
    const ids = [1, 2].map((n) => claimed.find(({ event }) => event.event.at === LONG_AGO + n)?.id ?? '');
    ok(await store.finishDelivery(ids[0] as string, claim.token));
    ok(await store.buryDelivery(ids[1] as string, claim.token, 'gone'));
    equal(await store.dropEvents(LONG_AGO + 10, 10), 1);
    deepEqual(await left(), [2]);
    equal(await store.dropDeliveries([ids[1] as string], contractEntry(`${realm}-of-ops`)), 1);
    equal(await store.dropEvents(LONG_AGO + 10, 10), 1);
    deepEqual(await left(), []);
  });

  law('drops each event once, however many do it at once', async (store, realm, write) => {
    await dropAllBefore(store, LONG_AGO + 1_000);
    const events = Array.from({ length: 40 }, (_, n) => eventAt('failed', LONG_AGO + n));
    for (let n = 0; n < 5; n += 1) await write(contractSwap({ facts: account('alice', realm), events }));
    const dropped = await Promise.all(
      Array.from({ length: 4 }, () => dropAllBefore(store, LONG_AGO + 1_000)),
    );
    equal(
      dropped.reduce((sum, count) => sum + count, 0),
      200,
    );
    deepEqual(await recordedIn(store, { realms: [realm] }), []);
  });
}
