import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { SeverableLink } from '../../support/severable-link.js';
import { databaseUrl } from './database-url.js';
import { DemoServer, PASSWORD } from './demo-server.js';

/** SQLite is a file: there is no link to cut, so its table is taken away instead. */
describe.each(databaseServers)('while $name does not answer', ({ name: serverName }) => {
  let database: TestDatabase;
  let link: SeverableLink | undefined;
  let server: DemoServer;

  beforeEach(async () => {
    const found = databaseServers.find(({ name }) => name === serverName);
    if (!found) throw new Error(`${serverName} is gone.`);
    database = await found.create();
    const { DATABASE_URL } = databaseUrl(database);
    const location = DATABASE_URL ? new URL(DATABASE_URL) : null;
    link = location ? await SeverableLink.to(location.hostname, Number(location.port)) : undefined;
    if (location && link) location.port = String(link.port);
    server = await DemoServer.start({ environment: location ? { DATABASE_URL: location.href } : {}, systemTime: true });
  });

  afterEach(async () => {
    link?.mend();
    await server.close();
    await link?.close();
    await database.drop();
  });

  if (serverName !== 'SQLite') {
    test('a sign-in is answered 503 with Retry-After, and counts against nobody (P9)', async () => {
      expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
      link?.sever();
      for (const [path, body] of [
        ['/auth/login', { username: 'alice', password: PASSWORD }],
        ['/auth/otp', { username: 'alice', code: '000000' }],
        ['/auth/recovery-code', { username: 'alice', code: 'AAAAA-AAAAA' }],
        ['/auth/magic-link', { token: 'x' }],
        ['/auth/password/reset', { token: 'x', password: 'a new password' }],
      ] as const) {
        const answer = await server.visitor().post(path, body);
        expect([path, answer.status]).toEqual([path, 503]);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(answer.headers.get('set-cookie')).toBeNull();
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
      expect((await server.visitor().get('/healthz')).status).toBe(503);
      link?.mend();
      const wrong: number[] = [];
      for (let guess = 0; guess < 7; guess += 1) wrong.push((await server.visitor().login('alice', 'wrong')).status);
      expect(wrong).toEqual([401, 401, 401, 401, 401, 401, 429]);
    }, 60_000);
  }
});
