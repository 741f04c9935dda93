import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AdminConsole } from './admin-console.js';
import { DemoProcess } from './demo-process.js';
import { PASSWORD } from './demo-server.js';
import type { AnswerBody } from './visitor.js';

/** What `npm run demo:attack` runs. */
const ATTACK = join(import.meta.dirname, '../../../dist/apps/demo/attack.js');

interface Run {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
}

const attack = (...args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [ATTACK, ...args], { timeout: 60_000 }, (error, printed, complained) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, printed, complained });
    });
  });

/** The counts of each phase, as printed. */
const counts = ({ printed }: Run): readonly (readonly number[])[] =>
  Array.from(printed.matchAll(/401: +(\d+) +429: +(\d+) +200: +(\d+) +503: +(\d+)$/gm), (match) =>
    match.slice(1).map(Number),
  );

describe('npm run demo:attack', () => {
  let folder: string;
  let app: DemoProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockout-demo-attack-'));
  });

  afterEach(async () => {
    await app?.end('SIGKILL');
    app = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  test('fills accounts, addresses and events of both realms, and tells what came of each phase', async () => {
    app = await DemoProcess.start(folder);
    expect(app.announcement).toContain(`npm run demo:attack -- --url ${app.url}`);
    const run = await attack('--url', app.url, '--fast');
    expect([run.code, run.complained]).toEqual([0, '']);
    // Exact, as the library is: six at an account, fifty at an address, and everybody else is refused unseen.
    expect(counts(run)).toEqual([
      [4, 0, 2, 0],
      [150, 29, 1, 0],
      [30, 30, 0, 0],
      [50, 10, 0, 0],
      [24, 8, 0, 0],
      [0, 2, 1, 0],
    ]);
    expect(run.printed).toContain(`${app.url}/lockout/console/`);

    const admin = await AdminConsole.open(app);
    const accounts = (await admin.locked()).body.items;
    expect(accounts.map(({ realm, account }) => `${realm}/${account}`).sort()).toEqual([
      'default/bob',
      'default/carol',
      'default/mia',
      'default/olga',
      'it/administrator',
      'it/alice',
      'it/backup',
      'it/root',
      'it/test',
    ]);
    expect(
      accounts
        .filter(({ unlockable }) => !unlockable)
        .map(({ account }) => account)
        .sort(),
    ).toEqual(['mia', 'olga']);
    const addresses = (await admin.addresses()).body.items;
    expect(addresses.map(({ address }) => address).sort()).toEqual([
      '2001:db8:5::/64',
      '203.0.113.11',
      '203.0.113.12',
      '203.0.113.13',
    ]);
    const events = JSON.parse(
      (await admin.visitor.get('/lockout/events?type=locked&limit=100')).text,
    ) as AnswerBody;
    expect(events.items).toHaveLength(accounts.length + addresses.length);
    // Nobody who came in by the guesses: the administrators and their address are as they were.
    expect((await app.visitor().login('dave', PASSWORD)).status).toBe(200);
  });

  test('where nothing listens, or something else does, it says so and how to start the app', async () => {
    app = await DemoProcess.start(folder);
    const { url } = app;
    await app.end('SIGKILL');
    const run = await attack('--url', url, '--fast');
    expect([run.code, run.printed]).toEqual([1, '']);
    expect(run.complained).toContain(`does not answer at ${url}. Start it in another terminal: npm run demo`);
  });

  test('it plays against this machine only, and explains itself', async () => {
    const elsewhere = await attack('--url', 'http://example.test:3000', '--fast');
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.complained).toMatch(/another machine.*--fast/s);
    const mistyped = await attack('--quick');
    expect([mistyped.code, mistyped.printed]).toEqual([2, '']);
    expect(mistyped.complained).toContain('npm run demo:attack');
    const help = await attack('--help');
    expect([help.code, help.complained]).toEqual([0, '']);
    expect(help.printed).toContain('npm run demo:attack');
  });
});
