// Servers that let nobody in without TLS: the application's connections and the terminal's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { LockoutEngine, type LockoutModuleOptions } from 'nestjs-lockout';
import { RedisLockoutStore } from 'nestjs-lockout/redis';
import { migrateLockout } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { authority, type Certificate, certificateOf } from '../../support/certificates.js';
import { describeEach, serversOf } from '../../support/databases.js';
import { redisServers } from '../../support/redis-store.js';
import type { ServerCertificate } from '../../support/servers/certificate-files.mjs';
import { startMariadb } from '../../support/servers/mariadb.mjs';
import { startPostgres } from '../../support/servers/postgres.mjs';
import { startRedis } from '../../support/servers/redis.mjs';
import { connect, openStore } from '../../support/typeorm-store.js';
import { POLICIES, SECRET } from './house.js';
import { type Ended, runProcess } from './program.js';

/** What the certificates are for; every server here is reached by it, too. */
const HOST = 'localhost';
const ELSEWHERE = 'db.example.com';
const UNREACHED = 4;

interface OpenStore {
  readonly store: LockoutModuleOptions['store'];
  readonly close: () => Promise<void>;
}

/** An application's store on tables, made first; `ssl`: as TypeORM and the drivers take it. */
async function tablesAt(type: 'mariadb' | 'postgres', url: string, ca: string): Promise<OpenStore> {
  const options = { type, url, ssl: { ca, verifyIdentity: true } } as DataSourceOptions;
  const migrating = await connect(options);
  await migrateLockout(migrating);
  await migrating.destroy();
  return openStore(options);
}

async function redisAt(url: string, ca: string): Promise<OpenStore> {
  const client = new Redis(url, { tls: { ca } });
  const store = new RedisLockoutStore(client, { onWarning: () => undefined });
  await store.init();
  const close = async (): Promise<void> => {
    await store.close();
    client.disconnect();
  };
  return { store, close };
}

const mariadb = serversOf('MariaDB').map(() => ({
  name: 'MariaDB',
  start: startMariadb,
  database: 'mysql',
  open: (url: string, ca: string) => tablesAt('mariadb', url, ca),
  trusting: (ca: string) => `?ssl-mode=VERIFY_IDENTITY&ssl-ca=${ca}`,
}));
const CASES = [
  ...mariadb,
  ...serversOf('PostgreSQL').map(() => ({
    name: 'PostgreSQL',
    start: startPostgres,
    database: 'postgres',
    open: (url: string, ca: string) => tablesAt('postgres', url, ca),
    trusting: (ca: string) => `?sslmode=verify-full&sslrootcert=${ca}`,
  })),
  ...redisServers.map(() => ({
    name: 'Redis',
    start: startRedis,
    database: '0',
    open: redisAt,
    // Only the environment names a CA there.
    trusting: () => '',
  })),
];

let folder: string;
let ca: Certificate;
let stranger: Certificate;
let certificate: ServerCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockout-tls-'));
  [ca, stranger] = [await authority('ours'), await authority('stranger')];
  certificate = { ...(await certificateOf(ca, HOST)), ca: ca.cert };
  for (const [name, { cert, key }] of Object.entries({
    ca,
    stranger,
    client: await certificateOf(ca, 'operator'),
  })) {
    writeFileSync(fileOf(`${name}.pem`), cert);
    writeFileSync(fileOf(`${name}.key`), key, { mode: 0o600 });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string): string => join(folder, name);

/** The same server under a name, with what stands after the "?". */
function addressOf(url: string, host: string, database: string, words = ''): string {
  const location = new URL(url);
  location.hostname = host;
  location.pathname = `/${database}`;
  return `${location.href}${words}`;
}

/** What the terminal answers in a process of its own: only as it starts does Node read whom else it trusts. */
const status = (
  address: string,
  env: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<Ended> =>
  runProcess(['status', 'alice', '--database', address, ...more], { LOCKOUT_SECRETS: SECRET, ...env });

describeEach(CASES, '$name that requires TLS', ({ start, database, open, trusting }) => {
  let server: { readonly url: string; stop(): Promise<void> };
  let application: OpenStore;

  beforeAll(async () => {
    server = await start({ certificate });
    application = await open(addressOf(server.url, HOST, database), ca.cert);
  });
  afterAll(async () => {
    await application.close();
    await server.stop();
  });

  /** The terminal, which trusts this CA. */
  const trustingOnly = (file: string): Promise<Ended> => {
    const address = addressOf(server.url, HOST, database, trusting(fileOf(file)));
    return status(address, { NODE_EXTRA_CA_CERTS: fileOf(file) });
  };

  it('keeps the locks of an application that connects with TLS, and shows them at the terminal', async () => {
    const engine = new LockoutEngine({ store: application.store, secrets: [SECRET], policies: POLICIES });
    for (const outcome of ['failure', 'failure', 'failure', 'refused'])
      expect((await engine.protect({ account: 'alice', method: 'password' }, () => false)).outcome).toBe(
        outcome,
      );
    const { code, out } = await trustingOnly('ca.pem');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^alice .*locked/) });
  });

  it('is not spoken to under a certificate of somebody else’s CA', async () => {
    const { code, err } = await trustingOnly('stranger.pem');
    expect({ code, err }).toEqual({ code: UNREACHED, err: expect.stringMatching(/certificate/) });
  });

  it('refuses the terminal that does not ask for TLS', async () => {
    const address = addressOf(server.url, HOST, database).replace(/^rediss:/, 'redis:');
    // It is told at once: waiting for an answer as long as this would fail the test.
    const { code } = await status(address, {}, ['--timeout', '120']);
    expect(code).toBe(UNREACHED);
  });
});

describeEach(mariadb, '$name under the name of another host', ({ start, database, open }) => {
  let server: { readonly url: string; stop(): Promise<void> };

  beforeAll(async () => {
    const other = { ...(await certificateOf(ca, ELSEWHERE)), ca: ca.cert };
    server = await start({ certificate: other });
    const options = { type: 'mariadb', url: addressOf(server.url, HOST, database), ssl: { ca: ca.cert } };
    const root = await connect(options as DataSourceOptions);
    await migrateLockout(root);
    await root.query("CREATE USER app@'%' REQUIRE X509");
    await root.query("GRANT ALL ON *.* TO app@'%'");
    await root.destroy();
  });
  afterAll(() => server.stop());

  const address = (words: Readonly<Record<string, string>>): string =>
    addressOf(server.url, HOST, database, `?${new URLSearchParams(words).toString()}`);

  it('does not open to an application that asks for that name', async () => {
    await expect(open(addressOf(server.url, HOST, database), ca.cert)).rejects.toThrow(/altnames/);
  });

  it.each([
    ['a CA alone', {}, 'ca.pem', UNREACHED, /altnames/],
    ['VERIFY_IDENTITY', { 'ssl-mode': 'VERIFY_IDENTITY' }, 'ca.pem', UNREACHED, /altnames/],
    ['VERIFY_CA', { 'ssl-mode': 'verify_ca' }, 'ca.pem', 1, /^Nothing is recorded/m],
    ['VERIFY_CA, of another CA', { 'ssl-mode': 'VERIFY_CA' }, 'stranger.pem', UNREACHED, /certificate/],
    ['REQUIRED', { 'ssl-mode': 'REQUIRED' }, null, 1, /^Nothing is recorded/m],
    ['DISABLED', { 'ssl-mode': 'DISABLED' }, null, UNREACHED, /Access denied|insecure transport/],
  ])('is taken by the terminal as ssl-mode says: %s', async (_, words, file, code, told) => {
    const files: Record<string, string> = file === null ? {} : { 'ssl-ca': fileOf(file) };
    const ended = await status(address({ ...files, ...words }));
    expect(ended).toMatchObject({ code });
    expect(ended.out + ended.err).toMatch(told);
  });

  it('lets in who shows a certificate of their own, where it asks for one', async () => {
    const asApp = (words: Readonly<Record<string, string>>): Promise<Ended> =>
      status(
        address({ 'ssl-mode': 'VERIFY_CA', 'ssl-ca': fileOf('ca.pem'), ...words }).replace(
          '//root@',
          '//app@',
        ),
      );
    const own = { 'ssl-cert': fileOf('client.pem'), 'ssl-key': fileOf('client.key') };
    expect((await asApp(own)).code).toBe(1);
    expect((await asApp({})).code).toBe(UNREACHED);
  });
});
