import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DemoProcess } from './demo-process.js';
import { PASSWORD } from './demo-server.js';

describe('the built app, as npm start runs it', () => {
  let folder: string;
  let running: DemoProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockout-demo-process-'));
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map((app) => app.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (environment: NodeJS.ProcessEnv = {}): Promise<DemoProcess> => {
    const app = await DemoProcess.start(folder, environment);
    running.push(app);
    return app;
  };

  test('after kill -9 and a restart a lock is still there, and so are sessions and mails (P2, pitfall 12)', async () => {
    const before = await start();
    const alice = before.visitor();
    await alice.post('/auth/magic-link/request', { username: 'alice' });
    expect((await alice.post('/auth/magic-link', { token: await alice.mailedToken('alice') })).status).toBe(
      200,
    );
    for (let guess = 0; guess < 6; guess += 1) {
      expect((await before.visitor().login('alice', `wrong ${guess}`)).status).toBe(401);
    }
    await before.end('SIGKILL');

    const after = await start();
    const refused = await after.visitor().login('alice', PASSWORD);
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(240);
    expect(seconds).toBeLessThanOrEqual(300);
    expect(Date.parse(refused.body.retryAt) - Date.now()).toBeLessThanOrEqual(300_000);

    const later = after.visitor();
    later.cookies.set('demo.sid', alice.cookies.get('demo.sid') ?? '');
    expect(Date.parse((await later.get('/me')).body.lockoutEndDate)).toBeGreaterThan(Date.now());
    const subjects = (await later.mails('alice')).map(({ subject }) => subject);
    // The lock's own mail may be there as well.
    expect(subjects.filter((subject) => subject === 'Your sign-in link')).toHaveLength(1);
  });

  test('several that start together on one new file agree on everything, and share sessions and budgets (pitfall 13)', async () => {
    const apps = await Promise.all([start(), start(), start()]);
    const statuses: number[] = [];
    for (let guess = 0; guess < 7; guess += 1) {
      const visitor = apps[guess % apps.length]?.visitor();
      if (visitor) statuses.push((await visitor.login('alice', 'wrong')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
    const [first, second] = apps.map((app) => app.visitor());
    await first?.login('bob', PASSWORD);
    second?.cookies.set('demo.sid', first?.cookies.get('demo.sid') ?? '');
    expect((await second?.get('/me'))?.body.username).toBe('bob');
  });

  test('it says what to open, whom to be and what will happen, for the policies in force', async () => {
    const app = await start({ LOCKOUT_PRESET: 'contentstack' });
    expect(app.announcement).toContain(`${app.url}/lockout/console/`);
    expect(app.announcement).toContain(`${app.url}/admin`);
    expect(app.announcement).toContain(`${app.url}/inbox`);
    expect(app.announcement).toMatch(/admin: everything; user-manager: customers; it-admin.*: staff/);
    expect(app.announcement).toContain('alice, frank, grace (realm it');
    expect(app.announcement).toMatch(/olga owns an organisation and mia is in two/);
    expect(app.announcement).toContain('alice, bob, carol, dave, erin');
    expect(app.announcement).toContain(PASSWORD);
    expect(app.announcement).toContain('5 wrong passwords for one account');
    expect(app.announcement).toContain('refused with 429 for 5 minutes');
    expect(app.announcement).toContain('1 wrong password more: refused for 10 minutes');
    expect(app.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  test('SIGTERM ends it in order', async () => {
    const app = await start();
    // A browser that keeps its connection open must not keep the process.
    await app.visitor().get('/healthz');
    const begun = Date.now();
    await app.end('SIGTERM');
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test('settings that cannot be used stop it with everything that is wrong', async () => {
    const environment = {
      PORT: '70000',
      DATABASE_URL: 'mongodb://localhost/x',
      LOCKOUT_SECRET: 'short',
      SMTP_URL: 'mail.example.com',
      LOCKOUT_POLICIES: '[{"name":"a","threshold":0,"schedule":{"kind":"sometimes"}}]',
    };
    await expect(start(environment)).rejects.toThrow(
      /ended with 1:.*PORT.*schedule\.kind.*threshold.*DATABASE_URL.*LOCKOUT_SECRET.*SMTP_URL/s,
    );
    await expect(start({ LOCKOUT_POLICIES: '[{' })).rejects.toThrow(/LOCKOUT_POLICIES is not JSON/);
    await expect(start({ LOCKOUT_PRESET: 'nosuch' })).rejects.toThrow(/reachfive/);
  });
});
