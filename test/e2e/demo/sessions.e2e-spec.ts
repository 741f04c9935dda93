import { afterEach, describe, expect, test } from '@jest/globals';
import { DemoServer, PASSWORD } from './demo-server.js';

const HOUR = 60 * 60_000;

describe('sessions, and what the app shows the world (R46)', () => {
  let server: DemoServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  test('signing in makes a new session id, whatever was sent before (session fixation)', async () => {
    server = await DemoServer.start();
    const visitor = server.visitor();
    await visitor.login('alice', PASSWORD);
    const first = visitor.cookies.get('demo.sid');
    await visitor.login('bob', PASSWORD);
    expect(visitor.cookies.get('demo.sid')).not.toBe(first);
    const thief = server.visitor();
    thief.cookies.set('demo.sid', first ?? '');
    expect((await thief.get('/me')).status).toBe(401);
    expect((await visitor.get('/me')).body.username).toBe('bob');
  });

  test('only a sign-in sets a cookie; signing out ends the session, also a copy of it', async () => {
    server = await DemoServer.start();
    const visitor = server.visitor();
    for (const path of ['/', '/healthz', '/me', '/inbox'])
      expect((await visitor.get(path)).headers.get('set-cookie')).toBeNull();
    expect((await visitor.login('alice', 'wrong')).headers.get('set-cookie')).toBeNull();
    await visitor.login('alice', PASSWORD);
    const copy = server.visitor();
    copy.cookies.set('demo.sid', visitor.cookies.get('demo.sid') ?? '');
    expect((await copy.get('/me')).status).toBe(200);
    const out = await visitor.send('POST', '/auth/logout', undefined);
    expect(out.status).toBe(204);
    expect(visitor.cookies.has('demo.sid')).toBe(false);
    expect((await copy.get('/me')).status).toBe(401);
    expect((await server.visitor().post('/auth/logout', {})).status).toBe(204);
  });

  test('a session ends after twelve hours without a request', async () => {
    server = await DemoServer.start();
    const visitor = server.visitor();
    await visitor.login('alice', PASSWORD);
    // Not to the millisecond: express-session works out a cookie's age from two looks at the machine's clock.
    server.advance(12 * HOUR - 1_000);
    expect((await visitor.get('/me')).status).toBe(200);
    server.advance(12 * HOUR);
    expect((await visitor.get('/me')).status).toBe(401);
  });

  test('sessions, locks and recovery codes outlive a restart', async () => {
    const before = await DemoServer.start();
    const alice = before.visitor();
    await alice.login('alice', PASSWORD);
    const { body } = await alice.get('/me?recoveryCodes=1');
    expect(body.recoveryCodes).toHaveLength(10);
    await before
      .visitor()
      .post('/auth/recovery-code', { username: 'alice', code: body.recoveryCodes[3]?.toLowerCase() });
    for (let guess = 0; guess < 6; guess += 1) await before.visitor().login('bob', 'wrong');
    await before.close({ keepData: true });

    server = await DemoServer.start({ dataDir: before.dataDir, now: before.now });
    const later = server.visitor();
    later.cookies.set('demo.sid', alice.cookies.get('demo.sid') ?? '');
    const me = await later.get('/me?recoveryCodes=1');
    expect(me.body.username).toBe('alice');
    expect(me.body.recoveryCodes).toEqual(body.recoveryCodes.filter((_, index) => index !== 3));
    expect((await later.login('bob', PASSWORD)).status).toBe(429);
  });

  test('recovery codes are shown on request only', async () => {
    server = await DemoServer.start();
    const alice = server.visitor();
    await alice.login('alice', PASSWORD);
    expect((await alice.get('/me')).body).not.toHaveProperty('recoveryCodes');
    expect((await server.visitor().get('/me?recoveryCodes=1')).status).toBe(401);
  });

  test('pages load nothing from elsewhere, cannot be framed, and the server does not say what it is', async () => {
    server = await DemoServer.start();
    const page = await server.visitor().get('/');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('x-powered-by')).toBeNull();
    expect(page.text).not.toMatch(/https?:\/\//);
    for (const asset of page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      expect((await server.visitor().get(asset[1] ?? '')).status).toBe(200);
    }
  });

  test('in production there is no mailbox, and secrets have to be given', async () => {
    const secret = 's'.repeat(32);
    const environment = { NODE_ENV: 'production', LOCKOUT_SECRET: secret, SESSION_SECRET: secret };
    server = await DemoServer.start({ environment });
    expect((await server.visitor().get('/mailbox')).status).toBe(404);
    expect((await server.visitor().get('/inbox')).status).toBe(404);
    expect((await server.visitor().get('/healthz')).body).toEqual({ status: 'ok' });
    await server.close();
    server = undefined;
    await expect(DemoServer.start({ environment: { NODE_ENV: 'production' } })).rejects.toThrow(
      /LOCKOUT_SECRET is required.*SESSION_SECRET is required/s,
    );
  });
});
