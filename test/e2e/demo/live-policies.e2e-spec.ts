import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { databaseUrl } from './database-url.js';
import { DemoProcess } from './demo-process.js';
import { PASSWORD } from './demo-server.js';
import type { Visitor } from './visitor.js';

/** A save governs everywhere within this time of its answer. */
const SPREAD_MS = 1_000;
const POLICY = { name: 'login', threshold: 6, schedule: { kind: 'fixed', durationMs: 3_600_000 } };
const servers = databaseServers.filter(({ name }) => name === 'MariaDB' || name === 'SQLite');

/** One wrong guess; 401: it was verified, 429: refused. */
interface Guess {
  readonly account: string;
  /** Of this process's monotonic clock: before anything was sent. */
  readonly begunAt: number;
  readonly status: number;
}

const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

const verifiedIn = (guesses: readonly Guess[], account: string): number =>
  guesses.filter((guess) => guess.account === account && guess.status === 401).length;

describe.each(servers)('two processes of the sample app that share $name', ({ name: serverName }) => {
  let folder: string;
  let database: TestDatabase;
  let apps: readonly DemoProcess[] = [];

  beforeEach(async () => {
    const found = servers.find(({ name }) => name === serverName);
    if (!found) throw new Error(`${serverName} is gone.`);
    folder = mkdtempSync(join(tmpdir(), 'lockout-demo-policies-'));
    database = await found.create();
    const environment = { ...databaseUrl(database), LOCKOUT_POLICIES: JSON.stringify([POLICY]) };
    apps = await Promise.all([1, 2].map(() => DemoProcess.start(folder, environment)));
  });

  afterEach(async () => {
    await Promise.all(apps.map((app) => app.end('SIGKILL')));
    apps = [];
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (n: number): DemoProcess => {
    const app = apps[n % apps.length];
    if (!app) throw new Error('No process runs.');
    return app;
  };

  const administrator = async (n: number): Promise<Visitor> => {
    const visitor = at(n).visitor();
    expect((await visitor.login('admin', PASSWORD)).status).toBe(200);
    return visitor;
  };

  /** Resolves with the moment of the answer. */
  const save = async (visitor: Visitor, threshold: number, version: number): Promise<number> => {
    const { status } = await visitor.send(
      'PUT',
      '/lockout/policies/login',
      JSON.stringify({ settings: { threshold }, reason: 'we are being guessed at' }),
      { 'Content-Type': 'application/json', 'X-Lockout-Admin': '1', 'If-Match': `"${version}"` },
    );
    expect(status).toBe(200);
    return performance.now();
  };

  /** So many wrong guesses at each account, round after round through both processes, spread evenly over the time. */
  const guessAt = (accounts: readonly string[], each: number, overMs: number): Promise<readonly Guess[]> => {
    const all = Array.from({ length: accounts.length * each }, async (_, n) => {
      await wait((n / (accounts.length * each)) * overMs);
      const account = accounts[n % accounts.length] as string;
      const begunAt = performance.now();
      // The round counts too, or an even number of accounts would see one process only.
      const app = at(n + Math.floor(n / accounts.length));
      const { status } = await app.visitor().login(account, `wrong ${n}`);
      return { account, begunAt, status };
    });
    return Promise.all(all);
  };

  /** Failures that stand at each account, as the other process tells it. */
  const standing = async (visitor: Visitor, accounts: readonly string[]): Promise<readonly number[]> =>
    Promise.all(
      accounts.map(async (account) => {
        const { text } = await visitor.get(`/lockout/accounts/default/${account}?unknown=true`);
        return JSON.parse(text).counters[0].failures as number;
      }),
    );

  test('a threshold saved through one is obeyed by the other within a second, under load, and no attempt is lost (P1)', async () => {
    const [saver, reader] = [await administrator(0), await administrator(1)];
    const [during, after, raised] = [names('during', 20), names('after', 10), names('raised', 4)];

    const load = guessAt(during, 8, 4_000);
    await wait(700);
    const savedAt = await save(saver, 3, 0);
    await wait(SPREAD_MS);
    // However long the save took: these come after it.
    const [around, again, fresh] = await Promise.all([
      load,
      guessAt(during, 4, 1_500),
      guessAt(after, 8, 1_500),
    ]);
    const spread = [...around, ...again];

    // Every attempt got a verdict, and every verdict counts once.
    expect(new Set([...spread, ...fresh].map(({ status }) => status))).toEqual(new Set([401, 429]));
    const verified = during.map((account) => verifiedIn(spread, account));
    expect(await standing(reader, during)).toEqual(verified);
    // During the second: at most the larger of the two budgets.
    expect(Math.max(...verified)).toBeLessThanOrEqual(POLICY.threshold);
    expect(Math.min(...verified)).toBeGreaterThanOrEqual(3);
    // After it the new one, at both processes. Who had passed it by then locks at the very next failure.
    const late = ({ begunAt }: Guess): boolean => begunAt > savedAt + SPREAD_MS;
    expect(spread.filter(late).length).toBeGreaterThan(during.length);
    for (const account of during) {
      const before = verifiedIn(
        spread.filter((guess) => !late(guess)),
        account,
      );
      expect(verifiedIn(spread, account)).toBeLessThanOrEqual(Math.max(3, before + 1));
    }
    expect(fresh.every(late)).toBe(true);
    expect(after.map((account) => verifiedIn(fresh, account))).toEqual(Array(after.length).fill(3));
    expect(await standing(reader, after)).toEqual(Array(after.length).fill(3));

    // The other way round, to processes that nobody has asked anything for a while.
    await wait(2 * SPREAD_MS);
    await save(reader, 5, 1);
    await wait(SPREAD_MS);
    const more = await guessAt(raised, 10, 0);
    expect(raised.map((account) => verifiedIn(more, account))).toEqual(Array(raised.length).fill(5));
    expect(await standing(saver, raised)).toEqual(Array(raised.length).fill(5));
  });
});
