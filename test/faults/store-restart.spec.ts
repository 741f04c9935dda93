// The server itself is killed, in the middle of what it does, and started again on its data.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { minutes } from 'nestjs-lockout/policy';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { DemoServer, PASSWORD } from '../e2e/demo/demo-server.js';
import { describeEach, serversOf } from '../support/databases.js';
import type { ChildServer } from '../support/servers/child-server.mjs';
import { startMariadb } from '../support/servers/mariadb.mjs';
import { startPostgres } from '../support/servers/postgres.mjs';
import { eventually, OutageApp, SECRET } from './outage-app.js';

const LIMIT_MS = 2_000;
/** What the test's own machine may add to a time, ms. */
const SLACK_MS = 1_500;

/** Servers of this suite's own, because they are killed. */
const servers = [
  { name: 'MariaDB', start: startMariadb, database: 'mysql', type: 'mariadb' },
  { name: 'PostgreSQL', start: startPostgres, database: 'postgres', type: 'postgres' },
] as const;

describeEach(
  servers.filter(({ name }) => serversOf(name).length > 0),
  'while $name is killed and started again',
  ({ start, database, type }) => {
    let server: ChildServer & { readonly url: string };
    let options: DataSourceOptions;
    const apps: OutageApp[] = [];

    beforeAll(async () => {
      server = await start({ durable: true });
      const location = new URL(server.url);
      location.pathname = `/${database}`;
      options = { type, url: location.href } as DataSourceOptions;
    });

    afterAll(async () => {
      for (const app of apps) await app.close();
      await server.stop();
    });

    const startApp = async (lockout: Parameters<typeof OutageApp.start>[1]): Promise<OutageApp> => {
      const app = await OutageApp.start(options, lockout);
      apps.push(app);
      return app;
    };

    it('P9 deny: answers 503 in time, whatever is in flight, and is back within 5 s of the server', async () => {
      const app = await startApp({ decisionTimeoutMs: LIMIT_MS });
      let isOver = false;
      const seen = new Set<number>();
      let slowest = 0;
      const crowd = Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          while (!isOver) {
            const { status, tookMs } = await app.login(`user-${n}`, 'right');
            seen.add(status);
            slowest = Math.max(slowest, tookMs);
          }
        }),
      );
      await eventually(() => seen.has(200));
      await server.kill();
      await eventually(() => app.engine.storeState === 'gone');
      seen.clear();
      await eventually(() => seen.size > 0);
      expect([...seen]).toEqual([503]);
      await server.restart();
      const back = await app.back('somebody', 'right');
      isOver = true;
      await crowd;
      expect(back.status).toBe(200);
      expect(back.tookMs).toBeLessThan(5_000);
      // Guard, interceptor and settle may each take their time.
      expect(slowest).toBeLessThan(3 * LIMIT_MS + SLACK_MS);
    });

    it('memory: two processes count for themselves, and afterwards the stricter stands for both', async () => {
      const [one, two] = [
        await startApp({ onStoreError: 'memory' }),
        await startApp({ onStoreError: 'memory' }),
      ];
      for (let n = 0; n < 2; n += 1) expect((await one.login('alice', 'wrong')).status).toBe(401);
      expect((await two.login('alice', 'wrong')).status).toBe(401);
      // Not settled before it goes: settled in memory, and at the store once.
      const begun = await one.engine.begin({ account: 'id-bob', method: 'password' });
      if (!begun.allowed) throw new Error('refused');
      await server.kill();
      await begun.attempt.fail();
      const statuses: number[] = [];
      for (let n = 0; n < 5; n += 1) statuses.push((await two.login('alice', 'wrong')).status);
      // It knew of three failures.
      expect(statuses).toEqual([401, 401, 429, 429, 429]);
      expect((await one.login('carol', 'wrong')).status).toBe(401);
      for (let n = 0; n < 2; n += 1) expect((await two.login('carol', 'wrong')).status).toBe(401);
      expect([one.engine.storeState, two.engine.storeState]).toEqual(['gone', 'gone']);
      await server.restart();
      await eventually(() => one.engine.storeState === 'answers' && two.engine.storeState === 'answers');
      await eventually(() => one.engine.totals.unwrittenSettles === 0);
      const failures = async (account: string) =>
        (await one.engine.status({ account })).counters.map((counter) => [
          counter.failures,
          counter.inFlight,
        ]);
      expect(await failures('id-bob')).toEqual([[1, 0]]);
      expect(await failures('id-carol')).toEqual([[2, 0]]);
      expect((await one.login('alice', 'right')).status).toBe(429);
      const events = await one.engine.options.store.list({ type: 'locked', limit: 10 });
      expect(events.items.map(({ event }) => event)).toMatchObject([{ failures: 5 }]);
    });

    it('allow: known locks refuse, everybody else is let through, and counted again at once after', async () => {
      const app = await startApp({ onStoreError: 'allow' });
      for (let n = 0; n < 5; n += 1) await app.login('dora', 'wrong');
      expect((await app.login('dora', 'right')).status).toBe(429);
      expect((await app.login('erin', 'wrong')).status).toBe(401);
      await server.kill();
      for (let n = 0; n < 12; n += 1) expect((await app.login('erin', 'wrong')).status).toBe(401);
      expect((await app.login('dora', 'right')).status).toBe(429);
      expect(app.engine.totals.uncounted).toBe(12);
      await server.restart();
      await eventually(() => app.engine.storeState === 'answers');
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await app.login('erin', 'wrong')).status);
      expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
      expect((await app.engine.status({ account: 'id-dora' })).locked).toBe(true);
    });

    it('the demo, its pool saturated and the server restarting, answers 503 in time and is back within 5 s', async () => {
      const location = new URL(server.url);
      location.pathname = `/${database}`;
      const demo = await DemoServer.start({
        environment: { DATABASE_URL: location.href.replace(/^[a-z]+:/, `${type}:`), LOCKOUT_SECRET: SECRET },
        systemTime: true,
      });
      try {
        const dataSource = demo.app.get<DataSource>(getDataSourceToken());
        const login = async () => {
          const at = performance.now();
          const { status, headers } = await demo.visitor().login('alice', PASSWORD);
          return { status, retryAfter: Number(headers.get('retry-after')), tookMs: performance.now() - at };
        };
        expect((await login()).status).toBe(200);
        // Somebody's report takes every connection there is, and more.
        const sleep = type === 'postgres' ? 'SELECT pg_sleep(120)' : 'SELECT SLEEP(120)';
        const hogs = Array.from({ length: 30 }, () => dataSource.query(sleep).catch(() => null));
        const refused = await Promise.all(Array.from({ length: 10 }, login));
        for (const { status, retryAfter, tookMs } of refused) {
          expect(status).toBe(503);
          expect(retryAfter).toBeGreaterThanOrEqual(1);
          expect(tookMs).toBeLessThan(5_000 + SLACK_MS);
        }
        await server.kill();
        await Promise.all(hogs);
        expect((await login()).status).toBe(503);
        await server.restart();
        const restartedAt = performance.now();
        await eventually(async () => (await login()).status === 200);
        expect(performance.now() - restartedAt).toBeLessThan(5_000);
      } finally {
        await demo.close();
      }
    });

    it('a pool that long transactions keep busy is an outage while it lasts, and over with them', async () => {
      const app = await startApp({ decisionTimeoutMs: LIMIT_MS });
      expect((await app.login('frank', 'right')).status).toBe(200);
      const runners = Array.from({ length: 10 }, () => app.dataSource.createQueryRunner());
      for (const runner of runners) {
        await runner.connect();
        await runner.query(type === 'postgres' ? 'BEGIN' : 'START TRANSACTION');
        await runner.query('SELECT 1');
      }
      const refused = await Promise.all(
        Array.from({ length: 30 }, (_, n) => app.login(`held-${n}`, 'right')),
      );
      expect(refused.every(({ status }) => status === 503)).toBe(true);
      await eventually(() => app.engine.storeState === 'gone');
      const atOnce = await app.login('frank', 'right');
      expect(atOnce.status).toBe(503);
      for (const runner of runners) {
        await runner.query('COMMIT');
        await runner.release();
      }
      const back = await app.back('frank', 'right');
      expect(back.status).toBe(200);
      expect(back.tookMs).toBeLessThan(5_000);
      expect((await app.engine.status({ account: 'id-frank' })).counters).toMatchObject([{ inFlight: 0 }]);
    });

    it('one row that somebody holds is no outage: its own attempts are refused, and all others decided', async () => {
      const app = await startApp({ onStoreError: 'allow', decisionTimeoutMs: minutes(1), retryMs: 500 });
      expect((await app.login('held', 'wrong')).status).toBe(401);
      const holder = app.dataSource.createQueryRunner();
      await holder.connect();
      try {
        await holder.query(type === 'postgres' ? 'BEGIN' : 'START TRANSACTION');
        await holder.query('SELECT * FROM lockout_record FOR UPDATE');
        const answers = await Promise.all([app.login('held', 'wrong'), app.login('held', 'wrong')]);
        expect(answers.map(({ status }) => status)).toEqual([503, 503]);
        expect(app.engine.storeState).toBe('answers');
        expect(app.engine.totals.uncounted).toBe(0);
      } finally {
        await holder.query('ROLLBACK');
        await holder.release();
      }
      await eventually(() => app.engine.totals.unwrittenSettles === 0);
      expect((await app.login('held', 'wrong')).status).toBe(401);
    });
  },
);
