// A claim looks at what it gives and at a few rows more, however much waits and behind whom: the servers say so themselves.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ClaimedDelivery } from 'nestjs-lockout';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { describeEach, serversOf } from '../support/databases.js';
import { openPlanned, plannedServers } from '../support/planned-store.js';
import {
  askOf,
  dialectOf,
  type Family,
  type Plan,
  plansOf as plansOfStore,
  type Statement,
  statementsOf,
} from '../support/statement-plan.mjs';
import { migratedDatabase, openStore } from '../support/typeorm-store.js';

const ROWS = 20_000;
/** So many of them, the oldest, are of one lane. */
const LONG = 5_000;
const DEAD = 1_000;
const NOW = 1_900_000_000_000;
const LEASE_MS = 30_000;
/** What one statement may look at: a page of rows, and the first of the lane of each. */
const MOST_READ = 2 * 1_024 + 64;

describeEach(plannedServers, 'an outbox of 20,000 deliveries on $name', (server) => {
  let store: TypeormLockoutStore;
  let close: () => Promise<void>;
  let now = NOW;

  beforeAll(async () => {
    const opened = await openPlanned(server, () => now);
    ({ store, close } = opened);
    for (const sql of [...FILL[server.family], ...ANALYZE[server.family]]) await opened.dataSource.query(sql);
  });

  afterAll(() => close());

  /** What the queries of some work looked at, inside of transactions and outside. */
  const plansOf = (work: () => Promise<unknown>): Promise<Plan[]> => plansOfStore(store, server.family, work);

  const token = 'c'.repeat(32);
  const claim = (sinks = ['mail'], limit = 64) =>
    store.claimDeliveries({ sinks, token, leaseMs: LEASE_MS, limit });

  it('sees when a statement reads the whole table', async () => {
    const [plan] = await plansOf(() =>
      askOf(store)('SELECT COUNT(*) FROM lockout_outbox WHERE tries > ?', [7]),
    );
    expect(plan).toMatchObject({ scanned: ['lockout_outbox'], indexes: [], read: ROWS });
  });

  it('gives the first of a lane of thousands, and walks over the others once', async () => {
    let given = await claim(['mail'], 1);
    expect(given).toHaveLength(1);
    await store.deferDelivery(given[0]?.id ?? '', token, { inMs: 3_600_000, problem: 'busy' });
    // Two claims at most on a machine that does nothing else, for one begins no more rounds after half a second.
    given = [];
    for (let claims = 0; given.length === 0; claims += 1) {
      expect(claims).toBeLessThan(20);
      expectFew(
        await plansOf(async () => {
          given = await claim();
        }),
      );
    }
    // All of the long lane is queued by now: a claim looks at others only.
    for (let n = 0; n < 3; n += 1) {
      const plans = await plansOf(async () => {
        given = await claim();
      });
      expect(given).toHaveLength(64);
      expectFew(plans, 2 * 256 + 64);
    }
  });

  it('goes on with a lane at its next one', async () => {
    const [item] = await claim(['mail'], 1);
    expectFew(await plansOf(() => store.finishDelivery(item?.id ?? '', token)), 8);
    const [other] = await claim(['mail'], 1);
    expectFew(await plansOf(() => store.buryDelivery(other?.id ?? '', token, 'no')), 8);
  });

  it('looks at nothing where nothing is due', async () => {
    expectFew(await plansOf(() => claim(['nobody'])), 1);
    now -= 3_600_000;
    expectFew(await plansOf(() => claim(['mail', 'other', 'nobody'])), 1);
    now += 3_600_000;
  });

  it('lists and counts along an index', async () => {
    for (const sink of [{}, { sink: 'mail' }, { sink: 'other' }]) {
      for (const state of ['waiting', 'dead'] as const) {
        const first = await store.deliveries({ ...sink, state, limit: 400 });
        expectFew(await plansOf(() => store.deliveries({ ...sink, state, limit: 50 })), 4 * 51);
        if (first.nextCursor === null) continue;
        const { nextCursor: cursor } = first;
        expectFew(await plansOf(() => store.deliveries({ ...sink, state, limit: 50, cursor })), 4 * 51);
      }
    }
    // Counts are bounded; what a bitmap found is looked at twice.
    expectFew(await plansOf(() => store.outboxState()), 10_000 + 2 * DEAD + 10);
  });
});

// As after every burst: the outbox was empty when it was last looked at, and filled faster than anybody looks.
describeEach(plannedServers, 'an outbox of 20,000 deliveries that $name believes to be empty', (server) => {
  let store: TypeormLockoutStore;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await openPlanned(server, () => NOW);
    ({ store, close } = opened);
    for (const sql of [...STALE[server.family], ...FILL[server.family]]) await opened.dataSource.query(sql);
  });

  afterAll(() => close());

  const plansOf = (work: () => Promise<unknown>): Promise<Plan[]> => plansOfStore(store, server.family, work);
  const token = 'c'.repeat(32);

  it('is claimed, gone on with and listed along its indexes', async () => {
    let given: readonly ClaimedDelivery[] = [];
    expectFew(
      await plansOf(async () => {
        given = await store.claimDeliveries({
          sinks: ['mail', 'other'],
          token,
          leaseMs: LEASE_MS,
          limit: 64,
        });
      }),
      // A page of each sink, and the first of the lane of each of a page.
      3 * 1_024 + 64,
    );
    expect(given).not.toEqual([]);
    expectFew(await plansOf(() => store.finishDelivery(given[0]?.id ?? '', token)), 8);
    for (const sink of [{}, { sink: 'mail' }]) {
      expectFew(await plansOf(() => store.deliveries({ ...sink, state: 'waiting', limit: 50 })), 4 * 51);
    }
    expectFew(await plansOf(() => store.outboxState()), 10_000 + 2 * DEAD + 10);
  });
});

// MySQL does not say how many entries of an index a subquery looked at, but it counts them.
for (const server of serversOf('MySQL')) {
  it(`looks at a lane of 2,000 deliveries by its first one on ${server.name}`, async () => {
    const database = await migratedDatabase(server);
    const { store, close } = await openStore(database.options, { clock: () => NOW });
    const claim = { sinks: ['mail'], token: 'c'.repeat(32), leaseMs: LEASE_MS, limit: 1 };
    const [statement] = await statementsOf(store, () => store.claimDeliveries(claim));
    const facts = { ...contractSwap().facts, accountHash: contractHash() };
    const events = Array.from({ length: 100 }, () => ({ type: 'expired', at: NOW }) as const);
    for (let n = 0; n < 20; n += 1) {
      const swap = contractSwap({ facts, events, deliverTo: events.map(() => ['mail']) });
      expect(await store.compareAndSwap([swap], { now: NOW })).toEqual(new Set());
    }
    const read = await entriesRead(store, statement);
    expect(read).toBeGreaterThan(2 * 256);
    expect(read).toBeLessThan(8 * 256);
    await close();
    await database.drop();
  });
}

/** How many entries of indexes and rows a statement looks at, its own rows among them. */
async function entriesRead(store: TypeormLockoutStore, statement: Statement | undefined): Promise<number> {
  const count = {
    sql: `SELECT SUM(VARIABLE_VALUE) FROM performance_schema.session_status
      WHERE VARIABLE_NAME IN ('Handler_read_key', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_first')`,
    values: [],
    returnsRows: true,
  };
  const rows: (readonly unknown[] | undefined)[] = [];
  await dialectOf(store).transact(function* (): Generator<
    unknown,
    void,
    { rows: readonly (readonly unknown[])[] }
  > {
    for (const step of [count, { ...statement, returnsRows: true }, count]) {
      rows.push((yield step).rows[0]);
    }
  });
  return Number(rows[2]?.[0]) - Number(rows[0]?.[0]);
}

function expectFew(plans: readonly Plan[], most = MOST_READ): void {
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) {
    expect(plan).toMatchObject({ scanned: [] });
    expect(plan.read).toBeLessThanOrEqual(most);
  }
}

/** Statistics of the empty tables, and no others after them. */
const STALE: Readonly<Record<Family, readonly string[]>> = {
  mariadb: [
    'ALTER TABLE lockout_outbox STATS_AUTO_RECALC = 0',
    'ALTER TABLE lockout_event STATS_AUTO_RECALC = 0',
    'ANALYZE TABLE lockout_outbox, lockout_event',
  ],
  postgres: [
    'ALTER TABLE lockout_outbox SET (autovacuum_enabled = false)',
    'ALTER TABLE lockout_event SET (autovacuum_enabled = false)',
    'ANALYZE lockout_outbox, lockout_event',
  ],
};

const ANALYZE: Readonly<Record<Family, readonly string[]>> = {
  mariadb: ['ANALYZE TABLE lockout_outbox, lockout_event'],
  postgres: ['VACUUM ANALYZE lockout_outbox', 'VACUUM ANALYZE lockout_event'],
};

/** What the long lane, and the others, are called: `n` is the number of the row. */
const FILL: Readonly<Record<Family, readonly string[]>> = {
  mariadb: [
    `INSERT INTO lockout_event (id, \`key\`, type, at, realm, counter, scope, data)
     SELECT UNHEX(LPAD(HEX(seq), 32, '0')), UNHEX(SHA2(seq, 256)), 'failed', ${NOW} + seq, 'customers', 'account',
       'account', '{"failures":1}' FROM seq_1_to_${ROWS}`,
    `INSERT INTO lockout_outbox (event, sink, lane, at, due_at, tries, dead, queued)
     SELECT UNHEX(LPAD(HEX(seq), 32, '0')), IF(seq % 10 = 9, 'other', 'mail'),
       UNHEX(SHA2(IF(seq <= ${LONG}, 'long', seq % 2000), 256)), ${NOW} + seq, ${NOW} - 1000, 0, IF(seq > ${ROWS - DEAD}, 1, 0), 0
     FROM seq_1_to_${ROWS}`,
  ],
  postgres: [
    `INSERT INTO lockout_event (id, key, type, at, realm, counter, scope, data)
     SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), sha256(n::text::bytea), 'failed', ${NOW} + n, 'customers', 'account',
       'account', '{"failures":1}'::bytea FROM generate_series(1, ${ROWS}) AS n`,
    `INSERT INTO lockout_outbox (event, sink, lane, at, due_at, tries, dead, queued)
     SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), CASE WHEN n % 10 = 9 THEN 'other' ELSE 'mail' END,
       sha256((CASE WHEN n <= ${LONG} THEN -1 ELSE n % 2000 END)::text::bytea), ${NOW} + n, ${NOW} - 1000, 0,
       CASE WHEN n > ${ROWS - DEAD} THEN 1 ELSE 0 END, 0
     FROM generate_series(1, ${ROWS}) AS n`,
  ],
};
