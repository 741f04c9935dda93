import { deepEqual, equal } from 'node:assert/strict';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';
import type { EventQuery } from '../store/audit-log.js';
import type { Swap } from '../store/record.js';
import { recordedIn } from './contract-entry.js';
import { contractHash, contractSwap, LOCKED } from './contract-swap.js';
import { account, address, type DirectoryLaw, MINUTE, NOW } from './directory-law.js';

/** Events of one page: so few that lists have several. */
const PAGE = 4;

/** An event of each type. */
const EVENTS: Readonly<Record<LockoutEventType, LockoutEvent>> = {
  locked: LOCKED,
  expired: { type: 'expired', at: NOW },
  unlocked: {
    type: 'unlocked',
    at: NOW,
    via: 'admin',
    by: 'ops',
    reason: 'asked',
    before: { failures: 5, escalation: 1, since: NOW, until: null, cause: 'failures' },
  },
  failed: { type: 'failed', at: NOW, failures: 3 },
  'refund-refused': { type: 'refund-refused', at: NOW, failures: 4 },
  cleared: {
    type: 'cleared',
    at: NOW,
    via: 'success',
    before: { failures: 5, escalation: 1, since: null, until: null, cause: null },
    consecutive: 7,
    left: { failures: 1, escalation: 0 },
  },
  'succeeded-after-failures': {
    type: 'succeeded-after-failures',
    at: NOW,
    failures: 6,
    origin: { account: 'alice', userAgent: 'Mozilla/5.0' },
  },
  'policy-changed': {
    type: 'policy-changed',
    at: NOW,
    policy: 'login',
    brand: null,
    version: 2,
    by: 'ops',
    reason: 'asked',
    deleted: false,
  },
  administered: { type: 'administered', at: NOW, action: 'erase', by: 'ops', reason: 'asked', count: 9 },
};

export const EVENT_TYPES = Object.keys(EVENTS) as LockoutEventType[];

/** An event of this type, dated so. */
export const eventAt = (type: LockoutEventType, at: number): LockoutEvent => ({ ...EVENTS[type], at });

/** The list of events under every filter. */
export function eventListLaws(law: DirectoryLaw): void {
  law('lists every event once, latest first, by every filter', async (store, realm, write) => {
    const accountHash = contractHash();
    const addressHash = contractHash();
    const realms = [realm, `${realm}-b`, `${realm}-c`];
    const swaps: Swap[] = [];
    for (let n = 0; n < 30; n += 1) {
      const where = realms[n % 3] ?? '';
      const facts = [
        account('alice', where, n % 6 === 0 ? accountHash : contractHash()),
        address('10.0.0.1', where, n % 9 === 1 ? addressHash : contractHash()),
        { ...account('alice', where), addressHash },
      ][n % 3] as Swap['facts'];
      const types = [n, n * 2].map((kind) => EVENT_TYPES[kind % EVENT_TYPES.length] as LockoutEventType);
      const events = types.map((type) => eventAt(type, NOW + n * MINUTE));
      swaps.push(contractSwap({ facts, events: n % 4 === 0 ? events : events.slice(0, 1) }));
    }
    for (const swap of swaps) await write(swap);
    const recorded = swaps.flatMap(({ key, facts, events }) =>
      events.map((event) => ({ key, facts, event })),
    );
    const subjects: Partial<EventQuery>[] = [
      {},
      { account: accountHash },
      { address: addressHash },
      { account: accountHash, address: addressHash },
    ];
    for (const some of [[realm], realms.slice(1), realms, [`${realm}-none`], []]) {
      for (const type of [undefined, ...EVENT_TYPES]) {
        for (const subject of subjects) {
          const query = { ...subject, realms: some, ...(type !== undefined && { type }) };
          const seen = await recordedIn(store, query, PAGE);
          const matching = recorded.filter(
            ({ facts, event }) =>
              some.includes(facts.realm) &&
              (type === undefined || event.type === type) &&
              (subject.account === undefined || facts.accountHash === subject.account) &&
              (subject.address === undefined || facts.addressHash === subject.address),
          );
          deepEqual(
            seen.map(({ key, facts, event }) => ({ key, facts, event })),
            matching.reverse(),
          );
          equal(new Set(seen.map(({ id }) => id)).size, seen.length);
        }
      }
    }
  });
}
