import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DemoServer, PASSWORD } from './demo-server.js';
import type { Visitor } from './visitor.js';

const MINUTE = 60_000;
const REQUESTS = ['/auth/otp/request', '/auth/magic-link/request', '/auth/password/forgot'];

describe('codes and links by mail (R44, pitfalls 24 and 25)', () => {
  let server: DemoServer;
  let visitor: Visitor;

  beforeEach(async () => {
    server = await DemoServer.start();
    visitor = server.visitor();
  });

  afterEach(async () => {
    await server.close();
  });

  const linkFor = async (username: string): Promise<string> => {
    await visitor.post('/auth/magic-link/request', { username });
    return visitor.mailedToken(username);
  };

  const resetFor = async (username: string): Promise<string> => {
    await visitor.post('/auth/password/forgot', { username });
    return visitor.mailedToken(username);
  };

  const signInByLink = async (token: string): Promise<number> =>
    (await server.visitor().post('/auth/magic-link', { token })).status;

  test.each(REQUESTS)(
    '%s answers the same whether or not anybody has the name, and asks the database nothing first',
    async (path) => {
      const dataSource = server.app.get<DataSource>(getDataSourceToken());
      const known = await visitor.post(path, { username: 'alice' });
      const unknown = await visitor.post(path, { username: 'nobody' });
      expect(known.status).toBe(202);
      const facts = ({ status, headers, body }: typeof known) => ({
        status,
        body,
        headers: [...headers.entries()].filter(([name]) => name !== 'date'),
      });
      expect(facts(unknown)).toEqual(facts(known));
      expect(await visitor.mails('alice')).toHaveLength(1);
      expect(await visitor.allMails()).toHaveLength(1);
      // The time cannot tell either: with the database gone the answer is still the same.
      await dataSource.query('DROP TABLE demo_user');
      expect(facts(await visitor.post(path, { username: 'alice' }))).toEqual(facts(known));
    },
  );

  test('opening the link does nothing; its button signs in, once (pitfall 25)', async () => {
    const token = await linkFor('alice');
    for (let scan = 0; scan < 3; scan += 1) {
      const page = await visitor.get(`/magic-link?token=${token}`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      expect(page.text).toContain('<button');
    }
    expect(await signInByLink(token)).toBe(200);
    expect(await signInByLink(token)).toBe(401);
  });

  test('of twenty parallel uses of one link, code or recovery code one signs in', async () => {
    const token = await linkFor('alice');
    await visitor.post('/auth/otp/request', { username: 'alice' });
    const code = await visitor.mailedCode('alice');
    await visitor.login('alice', PASSWORD);
    const recovery = (await visitor.get('/me?recoveryCodes=1')).body.recoveryCodes[0];
    const uses = [
      ['/auth/magic-link', { token }],
      ['/auth/otp', { username: 'alice', code }],
      ['/auth/recovery-code', { username: 'alice', code: recovery }],
    ] as const;
    for (const [path, body] of uses) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => server.visitor().post(path, body)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
    }
  });

  test('links and codes expire', async () => {
    const token = await linkFor('alice');
    await visitor.post('/auth/otp/request', { username: 'alice' });
    const code = await visitor.mailedCode('alice');
    server.advance(10 * MINUTE);
    expect((await visitor.post('/auth/otp', { username: 'alice', code })).status).toBe(401);
    server.advance(5 * MINUTE);
    expect(await signInByLink(token)).toBe(401);
    const reset = await resetFor('alice');
    server.advance(30 * MINUTE);
    expect(
      (await visitor.post('/auth/password/reset', { token: reset, password: 'another one' })).status,
    ).toBe(400);
  });

  const newCode = async (): Promise<string> => {
    server.advance(1);
    await visitor.post('/auth/otp/request', { username: 'alice' });
    return visitor.mailedCode('alice');
  };

  const guessCode = async (code: string): Promise<number> =>
    (await visitor.post('/auth/otp', { username: 'alice', code })).status;

  test('a new code ends the one before', async () => {
    const first = await newCode();
    const second = await newCode();
    if (first !== second) expect(await guessCode(first)).toBe(401);
    expect(await guessCode(second)).toBe(200);
  });

  test.each([
    [9, 200],
    [10, 401],
  ])(
    'after %i wrong guesses the right code answers %i, also where no policy counts codes',
    async (guesses, expected) => {
      const code = await newCode();
      const wrong = code === '000000' ? '000001' : '000000';
      for (let guess = 0; guess < guesses; guess += 1) expect(await guessCode(wrong)).toBe(401);
      expect(await guessCode(code)).toBe(expected);
    },
  );

  test('nobody’s mailbox is flooded, and asking is never refused (pitfall 24)', async () => {
    for (let request = 0; request < 15; request += 1) {
      const { status } = await visitor.post('/auth/password/forgot', { username: 'alice' });
      expect(status).toBe(202);
    }
    expect(await visitor.mails('alice')).toHaveLength(10);
    for (const username of ['bob', 'carol', 'dave', 'erin']) {
      for (let request = 0; request < 12; request += 1)
        await visitor.post('/auth/password/forgot', { username });
    }
    expect(await visitor.allMails()).toHaveLength(50);
    server.advance(60 * MINUTE + 1);
    await visitor.post('/auth/password/forgot', { username: 'erin' });
    expect(await visitor.allMails()).toHaveLength(51);
  });

  test('the database holds no token, code, session id or password', async () => {
    const token = await linkFor('alice');
    await visitor.post('/auth/otp/request', { username: 'alice' });
    await visitor.login('alice', PASSWORD);
    expect(token).toMatch(/^[\w-]{43}$/);
    const dataSource = server.app.get<DataSource>(getDataSourceToken());
    const rows = JSON.stringify([
      await dataSource.query('SELECT * FROM demo_challenge'),
      await dataSource.query('SELECT * FROM demo_session'),
      await dataSource.query('SELECT * FROM demo_user'),
    ]);
    const sessionId =
      decodeURIComponent(visitor.cookies.get('demo.sid') ?? '')
        .slice(2)
        .split('.')[0] ?? '';
    expect(sessionId).not.toBe('');
    for (const secret of [token, sessionId, PASSWORD]) expect(rows).not.toContain(secret);
    expect(rows).not.toMatch(new RegExp(`"${await visitor.mailedCode('alice')}"`));
    expect(rows).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  describe('forgotten password', () => {
    const NEW = 'a new battery staple';

    const lock = async (): Promise<void> => {
      for (let guess = 0; guess < 6; guess += 1) await server.visitor().login('alice', `wrong ${guess}`);
      expect((await server.visitor().login('alice', PASSWORD)).status).toBe(429);
    };

    test('asking changes nothing about the lock; completing it lifts it, and the new password signs in (R5-15)', async () => {
      await lock();
      const token = await resetFor('alice');
      expect((await server.visitor().login('alice', PASSWORD)).status).toBe(429);
      expect((await visitor.get(`/reset?token=${token}`)).status).toBe(200);
      const done = await visitor.post('/auth/password/reset', { token, password: NEW });
      expect(done.status).toBe(200);
      expect(done.headers.get('set-cookie')).toBeNull();
      expect((await server.visitor().login('alice', PASSWORD)).status).toBe(401);
      expect((await server.visitor().login('alice', NEW)).status).toBe(200);
    });

    test('it voids every other link and code, ends open sessions, and works once', async () => {
      const session = server.visitor();
      await session.login('alice', PASSWORD);
      const link = await linkFor('alice');
      await visitor.post('/auth/otp/request', { username: 'alice' });
      const code = await visitor.mailedCode('alice');
      server.advance(1);
      const token = await resetFor('alice');
      expect((await visitor.post('/auth/password/reset', { token, password: NEW })).status).toBe(200);
      expect((await session.get('/me')).status).toBe(401);
      expect(await signInByLink(link)).toBe(401);
      expect((await visitor.post('/auth/otp', { username: 'alice', code })).status).toBe(401);
      expect((await visitor.post('/auth/password/reset', { token, password: NEW })).status).toBe(400);
    });

    test('a link for signing in is no link for a new password, nor the reverse', async () => {
      const link = await linkFor('alice');
      expect((await visitor.post('/auth/password/reset', { token: link, password: NEW })).status).toBe(400);
      server.advance(1);
      expect(await signInByLink(await resetFor('alice'))).toBe(401);
    });
  });
});
