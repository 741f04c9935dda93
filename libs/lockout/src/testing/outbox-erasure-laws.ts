import { deepEqual, equal, ok } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import { NEXT_STEP_MS } from '../store/audit-entry.js';
import type { AuditEntry, Erasure } from '../store/audit-log.js';
import { contractEntry, countOf, freshSink } from './contract-entry.js';
import { contractHash, FACTS } from './contract-swap.js';
import type { OutboxContractOptions } from './outbox-contract.js';
import {
  claim,
  claimOne,
  nth,
  type OpenedOutbox,
  type OutboxLaw,
  type OutboxStore,
  record,
} from './outbox-law.js';
import { timedBy } from './port-law.js';

/** More events than a step of an erasure changes, and how many of them are of one record. */
const RECORDS = 9;
const OF_EACH = 50;

/** What becomes of deliveries when an account is erased, and when that is delivered. */
export function outboxErasureLaws(law: OutboxLaw, lanes: NonNullable<OutboxContractOptions['lanes']>): void {
  const timed = timedBy(law);

  law(
    'an erasure of several steps is delivered once it is whole, with all that came of it',
    async ({ store }) => {
      const { erasure, entry, sink } = await largeAccount(store);
      const { cursor } = await store.eraseEvents(erasure, entry);
      ok(cursor !== null, 'it was a single step');
      deepEqual(await countsClaimed(store, sink), []);
      await eraseOn(store, erasure, entry, cursor);
      deepEqual(await countsClaimed(store, sink), [RECORDS * OF_EACH]);
      // What is sent again is delivered no second time.
      await eraseOn(store, erasure, entry, undefined);
      deepEqual(await countsClaimed(store, sink), []);
    },
  );

  timed('an erasure that was cut short is delivered after a while, with what came of it', async (opened) => {
    const { store, advance } = opened;
    const { erasure, entry, sink } = await largeAccount(store);
    const first = await store.eraseEvents(erasure, entry);
    await advance(NEXT_STEP_MS / 2);
    deepEqual(await countsClaimed(store, sink), []);
    const second = await store.eraseEvents(erasure, entry, first.cursor ?? undefined);
    ok(second.cursor !== null, 'two steps were all');
    await advance(NEXT_STEP_MS / 2);
    deepEqual(await countsClaimed(store, sink), []);
    await advance(NEXT_STEP_MS / 2);
    deepEqual(await countsClaimed(store, sink), [first.erased + second.erased]);
  });

  if (lanes === 'account') {
    law('what waits behind an erased event goes on', async ({ store, other }) => {
      const sink = freshSink();
      const hash = contractHash();
      await record(store, [sink], [nth(0)], { facts: { ...FACTS, accountHash: hash } });
      await claimOne(store, [sink]);
      // In the lane of the account without being of it: as what is recorded while the erasure is under way.
      const { key } = await record(store, [sink], [nth(1)], { facts: { ...FACTS, addressHash: hash } });
      await claim(other, [sink]);
      const erasure = { realm: FACTS.realm, accounts: [hash], label: null };
      await eraseOn(store, erasure, contractEntry(FACTS.realm), undefined);
      equal((await claimOne(other, [sink])).item.event.key, key);
    });
  }

  law('what a sink said of an event that named an erased account is forgotten', async ({ store }) => {
    const [waiting, dead] = [freshSink(), freshSink()];
    const label = `alice-${freshSink()}`;
    const facts = { ...FACTS, addressHash: contractHash() };
    const events = [{ ...nth(0), origin: { account: label } }];
    await record(store, [waiting, dead], events, { facts });
    const problem = `no such user: ${label}`;
    const deferred = await claimOne(store, [waiting]);
    await store.deferDelivery(deferred.item.id, deferred.token, { inMs: 1, problem });
    const buried = await claimOne(store, [dead]);
    await store.buryDelivery(buried.item.id, buried.token, problem);
    const erasure = { realm: FACTS.realm, accounts: [contractHash()], label };
    await eraseOn(store, erasure, contractEntry(FACTS.realm), undefined);
    const left = [
      ...(await store.deliveries({ state: 'waiting', sink: waiting, limit: 10 })).items,
      ...(await store.deliveries({ state: 'dead', sink: dead, limit: 10 })).items,
    ];
    deepEqual(
      left.map((one) => [one.problem, one.tries, 'origin' in one.event.event]),
      [
        [null, 1, false],
        [null, 1, false],
      ],
    );
  });
}

interface LargeAccount {
  readonly erasure: Erasure;
  readonly entry: AuditEntry;
  readonly sink: string;
}

/** An account whose erasure takes more than two steps, and is for a sink. */
async function largeAccount(store: OpenedOutbox['store']): Promise<LargeAccount> {
  const accountHash: SubjectHash = contractHash();
  const events = Array.from({ length: OF_EACH }, (_, n) => nth(n));
  for (let n = 0; n < RECORDS; n += 1) {
    await record(store, [], events, { facts: { ...FACTS, accountHash } });
  }
  const sink = freshSink();
  return {
    erasure: { realm: FACTS.realm, accounts: [accountHash], label: null },
    entry: contractEntry(FACTS.realm, { deliverTo: [sink] }),
    sink,
  };
}

/** The steps of an erasure from there on. */
async function eraseOn(
  store: OutboxStore,
  erasure: Erasure,
  entry: AuditEntry,
  from: string | undefined,
): Promise<void> {
  for (let cursor: string | null | undefined = from; cursor !== null; ) {
    ({ cursor } = await store.eraseEvents(erasure, entry, cursor));
  }
}

/** What the entries that are due to a sink count; they are claimed by that. */
const countsClaimed = async (store: OutboxStore, sink: string): Promise<(number | undefined)[]> =>
  (await claim(store, [sink])).items.map(({ event }) => countOf(event.event));
