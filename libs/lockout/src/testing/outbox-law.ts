import { deepEqual, equal } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { LockoutEvent } from '../policy/event.js';
import type { AuditEntry, AuditLog } from '../store/audit-log.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { ClaimedDelivery, Outbox } from '../store/outbox.js';
import type { Swap } from '../store/record.js';
import { freshToken } from './contract-entry.js';
import { wins } from './contract-law.js';
import { contractSwap, FACTS, freshVersion } from './contract-swap.js';
import type { OpenedPort, PortLaw, PortUnderTest } from './port-law.js';

/** What an outbox is looked at through: it is filled by swaps, and its events are in the record, from which accounts can be erased. */
export type OutboxStore = LockoutStore & Outbox & Pick<AuditLog, 'list' | 'eraseEvents'>;

export type OutboxUnderTest = PortUnderTest<OutboxStore>;

export type OpenedOutbox = OpenedPort<OutboxStore>;

export type OutboxLaw = PortLaw<OpenedOutbox>;

export const LEASE_MS = 30_000;

/** The `n`-th event of a record, which tells its place. */
export const nth = (n: number): LockoutEvent => ({ type: 'failed', at: 1_900_000_000_000 + n, failures: n });

export const numberOf = ({ event }: Pick<ClaimedDelivery, 'event'>): number =>
  event.event.type === 'failed' ? event.event.failures : -1;

/** Records events for all of these sinks, of a record that was not there before unless `parts` say otherwise. */
export async function record(
  store: LockoutStore,
  sinks: readonly string[],
  events: readonly LockoutEvent[],
  parts: Partial<Swap> = {},
): Promise<Swap> {
  const swap = contractSwap({ events, deliverTo: events.map(() => sinks), ...parts });
  await wins(store, [swap]);
  return swap;
}

/** The next swap of the same record. */
export const after = ({ key, version, facts }: Swap): Partial<Swap> => ({
  key,
  expected: version,
  version: freshVersion(),
  facts,
});

export interface Claimed {
  readonly token: string;
  readonly items: readonly ClaimedDelivery[];
}

export async function claim(
  store: Outbox,
  sinks: readonly string[],
  { limit = 64, leaseMs = LEASE_MS }: { readonly limit?: number; readonly leaseMs?: number } = {},
): Promise<Claimed> {
  const token = freshToken();
  return { token, items: await store.claimDeliveries({ sinks, token, leaseMs, limit }) };
}

/** A claim that has to give exactly one. */
export async function claimOne(
  store: Outbox,
  sinks: readonly string[],
): Promise<{ readonly token: string; readonly item: ClaimedDelivery }> {
  const { token, items } = await claim(store, sinks);
  equal(items.length, 1);
  return { token, item: items[0] as ClaimedDelivery };
}

/** Delivers all that is due, in the order in which it comes. */
export async function deliverAll(store: Outbox, sinks: readonly string[]): Promise<ClaimedDelivery[]> {
  const delivered: ClaimedDelivery[] = [];
  for (;;) {
    const { token, items } = await claim(store, sinks);
    if (items.length === 0) return delivered;
    for (const item of items) {
      equal(await store.finishDelivery(item.id, token), true);
      delivered.push(item);
    }
  }
}

/** Claims one and buries it. */
export async function bury(store: Outbox, sinks: readonly string[]): Promise<ClaimedDelivery> {
  const { token, item } = await claimOne(store, sinks);
  equal(await store.buryDelivery(item.id, token, 'refused'), true);
  return item;
}

/** What an administrator does to dead letters, as it is recorded. */
export function entryOf(
  action: 'retry-deliveries' | 'drop-deliveries',
  deliverTo: readonly string[] = [],
): AuditEntry {
  return {
    id: randomBytes(16).toString('hex'),
    key: randomBytes(32).toString('hex'),
    event: { type: 'administered', at: 0, action, by: 'ops', reason: 'mended', count: 0 },
    facts: { ...FACTS, realm: '*', counter: 'administration', scope: 'administration' },
    deliverTo,
  };
}

/** How often an entry stands in the record, and with which counts. */
export async function countsOf(store: Pick<AuditLog, 'list'>, { id }: AuditEntry): Promise<number[]> {
  const { items } = await store.list({ type: 'administered', limit: 500 });
  return items.flatMap((one) => (one.id === id && 'count' in one.event ? [one.event.count] : []));
}

/** What is kept of one sink. */
export async function kept(
  store: Outbox,
  sink: string,
): Promise<{ readonly waiting: number; readonly dead: number }> {
  const count = async (state: 'waiting' | 'dead'): Promise<number> =>
    (await store.deliveries({ state, sink, limit: 500 })).items.length;
  const found = { waiting: await count('waiting'), dead: await count('dead') };
  const told = (await store.outboxState()).find((state) => state.sink === sink);
  deepEqual({ waiting: told?.waiting ?? 0, dead: told?.dead ?? 0 }, found);
  return found;
}
