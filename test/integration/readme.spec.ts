import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { Document, ROOT } from '../docs/document.js';
import { type Packed, packLibrary } from './packed-library.js';
import { AS_WRITTEN, OLDEST, ReadmeApp } from './readme-app.js';

const MINUTES = 60_000;
const PASSWORD = 'correct horse battery staple';
const ADMIN = { Authorization: 'Bearer open-sesame' };
const server = process.env['LOCKOUT_TEST_MYSQL_URL'];
// Without a server the suite is skipped, and says so; with CI set the set-up has failed by now.
const suite = server ? describe : describe.skip;

const release = mkdtempSync(join(tmpdir(), 'lockout-release-'));
let packed: Packed;
beforeAll(async () => {
  if (server) packed = await packLibrary(release);
}, MINUTES);
afterAll(() => rmSync(release, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

suite.each([AS_WRITTEN, OLDEST])(
  'the README, followed in an empty folder with the packed library: $name',
  (edition) => {
    const folder = mkdtempSync(join(tmpdir(), 'lockout-readme-'));
    const database = `lockout_readme_${edition === OLDEST ? 'oldest' : 'newest'}`;
    const app = new ReadmeApp(new Document('README.md'), join(folder, 'app'), edition);
    let origin = '';

    const login = (password: string): Promise<Response> =>
      fetch(`${origin}/auth/login`, {
        method: 'POST',
        body: new URLSearchParams({ username: 'alice', password }),
      });

    /** Null: nobody listens yet. */
    const statusOf = (url: string): Promise<number | null> =>
      fetch(url, { headers: ADMIN }).then(
        ({ status }) => status,
        () => null,
      );

    async function recreateDatabase(): Promise<void> {
      const connection = await createConnection(server ?? '');
      await connection.query(`DROP DATABASE IF EXISTS ${database}`);
      await connection.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
      await connection.end();
    }

    async function start(): Promise<void> {
      const port = await freePort();
      origin = `http://127.0.0.1:${port}`;
      const url = new URL(server ?? '');
      url.pathname = `/${database}`;
      await app.start({
        DATABASE_URL: url.href,
        ADMIN_TOKEN: 'open-sesame',
        LOCKOUT_SECRET: 'a secret of the test, of no fewer than 32 bytes',
        PORT: String(port),
      });
      for (let tries = 0; (await statusOf(`${origin}/lockout/accounts`)) !== 200; tries += 1) {
        if (tries > 100) throw new Error(`The admin API does not answer\n${app.output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }

    beforeAll(async () => {
      app.write();
      await recreateDatabase();
      await app.install(packed.path);
      await app.build();
      await start();
    }, 5 * MINUTES);

    afterAll(async () => {
      await app.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    it('installs a package that has what it needs and no tests', () => {
      expect(packed.files).toEqual(
        expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js']),
      );
      expect(packed.files.filter((path) => /\.spec\.|tsbuildinfo/.test(path))).toEqual([]);
    });

    it('installs the versions that are meant', () => {
      for (const [name, version] of Object.entries(edition.versions)) {
        const path = join(folder, 'app/node_modules', name, 'package.json');
        const installed = (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
        expect(installed.slice(0, version.length)).toBe(version);
      }
    });

    it('asks for the same versions that the workspace is tested with', () => {
      const versionsOf = (path: string): Record<string, string> => {
        const { dependencies, devDependencies } = JSON.parse(readFileSync(path, 'utf8')) as Record<
          'dependencies' | 'devDependencies',
          Record<string, string>
        >;
        return { ...dependencies, ...devDependencies };
      };
      const readme = JSON.parse(new Document('README.md').files().get('package.json') ?? '{}') as Record<
        'dependencies' | 'devDependencies',
        Record<string, string>
      >;
      expect(versionsOf(join(ROOT, 'package.json'))).toMatchObject({
        ...readme.dependencies,
        ...readme.devDependencies,
      });
    });

    it('signs in, locks, refuses the right password, unlocks, and signs in again', async () => {
      expect((await login(PASSWORD)).status).toBe(200);

      const guesses: number[] = [];
      for (let guess = 1; guess <= 6; guess += 1) guesses.push((await login(`guess ${guess}`)).status);
      expect(guesses).toEqual([401, 401, 401, 401, 401, 401]);

      const refused = await login(PASSWORD);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('content-type')).toMatch('application/problem+json');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(290);
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(300);
      expect(await refused.json()).toMatchObject({ status: 429, reason: 'locked' });

      const listed = await fetch(`${origin}/lockout/accounts`, { headers: ADMIN });
      const { items } = (await listed.json()) as { items: { realm: string; account: string }[] };
      expect(items).toHaveLength(1);

      const unlocked = await fetch(`${origin}/lockout/accounts/default/${items[0]?.account}/unlock`, {
        method: 'POST',
        headers: { ...ADMIN, 'X-Lockout-Admin': '1', 'Content-Type': 'application/json' },
        body: JSON.stringify({ reason: 'called and proved who she is' }),
      });
      expect(unlocked.status).toBe(200);
      expect(await unlocked.json()).toMatchObject({ changed: true });
      expect((await login(PASSWORD)).status).toBe(200);
    });

    it('keeps strangers out of the admin API', async () => {
      expect((await fetch(`${origin}/lockout/accounts`)).status).toBe(403);
    });

    it(
      'starts again on the tables it made, with the lock still there',
      async () => {
        for (let guess = 1; guess <= 6; guess += 1) expect((await login(`guess ${guess}`)).status).toBe(401);
        await app.stop('SIGKILL');
        await start();
        expect((await login(PASSWORD)).status).toBe(429);
      },
      1 * MINUTES,
    );

    it(
      'verifies at most six of 60 wrong passwords sent at once',
      async () => {
        await app.stop();
        await recreateDatabase();
        await start();
        const answers = await Promise.all(
          Array.from({ length: 60 }, async (_, guess) => (await login(`${guess}`)).status),
        );
        expect(answers.filter((status) => status === 401)).toHaveLength(6);
        expect(answers.filter((status) => status === 429)).toHaveLength(54);
      },
      1 * MINUTES,
    );
  },
);
