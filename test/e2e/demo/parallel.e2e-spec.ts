import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Users } from '../../../apps/demo/src/users/users.js';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';

describe('many at once, with real hashing and the database’s own clock', () => {
  let server: DemoServer;

  beforeEach(async () => {
    server = await DemoServer.start({ systemTime: true });
  });

  afterEach(async () => {
    await server.close();
  });

  const parallel = (count: number, password: (n: number) => string) =>
    Promise.all(Array.from({ length: count }, (_, n) => server.visitor().login('alice', password(n))));

  /** As on a machine where hashing takes a third of a second: fifty of them, six at a time, take more than two seconds. */
  const slowDown = (): void => {
    const users = server.app.get(Users, { strict: false });
    const verify = users.verifyPassword.bind(users);
    users.verifyPassword = async (typed, password) => {
      const [user] = await Promise.all([verify(typed, password), wait(300)]);
      return user;
    };
  };

  test('fifty right passwords at one account: all fifty answer 200, nothing is locked, the count is clean (R2)', async () => {
    slowDown();
    const answers = await parallel(50, () => PASSWORD);
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const admin = await AdminConsole.open(server);
    expect((await admin.locked()).body.items).toEqual([]);
    const wrong = [];
    for (let n = 0; n < 5; n += 1) wrong.push((await server.visitor().login('alice', 'wrong')).status);
    expect(wrong).toEqual([401, 401, 401, 401, 401]);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });

  test('of two hundred wrong passwords at one account exactly six are verified (P1, pitfall 1)', async () => {
    const answers = await parallel(200, (n) => `wrong ${n}`);
    const of = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([of(401), of(429)]).toEqual([6, 194]);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(429);
  });
});
