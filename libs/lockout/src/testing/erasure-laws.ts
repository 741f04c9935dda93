import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import type { EventOrigin, LockoutEvent } from '../policy/event.js';
import type { AuditEntry, AuditLog, Erasure, RecordedEvent } from '../store/audit-log.js';
import { NO_KEY } from '../store/erased-event.js';
import { isOutbox } from '../store/outbox.js';
import type { RecordFacts } from '../store/record.js';
import { contractEntry, countOf, freshSink, freshToken, recordedIn } from './contract-entry.js';
import { contractHash, contractSwap, HOSTILE_LABELS, LOCKED } from './contract-swap.js';
import { account, address, type DirectoryLaw, NOW } from './directory-law.js';

const ORIGIN: EventOrigin = {
  attempt: 'a1',
  account: 'alice',
  address: '192.0.2.1',
  device: 'laptop',
  userAgent: 'Mozilla/5.0',
};
const UNLOCKED = {
  type: 'unlocked',
  at: NOW,
  via: 'admin',
  by: 'ops',
  reason: 'alice asked',
  before: { failures: 5, escalation: 1, since: NOW, until: null, cause: 'failures' },
} as const satisfies LockoutEvent;

/** All steps of an erasure; how many events they changed. */
async function erase(audit: AuditLog, erasure: Erasure, entry: AuditEntry): Promise<number> {
  let erased = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const step = await audit.eraseEvents(erasure, entry, cursor);
    erased += step.erased;
    cursor = step.cursor;
  }
  return erased;
}

const failed = (n: number, origin?: EventOrigin): LockoutEvent => ({
  type: 'failed',
  at: NOW + n,
  failures: n,
  ...(origin && { origin }),
});

const without = (recorded: RecordedEvent, facts: Partial<RecordFacts>, key = recorded.key): RecordedEvent => {
  const { origin: _, ...event } = recorded.event as LockoutEvent & { origin?: EventOrigin };
  return { ...recorded, key, event: event as LockoutEvent, facts: { ...recorded.facts, ...facts } };
};

/** An account is taken out of the record, and what happened stays. */
export function erasureLaws(law: DirectoryLaw): void {
  law(
    'erases an account from its events for good, and keeps what happened when',
    async (store, realm, write) => {
      const home = { addressHash: contractHash(), addressLabel: '192.0.2.1' };
      const [now, before] = [contractHash(), contractHash()];
      const swaps = [
        contractSwap({ facts: account('alice', realm, now), events: [failed(1, ORIGIN), UNLOCKED] }),
        contractSwap({ facts: { ...account('alice', realm, before), ...home }, events: [LOCKED] }),
        contractSwap({
          facts: { ...account('bob', realm), ...home },
          events: [failed(2, { ...ORIGIN, account: 'bob' })],
        }),
      ];
      for (const swap of swaps) await write(swap);
      const recorded = await recordedIn(store, { realms: [realm] });
      equal(recorded.length, 4);
      const shape = { realms: [realm], from: NOW - 10, to: NOW + 10, sliceMs: 1, top: 3 };
      const { slices } = await store.shape(shape);

      const entry = contractEntry(`${realm}-of-ops`);
      equal(await erase(store, { realm, accounts: [now, before], label: 'alice' }, entry), 3);

      const erased = { accountHash: null, accountLabel: null, addressLabel: null };
      deepEqual(
        await recordedIn(store, { realms: [realm] }),
        recorded.map((one) => (one.facts.accountLabel === 'bob' ? one : without(one, erased, NO_KEY))),
      );
      for (const hash of [now, before]) deepEqual(await recordedIn(store, { account: hash }), []);
      equal((await recordedIn(store, { address: home.addressHash })).length, 2);
      deepEqual((await store.shape(shape)).slices, slices);
      const left = JSON.stringify(await recordedIn(store, { realms: [realm], type: 'failed' }));
      ok(!left.includes('alice'), left);
      equal(await erase(store, { realm, accounts: [now, before], label: 'alice' }, entry), 0);
    },
  );

  law('erases an account from the origin of what is recorded of addresses', async (store, realm, write) => {
    const names = ['alice', 'alice2', 'lice', 'bob"},"account":"alice', ...HOSTILE_LABELS];
    const facts = address('192.0.2.1', realm);
    for (const [n, name] of names.entries()) {
      await write(contractSwap({ facts, events: [failed(n, { ...ORIGIN, account: name })] }));
    }
    // By what it was called, nobody was tried there.
    await write(contractSwap({ facts, events: [{ ...UNLOCKED, reason: `{"account":"alice"}` }] }));
    await write(contractSwap({ facts: address('192.0.2.1', `${realm}-b`), events: [failed(1, ORIGIN)] }));
    const all = await recordedIn(store, { realms: [realm, `${realm}-b`] });
    for (const [n, label] of names.entries()) {
      equal(await erase(store, { realm, accounts: [contractHash()], label }, contractEntry(realm)), 1, label);
      const found = await recordedIn(store, { realms: [realm], type: 'failed' });
      deepEqual(
        found.map(({ event }) => 'origin' in event),
        names.map((_, place) => place > n).reverse(),
      );
    }
    deepEqual(
      (await recordedIn(store, { realms: [realm, `${realm}-b`] })).filter(
        ({ event }) => event.type !== 'administered',
      ),
      all.map((one) => (one.facts.realm === realm ? without(one, {}) : one)),
    );
    equal(await erase(store, { realm, accounts: [contractHash()], label: null }, contractEntry(realm)), 0);
  });

  law('erases in steps that are recorded once, and counted together', async (store, realm, write) => {
    const events = Array.from({ length: 60 }, (_, n) => failed(n, ORIGIN));
    const facts = account('alice', realm);
    const accounts = [facts.accountHash as SubjectHash];
    for (let n = 0; n < 10; n += 1) await write(contractSwap({ facts, events }));
    const home = address('192.0.2.1', realm);
    for (let n = 0; n < 5; n += 1) await write(contractSwap({ facts: home, events }));
    const erasure = { realm, accounts, label: 'alice' };
    const entry = contractEntry(realm);
    const { now } = await store.load([]);
    const first = await store.eraseEvents(erasure, entry);
    ok(first.cursor !== null && first.erased > 0 && first.erased < 600, `${first.erased} at once`);
    const [begun] = await recordedIn(store, { realms: [realm], type: 'administered' });
    equal(countOf(begun?.event), first.erased);
    // As if its answer was lost: what was done is not found again.
    const all = first.erased + (await erase(store, erasure, entry));
    equal(all, 900);
    const recorded = await recordedIn(store, { realms: [realm], type: 'administered' });
    deepEqual(
      recorded.map(({ event, ...rest }) => ({ ...rest, event: { ...event, at: 0 } })),
      [{ id: entry.id, key: entry.key, facts: entry.facts, event: { ...entry.event, count: 900 } }],
    );
    ok((recorded[0]?.event.at ?? 0) >= now, 'it is not dated by the store');
    deepEqual(await recordedIn(store, { account: facts.accountHash as SubjectHash }), []);
  });

  law(
    'drops what was to be delivered of it, and delivers that it was erased',
    async (store, realm, write) => {
      if (!isOutbox(store)) return;
      const sink = freshSink();
      const facts = account('alice', realm);
      const own = contractSwap({ facts, events: [failed(1), failed(2)], deliverTo: [[sink], [sink]] });
      const bobs = contractSwap({ facts: account('bob', realm), events: [failed(3)], deliverTo: [[sink]] });
      await write(own);
      await write(bobs);
      const claim = { sinks: [sink], token: freshToken(), leaseMs: 60_000, limit: 10 };
      const claimed = await store.claimDeliveries(claim);
      const first = claimed.find(({ event }) => event.key === own.key);
      ok(first && (await store.buryDelivery(first.id, claim.token, 'gone')), 'nothing was buried');
      const entry = contractEntry(realm, { deliverTo: [sink] });
      await erase(store, { realm, accounts: [facts.accountHash as SubjectHash], label: 'alice' }, entry);
      const keysOf = async (state: 'waiting' | 'dead'): Promise<string[]> =>
        (await store.deliveries({ state, sink, limit: 10 })).items.map(({ event }) => event.key);
      deepEqual(await keysOf('waiting'), [bobs.key, entry.key]);
      deepEqual(await keysOf('dead'), []);
    },
  );

  law('records an erasure of nothing, and refuses an entry that is none', async (store, realm) => {
    const erasure = { realm, accounts: [contractHash()], label: 'alice' };
    const entry = contractEntry(realm);
    equal(await erase(store, erasure, entry), 0);
    equal(await erase(store, erasure, entry), 0);
    const [recorded, ...others] = await recordedIn(store, { realms: [realm] });
    deepEqual([recorded?.id, countOf(recorded?.event), others], [entry.id, 0, []]);
    for (const broken of [{ id: '' }, { id: 'x'.repeat(32) }, { key: 'ab' }]) {
      await rejects(store.eraseEvents(erasure, contractEntry(realm, broken)), { fault: 'data' });
    }
  });
}
