import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { databaseUrl } from './database-url.js';
import { DemoProcess } from './demo-process.js';
import { PASSWORD } from './demo-server.js';

const INSTANCES = 3;

describe.each(databaseServers)('instances that share $name', ({ name: serverName }) => {
  let folder: string;
  let database: TestDatabase;
  let apps: readonly DemoProcess[] = [];

  beforeEach(async () => {
    const found = databaseServers.find(({ name }) => name === serverName);
    if (!found) throw new Error(`${serverName} is gone.`);
    folder = mkdtempSync(join(tmpdir(), 'lockout-demo-instances-'));
    database = await found.create();
    // All at once, on an empty database: migrations, seeds and secrets are made once.
    const environment = databaseUrl(database);
    apps = await Promise.all(Array.from({ length: INSTANCES }, () => DemoProcess.start(folder, environment)));
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.end('SIGKILL')));
    apps = [];
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (n: number): DemoProcess => {
    const app = apps[n % apps.length];
    if (!app) throw new Error('No instance runs.');
    return app;
  };

  test('they start together, and share accounts, sessions, links, locks and unlocks (pitfall 13, P6)', async () => {
    // A hundred guesses at once, spread over all of them.
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => at(n).visitor().login('alice', `wrong ${n}`)),
    );
    const of = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([of(401), of(429)]).toEqual([6, 94]);

    const alice = at(0).visitor();
    await alice.post('/auth/magic-link/request', { username: 'alice' });
    const elsewhere = at(1).visitor();
    const link = await elsewhere.post('/auth/magic-link', { token: await alice.mailedToken('alice') });
    expect(link.status).toBe(200);
    const copy = at(2).visitor();
    copy.cookies.set('demo.sid', elsewhere.cookies.get('demo.sid') ?? '');
    expect((await copy.get('/me')).body.username).toBe('alice');

    const admin = at(1).visitor();
    await admin.login('admin', PASSWORD);
    const unlock = '/lockout/accounts/default/alice/unlock';
    const done = await admin.post(unlock, { reason: 'called us' }, { 'X-Lockout-Admin': '1' });
    expect(done.body).toMatchObject({ changed: true });
    expect((await at(1).visitor().login('alice', PASSWORD)).status).toBe(200);
  });
});
