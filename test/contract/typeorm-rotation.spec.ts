import { describe, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicy, hours } from 'nestjs-lockout/policy';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { databaseServers } from '../support/databases.js';
import { turns } from '../support/gate.js';
import { connect, openStore } from '../support/typeorm-store.js';

const OLD = 'a secret of the test suite, long enough';
const NEW = 'the next secret of the test suite, long enough';
const ACCOUNTS = 8;
const policy = definePolicy({
  name: 'account',
  threshold: 5,
  schedule: { kind: 'fixed', durationMs: hours(1) },
});
const engineOf = (store: TypeormLockoutStore, ...secrets: string[]): LockoutEngine =>
  new LockoutEngine({ store, secrets, policies: [policy], waitMs: 0 });

describe.each([...databaseServers])('R21 P1 while the secrets are swapped, on $name', (server) => {
  it('nodes that have them in either order verify 5 guesses of an account together', async () => {
    const database = await server.create();
    const direct = await connect(database.options);
    await migrateLockout(direct);
    await direct.destroy();
    const [here, there] = [await openStore(database.options), await openStore(database.options)];
    const nodes = [engineOf(here.store, OLD, NEW), engineOf(there.store, NEW, OLD)] as const;
    const verified = Array<number>(ACCOUNTS).fill(0);
    const guess = (of: number, n: number) =>
      nodes[n % 2 === 0 ? 0 : 1].protect({ account: `user-${of}`, method: 'password' }, async () => {
        verified[of] = (verified[of] ?? 0) + 1;
        await turns(5);
        return false;
      });
    for (let of = 0; of < ACCOUNTS; of += 1) {
      await Promise.all(Array.from({ length: 60 }, (_, n) => guess(of, n)));
      for (let n = 0; n < 12; n += 1) await guess(of, n);
    }
    expect(verified).toEqual(Array(ACCOUNTS).fill(5));
    // The two were in each other's way; SQLite's driver answers before anybody else's turn.
    const lostRaces = nodes[0].totals.lostRaces + nodes[1].totals.lostRaces;
    expect(lostRaces).toBeGreaterThanOrEqual(server.name === 'SQLite' ? 0 : 1);
    await here.close();
    await there.close();
    await database.drop();
  });
});
