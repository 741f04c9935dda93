import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import { hash } from '@node-rs/argon2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ChallengeKeys } from '../../../apps/demo/src/challenges/challenge-keys.js';
import { FirstTables1760000000001 } from '../../../apps/demo/src/database/first-tables.migration.js';
import { Realms1760000000002 } from '../../../apps/demo/src/database/realms.migration.js';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { databaseUrl } from './database-url.js';
import { DemoServer, PASSWORD } from './demo-server.js';

/** Of alice, as the former release showed it, with {@link SECRET}; the one before it is used up. */
const RECOVERY_CODE = 'P5F3R-H8N6L';
const SECRET = 'session secret of the former release';
const OWN_PASSWORD = 'chosen long before the upgrade';
const SESSION_ID = 'a-session-of-the-former-release';
const TOKEN = 'mailed-before-the-upgrade'.padEnd(43, 'x');
const NOON = Date.UTC(2026, 0, 15, 12);
const LATER = NOON + 60 * 60_000;

const signedCookie = (id: string): string => {
  const signature = createHmac('sha256', SECRET).update(id).digest('base64').replace(/=+$/, '');
  return encodeURIComponent(`s:${id}.${signature}`);
};

describe.each(databaseServers)('a database of the former release, on $name', ({ name: serverName }) => {
  let database: TestDatabase;
  let dataDir: string;
  let old: DataSource;
  let server: DemoServer | undefined;

  beforeEach(async () => {
    const found = databaseServers.find(({ name }) => name === serverName);
    if (!found) throw new Error(`${serverName} is gone.`);
    database = await found.create();
    dataDir = mkdtempSync(join(tmpdir(), 'lockout-demo-old-'));
    const { options } = database;
    // SQLite: the file that the app would have made.
    const file = options.type === 'better-sqlite3' ? { database: join(dataDir, 'demo.sqlite') } : {};
    old = new DataSource({
      ...options,
      ...file,
      migrations: [FirstTables1760000000001],
      migrationsTableName: 'demo_migration',
    } as DataSourceOptions);
    await old.initialize();
    await old.runMigrations();
    const passwordHash = await hash(OWN_PASSWORD);
    const stamp = createHash('sha256').update(passwordHash).digest('base64url');
    const cookie = { originalMaxAge: 12 * 60 * 60_000, httpOnly: true, path: '/', sameSite: 'lax' };
    const session = JSON.stringify({ cookie, username: 'alice', stamp });
    const sessionRow = createHash('sha256').update(SESSION_ID).digest('hex');
    const link = new ChallengeKeys(SECRET).digest('magic-link', TOKEN).toString('hex');
    const rows = [
      `demo_user (username, email, role, password_hash) VALUES ('alice', 'alice@example.test', 'member', '${passwordHash}')`,
      `demo_user (username, email, role, password_hash) VALUES ('zelda', 'zelda@example.test', 'admin', '${passwordHash}')`,
      `demo_session (id, username, data, expires_at) VALUES ('${sessionRow}', 'alice', '${session}', ${LATER})`,
      "demo_mail (id, recipient, subject, text, html, at) VALUES ('m1', 'alice@example.test', 'Old', 'old', 'old', 1)",
      `demo_challenge (id, purpose, username, digest, address, guesses_left, created_at, expires_at)
         VALUES ('c1', 'magic-link', 'alice', '${link}', '127.0.0.1', 1, ${NOON}, ${LATER})`,
      "demo_used_recovery_code (username, ordinal, used_at) VALUES ('alice', 0, 1)",
    ];
    for (const row of rows) await old.query(`INSERT INTO ${row}`);
  });

  afterEach(async () => {
    await server?.close();
    server = undefined;
    if (old.isInitialized) await old.destroy();
    await database.drop();
  });

  const start = async (): Promise<DemoServer> => {
    await old.destroy();
    const environment = { ...databaseUrl(database), SESSION_SECRET: SECRET };
    server = await DemoServer.start({ environment, dataDir, now: NOON });
    return server;
  };

  test('everybody becomes a customer, with password, session, mailed link and recovery codes; another alice joins', async () => {
    const app = await start();
    const alice = app.visitor();
    alice.cookies.set('demo.sid', signedCookie(SESSION_ID));
    const me = await alice.get('/me?recoveryCodes=1');
    expect(me.body).toMatchObject({ realm: 'default', username: 'alice' });
    expect(me.body.recoveryCodes).toHaveLength(9);
    expect(me.body.recoveryCodes[0]).toBe(RECOVERY_CODE);
    expect((await alice.mails('alice')).map(({ subject }) => subject)).toEqual(['Old']);
    expect((await app.visitor().post('/auth/magic-link', { token: TOKEN })).body).toMatchObject({
      username: 'alice',
    });

    const status = async (username: string, password: string, realm: 'default' | 'it'): Promise<number> =>
      (await app.visitor().login(username, password, realm)).status;
    expect(await status('alice', OWN_PASSWORD, 'default')).toBe(200);
    expect(await status('alice', PASSWORD, 'default')).toBe(401);
    expect(await status('alice', PASSWORD, 'it')).toBe(200);
    expect(await status('alice', OWN_PASSWORD, 'it')).toBe(401);
    expect(await status('olga', PASSWORD, 'default')).toBe(200);
    // Who was an administrator still is, of everything.
    const zelda = app.visitor();
    await zelda.login('zelda', OWN_PASSWORD);
    expect((await zelda.get('/lockout/accounts/it/alice')).status).toBe(200);

    const dataSource = app.app.get<DataSource>(getDataSourceToken());
    const alices = await dataSource.query(
      "SELECT realm FROM demo_user WHERE username = 'alice' ORDER BY realm",
    );
    expect(alices).toEqual([{ realm: 'default' }, { realm: 'it' }]);
    const again =
      "INSERT INTO demo_user (realm, username, email, role, password_hash) VALUES ('it', 'alice', '', '', '')";
    await expect(dataSource.query(again)).rejects.toThrow(/unique|duplicate/i);
  });

  test('a migration that ended before it was noted down is taken up where it was', async () => {
    const runner = old.createQueryRunner();
    await new Realms1760000000002().up(runner);
    await runner.query("UPDATE demo_user SET realm = 'it' WHERE username = 'zelda'");
    await runner.release();
    const app = await start();
    expect((await app.visitor().login('zelda', OWN_PASSWORD, 'it')).status).toBe(200);
    expect((await app.visitor().login('alice', OWN_PASSWORD)).status).toBe(200);
    const dataSource = app.app.get<DataSource>(getDataSourceToken());
    const noted = (await dataSource.query('SELECT name FROM demo_migration ORDER BY name')) as {
      name: string;
    }[];
    // The library notes its own in the same table.
    const ours = noted.map(({ name }) => name).filter((name) => !name.includes('Lockout'));
    expect(ours).toEqual(['FirstTables1760000000001', 'LockEnds1760000000003', 'Realms1760000000002']);
  });
});
