// The store is a real server; what dies is the network between it and the application.
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { StoreStateEvent } from 'nestjs-lockout';
import type { DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { SeverableLink } from '../support/severable-link.js';
import { startStallingProxy } from '../support/stalling-proxy.js';
import { eventually, OutageApp } from './outage-app.js';

type WithUrl = DataSourceOptions & { readonly url: string };

/** The same database, through another port. */
function through(options: DataSourceOptions, port: number): DataSourceOptions {
  const target = new URL((options as WithUrl).url);
  target.port = String(port);
  return { ...options, url: target.href } as DataSourceOptions;
}

describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'P9 with $name gone', (server) => {
  let database: TestDatabase;
  let link: SeverableLink;
  let app: OutageApp;
  const events: StoreStateEvent[] = [];

  beforeAll(async () => {
    database = await server.create();
    const { hostname, port } = new URL((database.options as WithUrl).url);
    link = await SeverableLink.to(hostname, Number(port));
    app = await OutageApp.start(through(database.options, link.port), {
      onStoreState: (event) => events.push(event),
    });
  });

  beforeEach(() => {
    events.length = 0;
  });

  afterAll(async () => {
    link.mend();
    await app.close();
    await link.close();
    await database.drop();
  });

  const settled = () => eventually(() => app.engine.totals.unwrittenSettles === 0);

  it('answers 503 with Retry-After, does not verify, and recovers by itself', async () => {
    expect((await app.login('alice', 'wrong')).status).toBe(401);
    link.sever();
    app.verified.length = 0;
    for (let n = 0; n < 30; n += 1) {
      const refused = await app.login('alice', 'right');
      expect(refused.status).toBe(503);
      expect(refused.retryAfter).toBeGreaterThanOrEqual(1);
    }
    await eventually(() => app.engine.storeState === 'gone');
    expect(app.verified).toEqual([]);
    const { loads } = app.engine.totals;
    for (let n = 0; n < 50; n += 1) expect((await app.login('alice', 'right')).status).toBe(503);
    expect(app.engine.totals.loads).toBe(loads);
    link.mend();
    const back = await app.back('alice', 'right');
    expect(back.status).toBe(200);
    expect(back.tookMs).toBeLessThan(5_000);
    expect(events.map(({ type }) => type)).toEqual(['gone', 'returned']);
  });

  it('P5 counts nothing against the person for the time it was gone', async () => {
    expect((await app.login('bob', 'wrong')).status).toBe(401);
    link.sever();
    for (let n = 0; n < 10; n += 1) expect((await app.login('bob', 'wrong')).status).toBe(503);
    link.mend();
    await settled();
    await eventually(() => app.engine.storeState === 'answers');
    const [counter] = (await app.engine.status({ account: 'id-bob' })).counters;
    expect(counter).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('answers 503 also where the people are in the same database, and their lookup meets the outage first', async () => {
    const apps: OutageApp[] = [];
    const findAccount = async (name: string): Promise<string> => {
      await apps[0]?.dataSource.query('SELECT 1');
      return `id-${name}`;
    };
    const own = await OutageApp.start(through(database.options, link.port), { findAccount });
    apps.push(own);
    try {
      expect((await own.login('dave', 'wrong')).status).toBe(401);
      own.verified.length = 0;
      link.sever();
      for (let n = 0; n < 10; n += 1) {
        const refused = await own.login('dave', 'right');
        expect(refused.status).toBe(503);
        expect(refused.retryAfter).toBeGreaterThanOrEqual(1);
      }
      expect(own.verified).toEqual([]);
      link.mend();
      expect(await own.back('dave', 'right')).toMatchObject({ status: 200 });
    } finally {
      link.mend();
      await own.close();
    }
  });

  it('R32 keeps the answer of a right credential when only the settle cannot be written', async () => {
    const begun = await app.engine.begin({ account: 'id-carol', method: 'password' });
    if (!begun.allowed) throw new Error('refused');
    link.sever();
    expect(await begun.attempt.succeed()).toMatchObject({ refusal: null });
    link.mend();
    await settled();
    await eventually(() => app.engine.storeState === 'answers');
    const [counter] = (await app.engine.status({ account: 'id-carol' })).counters;
    expect(counter).toMatchObject({ failures: 0, inFlight: 0 });
  });
});

describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'with a network to $name that hangs', (server) => {
  it('every attempt is answered within its time, and soon after that at once', async () => {
    const database = await server.create();
    const proxy = await startStallingProxy(Number(new URL((database.options as WithUrl).url).port));
    const app = await OutageApp.start(through(database.options, proxy.port), { decisionTimeoutMs: 2_000 });
    try {
      expect((await app.login('alice', 'right')).status).toBe(200);
      proxy.stall();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => app.login(`user-${n}`, 'right')),
      );
      expect(answers.every(({ status, retryAfter }) => status === 503 && retryAfter >= 1)).toBe(true);
      await eventually(() => app.engine.storeState === 'gone');
      const { loads } = app.engine.totals;
      expect((await app.login('alice', 'right')).status).toBe(503);
      expect(app.engine.totals.loads).toBe(loads);
      proxy.resume();
      const back = await app.back('alice', 'right');
      expect(back).toMatchObject({ status: 200 });
      expect(back.tookMs).toBeLessThan(5_000);
    } finally {
      proxy.resume();
      await app.close();
      await proxy.close();
      await database.drop();
    }
  });
});
