import { deepEqual, equal } from 'node:assert/strict';
import type { LockoutEventType } from '../policy/event.js';
import type { EventShape, ShapeQuery } from '../store/audit-log.js';
import type { Swap } from '../store/record.js';
import { contractHash, contractSwap } from './contract-swap.js';
import { account, address, type DirectoryLaw, MINUTE } from './directory-law.js';
import { EVENT_TYPES, eventAt } from './event-list-laws.js';

const HOUR = 60 * MINUTE;

/** The shape of what these swaps recorded, by looking at every event. */
function expected({ realms, from, to, sliceMs, top }: ShapeQuery, swaps: readonly Swap[]): EventShape {
  const events = swaps
    .filter(({ facts }) => realms.includes(facts.realm))
    .flatMap(({ facts, events: own }) => own.map(({ at, type }) => ({ at, type, facts })))
    .filter(({ at }) => at >= from && at < to);
  const slices: EventShape['slices'][number][] = [];
  for (let at = from; at < to; at += sliceMs) {
    for (const type of EVENT_TYPES.toSorted()) {
      const count = events.filter((one) => one.type === type && one.at >= at && one.at < at + sliceMs).length;
      if (count > 0) slices.push({ at, type, count });
    }
  }
  const against = events.filter(({ type }) => type === 'locked' || type === 'failed');
  const hashes = new Set(against.map(({ facts }) => facts.addressHash).filter((hash) => hash !== null));
  const addresses = [...hashes].map((addressHash) => {
    const own = against.filter(({ facts }) => facts.addressHash === addressHash);
    const [first] = own as [(typeof own)[number]];
    return { realm: first.facts.realm, addressHash, label: first.facts.addressLabel, count: own.length };
  });
  addresses.sort((a, b) => b.count - a.count || (a.addressHash < b.addressHash ? -1 : 1));
  return { slices, addresses: addresses.slice(0, top), countedFrom: from };
}

/** What was recorded, by slice of time and by address. */
export function shapeLaws(law: DirectoryLaw): void {
  law('counts events by slice and type, and tells the busiest addresses', async (store, realm, write) => {
    // Events are dated no later than they are recorded.
    const { now } = await store.load([]);
    const realms = [realm, `${realm}-b`];
    const homes = Array.from({ length: 5 }, (_, n) => ({
      hash: contractHash(),
      label: n === 2 ? null : `10.0.0.${n}`,
      realm: realms[n % 2] ?? '',
    }));
    const swaps = Array.from({ length: 60 }, (_, n) => {
      const home = homes[(n * n) % 5] as (typeof homes)[number];
      const facts = {
        ...(n % 3 === 0 ? account('alice', home.realm) : address('', home.realm)),
        ...(n % 4 === 3 ? {} : { addressHash: home.hash, addressLabel: home.label }),
      };
      const events = [n % 5, (n + 2) % 5].map((kind, own) =>
        eventAt(EVENT_TYPES[kind] as LockoutEventType, now - ((n * 7 + own * 3) % 50) * 6 * MINUTE),
      );
      return contractSwap({ facts: n % 4 === 3 ? { ...facts, addressHash: null } : facts, events });
    });
    await write(...swaps);
    const wide = { realms, from: now - 5 * HOUR, to: now + 1, sliceMs: 30 * MINUTE, top: 3 };
    const queries: ShapeQuery[] = [
      wide,
      { ...wide, realms: [realm] },
      { ...wide, realms: [`${realm}-none`] },
      { ...wide, realms: [] },
      { ...wide, top: 100, sliceMs: 5 * MINUTE },
      { ...wide, sliceMs: 24 * HOUR },
      // Both ends are where an event is: the first is counted, the last is not.
      { ...wide, from: now - 120 * MINUTE, to: now - 60 * MINUTE, sliceMs: 7 * MINUTE },
    ];
    for (const query of queries) deepEqual(await store.shape(query), expected(query, swaps));
    equal((await store.shape(wide)).addresses.length, 3);
  });
}
