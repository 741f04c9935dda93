// P6 over processes: an unlock through one of them is obeyed by the others within the cache time. Each is a child process
// on the built package, with an admin API of its own.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseServers, describeEach, type TestDatabase } from '../support/databases.js';
import { redisServers } from '../support/redis-store.js';
import { startRedis } from '../support/servers/redis.mjs';
import { migratedDatabase } from '../support/typeorm-store.js';
import { type Asked, Office, type OfficeOptions } from './office.js';

const PROCESSES = 4;
const ROUNDS = 2;
const CACHE_MS = 1_000;
/** What a busy machine may take to let a process run that could. */
const SLACK_MS = 1_000;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Epoch ms on the clock that all processes of this machine have. */
const machineNow = (): number => performance.timeOrigin + performance.now();

/** By the same clock; no number, which nothing is before, where it refused nothing. */
const refusedLast = (told: Asked | undefined): number =>
  told?.lastRefusedAt == null ? Number.NaN : told.lastRefusedAt - told.clock;

/** The laws, of processes that share the store which `where` tells of. */
function unlockLaws(name: string, where: () => Omit<OfficeOptions, 'cacheMs'>): void {
  let offices: readonly Office[] = [];
  afterEach(async () => {
    await Promise.all(offices.map((office) => office.end()));
  });
  afterAll(() => {
    for (const office of offices) office.kill();
  });

  /** The one that unlocks. */
  const open = async (cacheMs: number): Promise<Office> => {
    offices = await Promise.all(
      Array.from({ length: PROCESSES }, () => Office.open({ ...where(), cacheMs })),
    );
    return offices[0] as Office;
  };

  /** Asks them all until it is so. */
  const until = async (isSo: (told: Asked) => boolean): Promise<readonly Asked[]> => {
    for (;;) {
      const told = await Promise.all(offices.map((office) => office.told()));
      if (told.every((one) => one !== null && isSo(one))) return told;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('is obeyed by all within the cache time, though they answer from memory', async () => {
    const first = await open(CACHE_MS);
    const delays: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const account = `alice-${round}`;
      await first.lock(account);
      for (const office of offices) await office.ask(account);
      const begun = Date.now();
      // Longer than a refusal is remembered, and never at the same point of that time.
      const warmMs = CACHE_MS * (1.5 + 0.17 * round);
      const warm = await until(({ asks }) => asks > 100 && Date.now() - begun > warmMs);
      const elapsed = Date.now() - begun;
      for (const { asks, statements, admittedAt } of warm) {
        expect(admittedAt).toBeNull();
        // Once each time that it was forgotten, and at the start.
        expect(statements).toBeLessThanOrEqual(Math.ceil(elapsed / CACHE_MS) + 2);
        expect(asks).toBeGreaterThan(10 * statements);
      }
      await first.unlock(account);
      const answeredAt = machineNow();
      const told = await until(({ admittedAt }) => admittedAt !== null);
      const unlockedAt = await first.unlockedAt(account);
      for (const { lastRefusedAt } of told)
        expect(lastRefusedAt).toBeLessThanOrEqual(unlockedAt + CACHE_MS + SLACK_MS);
      const [own, ...others] = told;
      // Whoever asks the process that did it after its answer is let in.
      expect(refusedLast(own)).toBeLessThanOrEqual(answeredAt);
      delays.push(...others.map(({ admittedAt }) => Math.round((admittedAt ?? 0) - unlockedAt)));
    }
    expect(delays).toHaveLength(ROUNDS * (PROCESSES - 1));
    process.stderr.write(
      `${name}: from an unlock to the first attempt that another process admits, ${ROUNDS} rounds, ` +
        `cacheMs ${CACHE_MS}: median ${median(delays)} ms, most ${Math.max(...delays)} ms (${delays.join(' ')})\n`,
    );
  });

  it('is obeyed by all at once where nothing is remembered', async () => {
    const first = await open(0);
    for (let round = 0; round < ROUNDS; round += 1) {
      const account = `bob-${round}`;
      await first.lock(account);
      for (const office of offices) await office.ask(account);
      const warm = await until(({ asks }) => asks > 50);
      // Each asks the store.
      for (const { asks, statements } of warm) expect(statements).toBeGreaterThanOrEqual(asks - 1);
      await first.unlock(account);
      const answeredAt = machineNow();
      const told = await until(({ admittedAt }) => admittedAt !== null);
      for (const one of told) expect(refusedLast(one)).toBeLessThanOrEqual(answeredAt);
    }
  });
}

describe.each(databaseServers)('P6 an unlock by one of four processes sharing one $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await migratedDatabase(server);
  });
  afterAll(() => database.drop());

  unlockLaws(server.name, () => ({ dataSource: database.options }));
});

describeEach(redisServers, 'P6 an unlock by one of four processes sharing one $name', ({ name }) => {
  let server: Awaited<ReturnType<typeof startRedis>>;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  unlockLaws(name, () => ({ redis: [server.url] }));
});
