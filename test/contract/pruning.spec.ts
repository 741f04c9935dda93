// R25 P12: processes prune what says nothing any more, at once and while people sign in.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LockoutEngine, type LockoutRecord } from 'nestjs-lockout';
import { days, definePolicies, hours, minutes } from 'nestjs-lockout/policy';
import { migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { serversOf, type TestDatabase } from '../support/databases.js';
import { connect } from '../support/typeorm-store.js';

const SECRET = 'a secret that all pruning processes share';
const POLICIES = [
  {
    name: 'account',
    threshold: 5,
    window: { kind: 'idle', durationMs: minutes(15) },
    schedule: { kind: 'fixed', durationMs: hours(1) },
  },
] as const;
const PRUNER = new URL('./pruner.mjs', import.meta.url).pathname;
const PROCESSES = 3;
const FADED = 700;
const LIVE = 100;

interface Report {
  readonly pruned: number;
  readonly failed: number;
}

/** A process that prunes, on the built package, from the moment it is told to until nothing is left. */
class Pruner {
  private readonly lines: AsyncIterator<string>;
  private readonly child;

  constructor(options: DataSourceOptions) {
    const task = JSON.stringify({
      dataSource: { ...options, driver: undefined },
      secret: SECRET,
      policies: POLICIES,
    });
    this.child = spawn(process.execPath, [PRUNER, task], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('a pruning process ended by itself');
    return value;
  }

  async prune(): Promise<Report> {
    this.child.stdin.write('prune\n');
    return JSON.parse(await this.line()) as Report;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

describe.each(serversOf('SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'))(
  'R25 P12 three processes that prune one $name at once',
  (server) => {
    let database: TestDatabase;
    let dataSource: DataSource;
    let pruners: Pruner[];
    let stores: TypeormLockoutStore[];

    beforeAll(async () => {
      database = await server.create();
      dataSource = await connect(database.options);
      await migrateLockout(dataSource);
      stores = [];
      pruners = Array.from({ length: PROCESSES }, () => new Pruner(database.options));
      await Promise.all(pruners.map((pruner) => pruner.line()));
    });
    afterAll(async () => {
      for (const pruner of pruners) pruner.kill();
      for (const store of stores) await store.close();
      await dataSource.destroy();
      await database.drop();
    });

    /** As if it were so much earlier on the store's clock; 0: now, on the database's own. */
    const engineAt = async (agoMs: number): Promise<LockoutEngine> => {
      const store = new TypeormLockoutStore(dataSource, {
        statementTimeoutMs: 10_000,
        ...(agoMs > 0 && { clock: () => Date.now() - agoMs }),
      });
      await store.init();
      stores.push(store);
      return new LockoutEngine({ store, secrets: [SECRET], policies: definePolicies([...POLICIES]) });
    };

    const fail = async (engine: LockoutEngine, account: string, realm = 'first'): Promise<void> => {
      const begun = await engine.begin({ account, realm, method: 'password' });
      if (begun.allowed) await begun.attempt.fail();
    };

    const each = async (count: number, work: (n: number) => Promise<void>): Promise<void> => {
      await Promise.all(Array.from({ length: count }, (_, n) => work(n)));
    };

    /** All records of a realm, by key. */
    const records = async (realm: string): Promise<Map<string, LockoutRecord>> => {
      const store = stores[0] as TypeormLockoutStore;
      const all = new Map<string, LockoutRecord>();
      let cursor: string | undefined;
      do {
        const { items, nextCursor } = await store.find({
          of: 'account',
          realm,
          state: 'any',
          sort: 'until',
          now: Date.now(),
          limit: 500,
          ...(cursor !== undefined && { cursor }),
        });
        for (const record of items) all.set(record.key, record);
        cursor = nextCursor ?? undefined;
      } while (cursor !== undefined);
      return all;
    };

    it('delete each faded record once and no other, and turn nobody away', async () => {
      const past = await engineAt(days(1));
      await each(FADED, (n) => fail(past, `faded-${n}`));
      const present = await engineAt(0);
      // Counting, locked, and with a charge in flight.
      await each(LIVE, async (n) => {
        for (let failure = 0; failure < (n % 2 === 0 ? 2 : 5); failure += 1) await fail(present, `live-${n}`);
        if (n % 4 === 0) await present.begin({ account: `live-${n}`, realm: 'first', method: 'password' });
      });
      const isRecent = ({ state }: LockoutRecord): boolean =>
        (state.lastFailureAt ?? 0) > Date.now() - hours(1);
      const kept = [...(await records('first')).values()].filter(isRecent);
      expect(kept).toHaveLength(LIVE);

      let over = false;
      let signIns = 0;
      const people = Promise.all(
        Array.from({ length: 8 }, async (_, caller) => {
          while (!over) {
            signIns += 1;
            const account = `person-${caller}-${signIns}`;
            const begun = await present.begin({ account, realm: 'first', method: 'password' });
            if (!begun.allowed) throw new Error('refused');
            await begun.attempt.succeed();
            await new Promise((resolve) => setTimeout(resolve, 2));
          }
        }),
      );
      const reports = await Promise.all(pruners.map((pruner) => pruner.prune()));
      over = true;
      await people;

      expect(reports.reduce((sum, { pruned }) => sum + pruned, 0)).toBe(FADED);
      expect(reports.map(({ failed }) => failed)).toEqual([0, 0, 0]);
      const left = await records('first');
      expect(left.size).toBe(LIVE + signIns);
      for (const record of kept) expect(left.get(record.key)?.version).toBe(record.version);
      expect(await (stores[0] as TypeormLockoutStore).outlived(Date.now() - minutes(10), 10)).toEqual([]);
    });

    it('lose no failure of those who come back while their faded record goes', async () => {
      const past = await engineAt(days(1));
      await each(FADED, (n) => fail(past, `faded-${n}`, 'second'));
      const present = await engineAt(0);
      const pruning = Promise.all(pruners.map((pruner) => pruner.prune()));
      const came = 200;
      // Those whose records go first, and those whose records go last.
      await each(came, (n) => fail(present, `faded-${n % 2 === 0 ? n : FADED - n}`, 'second'));
      const reports = await pruning;
      expect(reports.map(({ failed }) => failed)).toEqual([0, 0, 0]);
      const pruned = reports.reduce((sum, report) => sum + report.pruned, 0);
      expect(pruned).toBeLessThanOrEqual(FADED);
      expect(pruned).toBeGreaterThanOrEqual(FADED - came);
      const left = await records('second');
      expect(left.size).toBe(came);
      expect([...left.values()].map(({ state }) => state.failures)).toEqual(Array(came).fill(1));
    });
  },
);
