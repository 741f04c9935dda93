// Administrators' lists look at what they show, and at no more than the locks beside it, however much the tables hold:
// the servers say so themselves. How long that takes with a million records: `npm run bench:lists`.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LockedQuery, LockoutRecord, Page, Swap } from 'nestjs-lockout';
import { EMPTY_STATE, type LockoutEvent } from 'nestjs-lockout/policy';
import { contractEntry, contractHash, contractSwap } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { describeEach } from '../support/databases.js';
import { openPlanned, plannedServers } from '../support/planned-store.js';
import { askOf, type Plan, plansOf as plansOfStore } from '../support/statement-plan.mjs';

const ROWS = 20_000;
const LOCK_EVERY = 20;
/** What a statement may look at: the locks, and a few pages. */
const MOST_READ = ROWS / LOCK_EVERY + 500;
/** Of an account with a twentieth of all records: each by index and row. */
const MOST_OF_MANY = (2 * ROWS) / 20 + 500;
const BATCH = 250;
const NOW = 1_900_000_000_000;
const HOUR = 3_600_000;
const MANY = contractHash();

describeEach(plannedServers, 'the lists of 20,000 records on $name', (server) => {
  let store: TypeormLockoutStore;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openPlanned(server, () => NOW);
    ({ store, close } = opened);
    for (let first = 0; first < ROWS; first += BATCH) {
      const swaps = Array.from({ length: BATCH }, (_, n) => swapOf(first + n));
      expect(await store.compareAndSwap(swaps, { now: NOW })).toEqual(new Set());
    }
    for (const table of ['lockout_record', 'lockout_event']) {
      await opened.dataSource.query(
        server.family === 'postgres' ? `VACUUM ANALYZE ${table}` : `ANALYZE TABLE ${table}`,
      );
    }
  });

  afterAll(() => close());

  /** What the queries of some work looked at, inside of transactions and outside. */
  const plansOf = (work: () => Promise<unknown>): Promise<Plan[]> => plansOfStore(store, server.family, work);

  function expectIndexed(plans: readonly Plan[], mostRead = MOST_READ): void {
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).toMatchObject({ scanned: [] });
      // What is known from the index alone, as its last entry, is not even looked for.
      if (plan.read > 0) expect(plan.indexes).not.toEqual([]);
      expect(plan.read).toBeLessThanOrEqual(mostRead);
    }
  }

  const find = (query: Omit<LockedQuery, 'now' | 'limit'>, limit = 50): Promise<Page<LockoutRecord>> =>
    store.find({ ...query, now: NOW, limit });

  it('sees when a statement reads a whole table', async () => {
    const [plan] = await plansOf(() =>
      askOf(store)('SELECT COUNT(*) FROM lockout_record WHERE failures > ? AND counter <> ?', [7, 'x']),
    );
    expect(plan).toMatchObject({ scanned: ['lockout_record'], indexes: [], read: ROWS });
  });

  it.each(
    (['account', 'address'] as const).flatMap((of) =>
      (['locked', 'any'] as const).flatMap((state) =>
        (['until', 'since', 'lastFailureAt'] as const).map((sort) => ({ of, state, sort })),
      ),
    ),
  )('$of, $state, by $sort: first pages and later ones, of all realms and of one', async (query) => {
    for (const realm of [undefined, 'customers', 'staff']) {
      const where = { ...query, ...(realm !== undefined && { realm }) };
      expectIndexed(await plansOf(() => find(where)));
      for (const passed of [100, 400, 5_000]) {
        const { nextCursor } = await find(where, passed);
        if (nextCursor !== null) expectIndexed(await plansOf(() => find({ ...where, cursor: nextCursor })));
      }
    }
  });

  it.each(['user-', 'user-001', 'zzz', 'User-00120@example.org'])(
    'what begins with %s',
    async (labelPrefix) => {
      for (const state of ['locked', 'any'] as const) {
        for (const realm of [undefined, 'customers', 'staff']) {
          const query = { of: 'account', state, sort: 'since', labelPrefix, subjects: [MANY] } as const;
          const where = { ...query, ...(realm !== undefined && { realm }) };
          expectIndexed(await plansOf(() => find(where)), MOST_OF_MANY);
        }
      }
    },
  );

  it('counts of locks', async () => {
    for (const list of ['account', 'address'] as const) {
      expectIndexed(
        await plansOf(() => store.countLocked({ of: list, realms: ['customers', 'staff'], now: NOW })),
        // Each realm may walk the locks of both.
        MOST_OF_MANY,
      );
    }
  });

  it('events of an account, an address, a type, a realm, and several of these', async () => {
    const subjects = [{}, { account: MANY }, { address: MANY }];
    const types = [{}, { type: 'failed' }, { type: 'locked' }, { type: 'unlocked' }] as const;
    for (const where of [{}, { realms: ['customers'] }, { realms: ['staff', 'customers'] }]) {
      for (const query of subjects.flatMap((subject) =>
        types.map((type) => ({ ...where, ...subject, ...type })),
      )) {
        const plans = await plansOf(() => store.list({ ...query, limit: 50 }));
        // Of one account or address its events are looked at, of a realm the first of each type.
        expectIndexed(plans, 'account' in query || 'address' in query ? MOST_OF_MANY : 1_000);
        const { nextCursor } = await store.list({ ...query, limit: 400 });
        if (nextCursor === null) continue;
        expectIndexed(
          await plansOf(() => store.list({ ...query, limit: 50, cursor: nextCursor })),
          ROWS / 20 + 500,
        );
      }
    }
  });

  it('the shape of a time costs what was recorded in it, and no row', async () => {
    const query = { realms: ['customers', 'staff'], from: NOW - HOUR, to: NOW, sliceMs: HOUR / 12, top: 10 };
    expectIndexed(await plansOf(() => store.shape(query)), ROWS / 12);
  });

  it('events that were kept for long enough cost what is dropped, and where there are none nothing', async () => {
    const limit = 100;
    for (const before of [NOW - 25 * HOUR, NOW - 12 * HOUR]) {
      const plans = await plansOf(() => store.dropEvents(before, limit));
      // The oldest of each realm; that nothing is to be delivered of one is looked up.
      expectIndexed(plans, 4 * limit);
    }
  });

  it('a step of an erasure costs what it changes, and the events of no account that it looks at', async () => {
    const erasure = { realm: 'customers', accounts: [MANY], label: 'User-00006@example.org' };
    const entry = contractEntry('customers');
    const plans: Plan[] = [];
    let steps = 0;
    for (let cursor: string | null | undefined; cursor !== null; steps += 1) {
      const from = cursor;
      plans.push(
        ...(await plansOf(async () => {
          ({ cursor } = await store.eraseEvents(erasure, entry, from));
        })),
      );
    }
    expect(steps).toBeGreaterThan(ROWS / 20 / 128);
    expectIndexed(plans, 2 * 5_000);
  });
});

/** Every twentieth is locked, every fifth an address, every 400th in another realm; one account has a twentieth of all. */
function swapOf(n: number): Swap {
  const isAddress = n % 5 === 3;
  const isMany = n % 20 === 6;
  const hash = isMany ? MANY : contractHash();
  const lastFailureAt = NOW - ((n * 7919) % (10 * HOUR));
  const lock = {
    since: lastFailureAt,
    until: n % 3 === 0 ? null : NOW + 1 + ((n * 7919) % HOUR),
    cause: 'failures' as const,
    step: 0,
  };
  const at = NOW - 1 - ((n * 104_729) % (24 * HOUR));
  const failed: LockoutEvent = { type: 'failed', at, failures: 1 };
  const locked: LockoutEvent = {
    type: 'locked',
    at,
    until: lock.until,
    cause: 'failures',
    failures: 5,
    escalation: 1,
    step: 0,
  };
  return contractSwap({
    state: {
      ...EMPTY_STATE,
      failures: 1,
      lastFailureAt,
      lock: n % LOCK_EVERY < 1 || n % (5 * LOCK_EVERY) === 3 ? lock : null,
      updatedAt: lastFailureAt,
    },
    facts: {
      realm: n % 400 < 8 ? 'staff' : 'customers',
      counter: isAddress ? 'address' : 'account',
      scope: isAddress ? 'address' : 'account',
      accountHash: isAddress ? null : hash,
      addressHash: isAddress || isMany ? hash : null,
      accountLabel: isAddress ? null : `User-${String(n).padStart(5, '0')}@example.org`,
      addressLabel: isAddress || isMany ? `10.0.${n >> 8}.${n & 255}` : null,
    },
    events: [n % LOCK_EVERY === 0 ? locked : failed],
  });
}
