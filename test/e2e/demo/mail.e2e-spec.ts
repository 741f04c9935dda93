import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { LockoutEngine } from 'nestjs-lockout';
import type { DataSource } from 'typeorm';
import { type ArrivedMail, MailServer } from '../mail/mail-server.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import { flood } from './flood.js';

const MINUTE = 60_000;
const THIEF = '203.0.113.9';
const FIREFOX = {
  'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
};
const NEW = 'a new battery staple';

describe('mails over SMTP', () => {
  let post: MailServer;
  let server: DemoServer;

  beforeEach(async () => {
    post = await MailServer.open();
  });

  afterEach(async () => {
    await server.close();
    await post.stop();
  });

  const start = async (environment: NodeJS.ProcessEnv = {}): Promise<void> => {
    const mail = { SMTP_URL: post.url, MAIL_FROM: 'Sample <security@example.test>' };
    server = await DemoServer.start({ environment: { ...mail, ...environment } });
  };

  /** What arrived since it was last asked for, once everything is out. */
  const arrived = async (): Promise<readonly ArrivedMail[]> => {
    await server.deliver();
    return post.take();
  };

  /** A wrong password from the thief's machine. */
  const guess = async (username = 'alice'): Promise<number> => {
    const body = { username, password: 'wrong' };
    return (await server.visitor(THIEF).post('/auth/login', body, FIREFOX)).status;
  };

  const ownerSignsIn = async (password = PASSWORD): Promise<number> =>
    (await server.visitor().login('alice', password)).status;

  /** Locks alice; the mail that tells of it. */
  const lock = async (): Promise<ArrivedMail | undefined> => {
    for (let n = 0; n < 6; n += 1) expect(await guess()).toBe(401);
    expect(await ownerSignsIn()).toBe(429);
    const mails = await arrived();
    expect(mails).toHaveLength(1);
    return mails[0];
  };

  const subjectsOf = (mails: readonly ArrivedMail[]) =>
    mails.map(({ recipients, parsed }) => [...recipients, parsed.subject]);

  const tokenIn = (mail: ArrivedMail | undefined, path: string): string => {
    const [, token = ''] = mail?.parsed.text?.split(`${server.url}/${path}?token=`) ?? [];
    return /^[\w-]+/.exec(token)?.[0] ?? '';
  };

  const LOCKED = ['alice@example.test', 'Sample app: Sign-in to your account is locked'];

  test('CS-9 from 1 to 10 failures: a mail for the 5th and each further one, with browser, device and address, to the account’s own user; 10,000 refusals are no mail and no event', async () => {
    await start({ LOCKOUT_PRESET: 'contentstack' });
    for (let failure = 1; failure <= 4; failure += 1) {
      expect(await guess()).toBe(401);
      expect(await arrived()).toEqual([]);
    }
    for (const minutes of [5, 10, 15, 20, 25, null]) {
      expect(await guess()).toBe(401);
      const mails = await arrived();
      expect(subjectsOf(mails)).toEqual([LOCKED]);
      const { text = '' } = mails[0]?.parsed ?? {};
      expect(text).toMatch('Browser: Firefox on Windows');
      expect(text).toMatch('Device: computer');
      expect(text).toMatch(`Address: ${THIEF}`);
      expect(await guess()).toBe(429);
      expect(await ownerSignsIn()).toBe(429);
      expect(await arrived()).toEqual([]);
      if (minutes !== null) server.advance(minutes * MINUTE);
    }

    await server.app.get(LockoutEngine).sweeper.sweep();
    const dataSource = server.app.get<DataSource>(getDataSourceToken());
    const events = () => dataSource.query('SELECT COUNT(*) AS number FROM lockout_event');
    const before = await events();

    expect(await flood(server.url, 'alice', 10_000)).toEqual(new Map([[429, 10_000]]));
    expect(await events()).toEqual(before);
    expect(await server.waiting()).toBe(0);
    expect(await arrived()).toEqual([]);
  });

  test('an unlock link survives a scanner that opens it 50 times, opens once, and is refused afterwards; then the all-clear comes (R45, pitfall 25)', async () => {
    await start();
    const mail = await lock();
    expect(subjectsOf(mail ? [mail] : [])).toEqual([LOCKED]);
    expect(mail?.parsed.from?.text).toBe('"Sample" <security@example.test>');
    const token = tokenIn(mail, 'lockout/unlock');
    const owner = server.visitor();
    const press = (sent: string) =>
      owner.send('POST', '/lockout/unlock', new URLSearchParams({ token: sent }), { Accept: 'text/html' });

    const scans = await Promise.all(
      Array.from({ length: 50 }, () => owner.get(`/lockout/unlock?token=${token}`, { Accept: 'text/html' })),
    );
    expect(scans.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    // The app's own policy would stop the page's form.
    expect(scans[0]?.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(await ownerSignsIn()).toBe(429);
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect((await press(altered)).status).toBe(404);
    expect(await ownerSignsIn()).toBe(429);

    const pressed = await Promise.all([press(token), press(token)]);
    expect(pressed.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(pressed.map(({ status }) => status).filter((status) => status === 404)).toHaveLength(1);
    expect(await ownerSignsIn()).toBe(200);
    expect((await press(token)).status).toBe(404);
    expect((await owner.get(`/lockout/unlock?token=${token}`)).status).toBe(404);
    const mails = await arrived();
    expect(subjectsOf(mails)).toEqual([['alice@example.test', 'Sample app: Your account is unlocked']]);
    expect(mails[0]?.parsed.text).toMatch('by a link in a mail to you');
  });

  test('a forgotten password: the mail, the new password, and the all-clear; nobody is mailed for a name that nobody has (R44, pitfall 24)', async () => {
    await start();
    const visitor = server.visitor();
    const notice = await lock();
    // The lock notice leads to where a new password is asked for.
    expect(notice?.parsed.text).toMatch(`${server.url}/`);
    for (const username of ['alice', 'nobody']) {
      expect((await visitor.post('/auth/password/forgot', { username })).status).toBe(202);
    }
    const [mail, ...others] = await arrived();
    expect(others).toEqual([]);
    expect(mail?.recipients).toEqual(['alice@example.test']);
    expect(mail?.parsed.subject).toBe('Choose a new password');
    expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    const token = tokenIn(mail, 'reset');
    for (let scan = 0; scan < 5; scan += 1) await visitor.get(`/reset?token=${token}`);
    expect(await ownerSignsIn()).toBe(429);
    const done = await visitor.post('/auth/password/reset', { token, password: NEW });
    expect(done.status).toBe(200);
    expect(subjectsOf(await arrived())).toEqual([
      ['alice@example.test', 'Sample app: Your account is unlocked'],
    ]);
    expect([await ownerSignsIn(), await ownerSignsIn(NEW)]).toEqual([401, 200]);
    // With a mail server nobody else sees mails.
    expect((await visitor.get('/mailbox')).status).toBe(404);
    expect((await visitor.get('/inbox')).status).toBe(404);
  });
});
