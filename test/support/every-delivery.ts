import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RecordFacts, Swap } from 'nestjs-lockout';
import { contractEntry, contractHash, contractKey, contractSwap } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';

const DAY_MS = 86_400_000;
const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/**
 * Each statement about deliveries, quotas, links, erasure and retention once, over connections and names that are not the
 * common ones. What they promise is the contracts' to hold.
 */
export async function everyDelivery(one: TypeormLockoutStore, two: TypeormLockoutStore): Promise<void> {
  const realm = `realm ${hex(4)}`;
  const sink = `sink-${hex(4)}`;
  const accountHash = contractHash();
  const facts: RecordFacts = {
    ...contractSwap().facts,
    realm,
    accountHash,
    accountLabel: 'alice',
  };
  const { now } = await one.load([]);
  const swap: Swap = contractSwap({
    facts,
    events: [1, 2, 3].map((failures) => ({ type: 'failed', at: now, failures })),
    deliverTo: [[sink], [sink], [sink]],
  });
  expect(await one.compareAndSwap([swap], { now })).toEqual(new Set());
  const claim = async () => {
    const token = hex(16);
    const [claimed] = await two.claimDeliveries({ sinks: [sink], token, leaseMs: 30_000, limit: 9 });
    return { id: claimed?.id ?? '', token, event: claimed?.event.event };
  };
  const first = await claim();
  expect(first.event).toMatchObject({ failures: 1 });
  expect((await claim()).id).toBe('');
  expect(await two.deferDelivery(first.id, first.token, { inMs: 0, problem: 'later' })).toBe(true);
  const again = await claim();
  expect(await two.buryDelivery(again.id, again.token, 'never')).toBe(true);
  const second = await claim();
  expect(second.event).toMatchObject({ failures: 2 });
  expect(await two.finishDelivery(second.id, second.token)).toBe(true);
  expect(await one.retryDeliveries([first.id], contractEntry(realm))).toBe(1);
  const retried = await claim();
  expect(retried.id).toBe(first.id);
  expect(await two.buryDelivery(retried.id, retried.token, 'never')).toBe(true);
  const dead = await one.deliveries({ state: 'dead', sink, realms: [realm], limit: 9 });
  expect(dead.items.map(({ id, problem }) => [id, problem])).toEqual([[first.id, 'never']]);
  const own = (await one.outboxState()).find((state) => state.sink === sink);
  expect(own).toEqual({ sink, waiting: 1, dead: 1, oldestAt: now });
  expect(await one.dropDeliveries([first.id], contractEntry(realm))).toBe(1);

  const erasure = { realm, accounts: [accountHash], label: 'alice' };
  const entry = contractEntry(realm, { deliverTo: [sink] });
  let step = await one.eraseEvents(erasure, entry);
  let erased = step.erased;
  while (step.cursor !== null) {
    step = await one.eraseEvents(erasure, entry, step.cursor);
    erased += step.erased;
  }
  expect(erased).toBe(3);
  const administered = await claim();
  expect(administered.event).toMatchObject({ type: 'administered', count: 3 });
  expect(await two.finishDelivery(administered.id, administered.token)).toBe(true);
  const kept = async () => (await one.list({ realms: [realm], limit: 9 })).items.length;
  expect(await kept()).toBe(6);
  while ((await one.dropEvents(now + DAY_MS, 256)) > 0);
  expect(await kept()).toBe(0);

  const quota = hex(32);
  expect([await one.takeQuota(quota, 1, DAY_MS), await two.takeQuota(quota, 1, DAY_MS)]).toEqual([
    true,
    false,
  ]);
  await two.returnQuota(quota);
  expect(await one.quotaTaken(quota)).toBe(0);
  const link = { digest: hex(32), key: contractKey(), since: now, realm, accountHash };
  await one.saveUnlockLink({ ...link, expiresAt: now + DAY_MS });
  expect(await two.findUnlockLink(link.digest)).toMatchObject({ link });
  expect([await two.dropUnlockLink(link.digest), await one.dropUnlockLink(link.digest)]).toEqual([
    true,
    false,
  ]);
}
