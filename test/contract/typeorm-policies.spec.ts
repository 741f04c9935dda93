import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { nodeRegistryContract, policyStoreContract } from 'nestjs-lockout/testing';
import { monthByMonth, openPair } from '../support/client-pair.js';
import type { TestDatabase } from '../support/databases.js';
import { describeVariants, type StoreVariant } from '../support/store-variants.js';
import { migratedDatabase, openStore } from '../support/typeorm-store.js';

const VARIANTS: readonly StoreVariant[] = [
  { name: 'a file', of: ['SQLite'] },
  { name: 'FOUND_ROWS set', of: ['MariaDB', 'MySQL'] },
  { name: 'FOUND_ROWS unset', of: ['MariaDB', 'MySQL'], dataSource: { flags: ['-FOUND_ROWS'] } },
  { name: 'numbers as text', of: ['MariaDB', 'MySQL'], dataSource: { bigNumberStrings: true } },
  { name: 'named statements', of: ['PostgreSQL'] },
  { name: 'statements not named', of: ['PostgreSQL'], store: { preparedStatements: false } },
  {
    name: 'a table prefix',
    of: ['SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'],
    dataSource: { entityPrefix: 'auth_' },
  },
];

describeVariants(VARIANTS, (server, variant, name) => {
  let database: TestDatabase;

  /** Two clients, as two processes would have; with a clock of the test's own where it has to be moved. */
  const open = (clock?: () => number) => {
    const options = { ...variant.store, ...(clock && { clock }) };
    return openPair(() => openStore(database.options, options, variant.dataSource));
  };

  beforeAll(async () => {
    database = await migratedDatabase(server, variant.dataSource);
  });

  afterAll(() => database.drop());

  policyStoreContract({ describe, it }, name, () => open());
  policyStoreContract({ describe, it }, `${name}, by another clock`, () => open(() => 1_900_000_000_000), {
    callers: 4,
  });
  nodeRegistryContract({ describe, it }, name, () => open());
  nodeRegistryContract({ describe, it }, `${name}, by another clock`, monthByMonth(open));
});
