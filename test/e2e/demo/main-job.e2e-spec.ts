import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';

const MINUTE = 60_000;

/** `count` wrong passwords, one after the other; the statuses. */
async function guess(server: DemoServer, username: string, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) {
    statuses.push((await server.visitor().login(username, `wrong ${n}`)).status);
  }
  return statuses;
}

describe('the main job, end to end', () => {
  let server: DemoServer;

  beforeEach(async () => {
    server = await DemoServer.start();
  });

  afterEach(async () => {
    await server.close();
  });

  test('six wrong passwords answer 401, the seventh 429, and so does the right one; others sign in (R43, pitfall 15)', async () => {
    expect(await guess(server, 'alice', 6)).toEqual([401, 401, 401, 401, 401, 401]);

    for (const password of ['wrong again', PASSWORD]) {
      const refused = await server.visitor().login('alice', password);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(refused.headers.get('retry-after')).toBe('300');
      expect(refused.headers.get('set-cookie')).toBeNull();
      expect(refused.body).toMatchObject({
        status: 429,
        reason: 'locked',
        retryAt: new Date(server.now + 5 * MINUTE).toISOString(),
        title: expect.any(String),
        detail: expect.stringMatching(/5 minutes/),
      });
    }

    const bob = await server.visitor().login('bob', PASSWORD);
    expect(bob.status).toBe(200);
    expect(bob.body).toEqual({
      realm: 'default',
      username: 'bob',
      email: 'bob@example.test',
      role: 'member',
    });
    expect(bob.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/);
  });

  test('the lock ends at its very millisecond, and the next wrong password locks for twice as long (R5-7)', async () => {
    await guess(server, 'alice', 6);
    server.advance(5 * MINUTE - 1);
    const before = await server.visitor().login('alice', PASSWORD);
    expect([before.status, before.headers.get('retry-after')]).toEqual([429, '1']);
    server.advance(1);
    expect(await guess(server, 'alice', 1)).toEqual([401]);
    const again = await server.visitor().login('alice', PASSWORD);
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, '600']);
    server.advance(10 * MINUTE);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });

  test('a magic link signs in while the password is locked, and leaves the lock as it is (R5-16)', async () => {
    await guess(server, 'alice', 6);
    const alice = server.visitor();
    expect((await alice.post('/auth/magic-link/request', { username: 'alice' })).status).toBe(202);
    const token = await alice.mailedToken('alice');
    expect((await alice.post('/auth/magic-link', { token })).body).toMatchObject({ username: 'alice' });

    const me = await alice.get('/me');
    expect(me.body.lockoutEndDate).toBe(new Date(server.now + 5 * MINUTE).toISOString());
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(429);
  });

  test('the administrator sees the lock and lifts it; alice signs in at once with a full budget (P6, pitfall 16)', async () => {
    await guess(server, 'alice', 6);
    const admin = await AdminConsole.open(server);
    const listed = await admin.locked();
    expect(listed.body.items).toHaveLength(1);
    expect(listed.body.items[0]).toMatchObject({ realm: 'default', account: 'alice' });
    expect(listed.body.items[0]?.locks[0]).toMatchObject({
      policy: 'reachfive',
      until: new Date(server.now + 5 * MINUTE).toISOString(),
    });

    expect((await admin.unlock('alice')).body).toMatchObject({ changed: true });
    expect((await admin.unlock('alice')).body).toMatchObject({ changed: false });
    expect((await admin.locked()).body.items).toEqual([]);

    expect(await guess(server, 'alice', 5)).toEqual([401, 401, 401, 401, 401]);
    const alice = server.visitor();
    expect((await alice.login('alice', PASSWORD)).status).toBe(200);
    server.advance(1);
    expect((await alice.get('/me')).body.lockoutEndDate).toBe(new Date(server.now - 1).toISOString());
  });

  test('the admin API is for administrators who mean it: 401 nobody, 403 members and forged requests (P11)', async () => {
    expect((await server.visitor().get('/lockout/accounts')).status).toBe(401);
    const bob = server.visitor();
    await bob.login('bob', PASSWORD);
    expect((await bob.get('/lockout/accounts')).status).toBe(403);
    const { visitor } = await AdminConsole.open(server);
    const path = '/lockout/accounts/default/alice/unlock';
    expect((await visitor.post(path, { reason: 'no header' })).status).toBe(403);
  });

  test('a right password clears the count; somebody never locked has no end date', async () => {
    const alice = server.visitor();
    for (let round = 0; round < 3; round += 1) {
      expect(await guess(server, 'alice', 5)).toEqual([401, 401, 401, 401, 401]);
      expect((await alice.login('alice', PASSWORD)).status).toBe(200);
    }
    expect((await alice.get('/me')).body).toMatchObject({ username: 'alice', lockoutEndDate: null });
  });

  test('a lock ends no session that is open (pitfall 28)', async () => {
    const alice = server.visitor();
    await alice.login('alice', PASSWORD);
    await guess(server, 'alice', 6);
    expect((await alice.get('/me')).status).toBe(200);
  });

  test('names that nobody has lock just the same (P7)', async () => {
    expect(await guess(server, 'nobody', 6)).toEqual([401, 401, 401, 401, 401, 401]);
    expect((await server.visitor().login('nobody', PASSWORD)).status).toBe(429);
  });
});
