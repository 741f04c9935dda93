// The short form of `npm run torture`: the same run, some seconds on each server. It starts servers of its own, because
// it kills them.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { databaseServers, describeEach } from '../support/databases.js';
import { redisServers } from '../support/redis-store.js';
import { type TortureReport, toldOf, tortureRun } from './torture-run.js';

const torture = (...options: readonly string[]): Promise<TortureReport> => tortureRun(20, ...options);

const installed = new Set<string>([...databaseServers, ...redisServers].map(({ name }) => name));
const servers = [
  { name: 'MariaDB', option: 'mariadb' },
  { name: 'PostgreSQL', option: 'postgres' },
  { name: 'Redis', option: 'redis' },
  { name: 'SQLite', option: 'sqlite' },
].filter(({ name }) => installed.has(name));

describeEach(servers, 'P1 P2 R28 under fire on $name', ({ name, option }) => {
  it('keeps every promise while processes and the server are killed', async () => {
    const report = await torture('--server', option, '--minutes', '0.17', '--storm-seconds', '3');
    expect(toldOf(report)).toBe('');
    const { verified = 0, kills = 0, serverRestarts = 0, lostRaces = 0 } = report.totals;
    expect(verified).toBeGreaterThan(100);
    expect(kills).toBeGreaterThan(0);
    // A file has no server, and one process alone loses no race.
    if (name === 'SQLite') return;
    expect(serverRestarts).toBeGreaterThan(0);
    expect(lostRaces).toBeGreaterThan(0);
  });
});

describeEach(
  servers.filter(({ name }) => name === 'MariaDB'),
  // Two of the four mistakes that `npm run torture -- --flaw` knows: each costs a quarter of a minute here.
  'a store with a mistake in it, under fire on $name',
  ({ option }) => {
    it.each([
      ['read-then-write', /P1/],
      // A clock that is off also makes somebody else's attempt look overdue, so that it is a failure too many.
      ['app-clock', /R28|no refusal without cause/],
    ])(
      'is caught within a minute: %s',
      async (flaw, promise) => {
        const report = await torture('--server', option, '--minutes', '1', '--flaw', flaw);
        expect(toldOf(report)).toMatch(promise);
      },
      120_000,
    );
  },
);

describeEach(
  servers.filter(({ name }) => name === 'PostgreSQL'),
  'a connection that $name ends in the packet that opens it',
  () => {
    it('does not end the process (pitfall 27)', async () => {
      const script = new URL('../torture/ended-connection.mjs', import.meta.url).pathname;
      const { stdout } = await promisify(execFile)(process.execPath, [script]);
      expect(stdout.trim()).toBe('lived');
    });
  },
);
