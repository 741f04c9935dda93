// R12 P8: a lock that ended is recorded as ended once, whoever notices: sweepers of several processes, and whoever signs in.
import { describe, expect, it } from '@jest/globals';
import { LockoutEngine, type RecordedEvent } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { UnreliableStore } from 'nestjs-lockout/testing';
import { databaseServers } from '../support/databases.js';
import { migratedDatabase, openStore } from '../support/typeorm-store.js';

const SECRET = 'a secret that all sweeping processes share';
const PROCESSES = 4;
const LOCKS = 16;
const ROUNDS = 10;
const POLICIES = definePolicies([
  { name: 'account', threshold: 1, schedule: { kind: 'fixed', durationMs: minutes(5) } },
]);

describe.each([...databaseServers])('the end of locks on $name', (server) => {
  it('is recorded once each, though all processes sweep at once and people come back', async () => {
    const database = await migratedDatabase(server);
    let now = Date.UTC(2026, 0, 1);
    // Each on connections of its own, as a process has; none answers from memory.
    const opened = await Promise.all(
      Array.from({ length: PROCESSES }, () =>
        openStore(database.options, { clock: () => now }, { poolSize: 2 }),
      ),
    );
    // Its answers take a turn: what SQLite does in one breath would race with nobody.
    const engines = opened.map(
      (own) =>
        new LockoutEngine({
          store: new UnreliableStore(own.store),
          secrets: [SECRET],
          policies: POLICIES,
          cacheMs: 0,
          waitMs: 0,
        }),
    );
    const [first] = engines as [LockoutEngine];
    const lostRaces = (): number => engines.reduce((sum, { totals }) => sum + totals.lostRaces, 0);
    const comeBack = async (engine: LockoutEngine, account: string): Promise<void> => {
      const begun = await engine.begin({ account, method: 'password' });
      if (begun.allowed) await begun.attempt.succeed();
    };
    const recorded = async (type: RecordedEvent['event']['type'], account: string): Promise<number[]> => {
      const [hash] = first.accounts.accountHashes({ account });
      const { items } = await first.options.store.list({
        account: hash as NonNullable<typeof hash>,
        type,
        limit: 9,
      });
      return items.map(({ event }) => event.at);
    };

    let round = 0;
    for (; round < ROUNDS && (round === 0 || lostRaces() === 0); round += 1) {
      const accounts = Array.from({ length: LOCKS }, (_, n) => `user-${round}-${n}`);
      await Promise.all(
        accounts.map(async (account) => {
          const begun = await first.begin({ account, method: 'password' });
          if (begun.allowed) await begun.attempt.fail();
        }),
      );
      const lockedAt = now;
      now += minutes(5);
      await Promise.all(
        engines.flatMap((engine, n) => [
          engine.sweeper.sweep(),
          ...accounts.slice(n * 4, n * 4 + 4).map((account) => comeBack(engine, account)),
        ]),
      );
      for (const engine of engines) await engine.sweeper.sweep();
      for (const account of accounts) {
        expect({ account, at: await recorded('expired', account) }).toEqual({
          account,
          at: [lockedAt + minutes(5)],
        });
      }
    }
    // Whether one round has a race to lose is up to the scheduler; with none this shows nothing.
    expect(lostRaces()).toBeGreaterThan(0);

    await Promise.all(opened.map(({ close }) => close()));
    await database.drop();
  });
});
