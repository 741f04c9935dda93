import { describe, expect, it } from '@jest/globals';
import { LockoutEngine, type LockoutRecord, type Swap } from 'nestjs-lockout';
import { definePolicy, hours } from 'nestjs-lockout/policy';
import { contractSwap } from 'nestjs-lockout/testing';
import { migrateLockout, type TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { databaseServers } from '../support/databases.js';
import { land } from '../support/landed.js';
import { connect, openStore } from '../support/typeorm-store.js';

const ROWS = 3_000;
const policy = definePolicy({
  name: 'pair',
  threshold: 1,
  scope: ['account', 'address'],
  schedule: { kind: 'fixed', durationMs: hours(1) },
});

/** Many more records like this one, at keys of their own. */
async function multiply(store: TypeormLockoutStore, { state, facts }: LockoutRecord): Promise<void> {
  await land(
    store,
    Array.from({ length: ROWS - 1 }, (): Swap => ({ ...contractSwap(), state, facts })),
  );
}

// More rows than one statement takes: MySQL has at most 65 535 parameters (R31).
describe.each([...databaseServers])(
  'R18 an account that was locked at 3 000 addresses, on $name',
  (server) => {
    it('is completed, and unlocked with all of them or none (P6)', async () => {
      const database = await server.create();
      const direct = await connect(database.options);
      await migrateLockout(direct);
      await direct.destroy();
      const { store, close } = await openStore(database.options);
      const engine = new LockoutEngine({
        store,
        secrets: ['a secret of the test suite, long enough'],
        policies: [policy],
        retryMs: 30_000,
      });
      const begun = await engine.begin({ account: 'alice', method: 'password', address: '192.0.2.1' });
      if (!begun.allowed) throw new Error('refused');
      await begun.attempt.fail();
      const [hash] = engine.accounts.accountHashes({ account: 'alice' });
      const [record] = hash ? await store.ofAccount(hash) : [];
      if (!record?.state.lock) throw new Error('not locked');
      await multiply(store, record);
      const before = await engine.status({ account: 'alice' });
      expect(before.counters.filter(({ lock }) => lock !== null)).toHaveLength(ROWS);

      await engine.completed({ account: 'alice' }, ['password'], { address: '192.0.2.1' });
      expect(await engine.status({ account: 'alice' })).toMatchObject({ locked: true });
      const unlocked = await engine.unlock({ account: 'alice' }, { by: 'admin', reason: 'called' });
      expect(unlocked).toMatchObject({ changed: true });
      const { counters, locked } = await engine.status({ account: 'alice' });
      expect(locked).toBe(false);
      expect(counters.every(({ failures }) => failures === 0)).toBe(true);
      await close();
      await database.drop();
    });
  },
);
