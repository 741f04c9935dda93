import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { directoryContract, lockoutStoreContract } from 'nestjs-lockout/testing';
import { openPair } from '../support/client-pair.js';
import type { TestDatabase } from '../support/databases.js';
import { describeVariants, type StoreVariant } from '../support/store-variants.js';
import { connect, openStore } from '../support/typeorm-store.js';

const VARIANTS: readonly StoreVariant[] = [
  { name: 'a file', of: ['SQLite'] },
  { name: 'with RETURNING', of: ['MariaDB'] },
  { name: 'by counts, FOUND_ROWS set', of: ['MariaDB', 'MySQL'], store: { returning: 'never' } },
  {
    name: 'by counts, FOUND_ROWS unset',
    of: ['MariaDB', 'MySQL'],
    store: { returning: 'never' },
    dataSource: { flags: ['-FOUND_ROWS'] },
  },
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

  beforeAll(async () => {
    database = await server.create();
    const dataSource = await connect(database.options, { ...variant.dataSource, synchronize: true });
    await dataSource.destroy();
  });

  afterAll(() => database.drop());

  const open = () => openStore(database.options, variant.store, variant.dataSource);

  lockoutStoreContract({ describe, it }, name, () => openPair(open));
  directoryContract({ describe, it }, name, open);
});
