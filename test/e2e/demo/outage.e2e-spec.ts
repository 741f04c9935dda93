import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { LockoutEngine } from 'nestjs-lockout';
import type { DataSource } from 'typeorm';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { SeverableLink } from '../../support/severable-link.js';
import { databaseUrl } from './database-url.js';
import { DemoServer, PASSWORD } from './demo-server.js';

describe.each(databaseServers)('while $name does not answer', ({ name: serverName }) => {
  let database: TestDatabase;
  let link: SeverableLink | null;
  let server: DemoServer;

  beforeEach(async () => {
    const found = databaseServers.find(({ name }) => name === serverName);
    if (!found) throw new Error(`${serverName} is gone.`);
    database = await found.create();
    const { DATABASE_URL } = databaseUrl(database);
    const location = DATABASE_URL ? new URL(DATABASE_URL) : null;
    link = location && (await SeverableLink.to(location.hostname, Number(location.port)));
    if (location && link) location.port = String(link.port);
    server = await DemoServer.start({
      environment: location ? { DATABASE_URL: location.href } : {},
      systemTime: true,
    });
  });

  afterEach(async () => {
    link?.mend();
    await server.close();
    await link?.close();
    await database.drop();
  });

  const renameTable = (from: string, to: string): Promise<unknown> =>
    server.app.get<DataSource>(getDataSourceToken()).query(`ALTER TABLE ${from} RENAME TO ${to}`);

  /** SQLite is a file: there is no link to cut, so the lockout table is taken away. */
  const sever = async (): Promise<void> => {
    if (link) link.sever();
    else await renameTable('lockout_record', 'taken_away');
  };

  const mend = async (): Promise<void> => {
    if (link) link.mend();
    else await renameTable('taken_away', 'lockout_record');
  };

  test('signing in is answered 503 with Retry-After, and counts against nobody (P9, pitfall 27)', async () => {
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
    await sever();
    const requests: [string, object][] = [['/auth/login', { username: 'alice', password: PASSWORD }]];
    if (link) {
      requests.push(
        ['/auth/otp', { username: 'alice', code: '000000' }],
        ['/auth/recovery-code', { username: 'alice', code: 'AAAAA-AAAAA' }],
        ['/auth/magic-link', { token: 'x' }],
        ['/auth/password/reset', { token: 'x', password: 'a new password' }],
      );
    }
    for (const [path, body] of requests) {
      const answer = await server.visitor().post(path, body);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    if (link) {
      const reset = await server
        .visitor()
        .post('/auth/password/reset', { token: 'x', password: 'a new password' });
      expect(reset.status).toBe(503);
      expect((await server.visitor().get('/healthz')).status).toBe(503);
    }
    await mend();
    const engine = server.app.get(LockoutEngine);
    while (engine.storeState !== 'answers') await new Promise((resolve) => setTimeout(resolve, 20));
    const wrong: number[] = [];
    for (let guess = 0; guess < 7; guess += 1)
      wrong.push((await server.visitor().login('alice', 'wrong')).status);
    expect(wrong).toEqual([401, 401, 401, 401, 401, 401, 429]);
  });
});
