import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LockoutKey, SubjectHash } from 'nestjs-lockout';
import { quotasContract, unlockLinksContract } from 'nestjs-lockout/testing';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { type ClientPair, openPair } from '../support/client-pair.js';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { until } from '../support/gate.js';
import { describeVariants, type StoreVariant } from '../support/store-variants.js';
import { migratedDatabase, openBeside, openStore, rowsIn } from '../support/typeorm-store.js';

const DAY_MS = 86_400_000;
const ALL = ['SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'] as const;

const VARIANTS: readonly StoreVariant[] = [
  { name: 'as it comes', of: ALL },
  {
    name: 'FOUND_ROWS unset, numbers as text, a table prefix',
    of: ['MariaDB', 'MySQL'],
    dataSource: { flags: ['-FOUND_ROWS'], bigNumberStrings: true, entityPrefix: 'auth_' },
  },
];

describeVariants(VARIANTS, (server, variant, name) => {
  let database: TestDatabase;
  let pair: ClientPair<TypeormLockoutStore>;
  let now = 1_900_000_000_000;

  /** Two clients, as two processes would have, by a clock that is a month further on for each law. */
  const open = async () => {
    now += 30 * DAY_MS;
    return {
      store: pair.store,
      other: pair.other,
      now: async () => now,
      advance: (ms: number) => {
        now += ms;
      },
      close: async () => undefined,
    };
  };

  beforeAll(async () => {
    database = await migratedDatabase(server, variant.dataSource);
    pair = await openPair(() => openStore(database.options, { clock: () => now }, variant.dataSource));
  });

  afterAll(async () => {
    await pair.close();
    await database.drop();
  });

  quotasContract({ describe, it }, name, open, { callers: 32 });
  unlockLinksContract({ describe, it }, name, open);
});

const hash = (): string => randomBytes(32).toString('hex');

describeEach(serversOf(...ALL), 'by the own clock of $name', (server) => {
  it('a window and a link end by themselves', async () => {
    const database = await migratedDatabase(server);
    const { store, close } = await openStore(database.options);
    const id = hash();
    const key = hash() as LockoutKey & SubjectHash;
    const { now } = await store.load([]);
    const link = { digest: hash(), key, since: now, realm: 'default', accountHash: key };
    await store.saveUnlockLink({ ...link, expiresAt: now + DAY_MS });
    const ended = { ...link, digest: hash(), expiresAt: now };
    await store.saveUnlockLink(ended);
    expect(await store.findUnlockLink(link.digest)).toMatchObject({ link });
    expect(await store.findUnlockLink(ended.digest)).toBeNull();
    expect([await store.takeQuota(id, 1, DAY_MS), await store.takeQuota(id, 1, DAY_MS)]).toEqual([
      true,
      false,
    ]);
    const short = hash();
    await store.takeQuota(short, 1, 1);
    await until(async () => (await store.quotaTaken(short)) === 0);
    expect(await store.takeQuota(short, 1, DAY_MS)).toBe(true);
    await close();
    await database.drop();
  });
});

// P12: what is over does not stay.
describeEach(serversOf(...ALL), 'what is over on $name', (server) => {
  it('goes with what is new, a few rows with each; what lasts stays', async () => {
    let now = 1_900_000_000_000;
    const { store, direct, close } = await openBeside(server, { clock: () => now });
    const rows = (table: string): Promise<number> => rowsIn(direct, table);
    const add = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        await store.takeQuota(hash(), 1, DAY_MS);
        const key = hash() as Parameters<typeof store.ofAccount>[0] &
          Parameters<typeof store.load>[0][number];
        await store.saveUnlockLink({
          digest: hash(),
          key,
          since: now,
          realm: 'default',
          accountHash: key,
          expiresAt: now + DAY_MS,
        });
      }
    };
    await add(70);
    now += DAY_MS - 1;
    await add(1);
    expect([await rows('lockout_quota'), await rows('lockout_unlock_link')]).toEqual([71, 71]);
    now += 1;
    await add(1);
    expect([await rows('lockout_quota'), await rows('lockout_unlock_link')]).toEqual([72 - 64, 72 - 64]);
    await add(1);
    expect([await rows('lockout_quota'), await rows('lockout_unlock_link')]).toEqual([3, 3]);
    await close();
  });
});

describeEach(serversOf('SQLite', 'PostgreSQL'), 'damaged rows on $name', (server) => {
  it('are told as data: nothing is given, and nothing is opened', async () => {
    const { store, direct, close } = await openBeside(server);
    const id = hash();
    await store.takeQuota(id, 3, DAY_MS);
    await direct.query('UPDATE lockout_quota SET taken = -1');
    await expect(store.takeQuota(id, 3, DAY_MS)).rejects.toMatchObject({ name: 'StoreError', fault: 'data' });
    await expect(store.quotaTaken(id)).rejects.toMatchObject({ fault: 'data' });
    const key = hash() as LockoutKey & SubjectHash;
    const link = { digest: hash(), key, since: 1, realm: 'default', accountHash: key, expiresAt: 9e15 };
    await store.saveUnlockLink(link);
    // More than a number can hold exactly.
    await direct.query('UPDATE lockout_unlock_link SET since = 9007199254740993');
    await expect(store.findUnlockLink(link.digest)).rejects.toMatchObject({ fault: 'data' });
    await close();
  });
});
