import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { directoryContract, lockoutStoreContract } from 'nestjs-lockout/testing';
import type { TypeormLockoutStoreOptions } from 'nestjs-lockout/typeorm';
import { openPair } from '../support/client-pair.js';
import { type DatabaseServer, serversOf, type TestDatabase } from '../support/databases.js';
import { connect, openStore } from '../support/typeorm-store.js';

interface Variant {
  readonly name: string;
  readonly of: readonly DatabaseServer['name'][];
  readonly store?: TypeormLockoutStoreOptions;
  readonly dataSource?: Record<string, unknown>;
}

const VARIANTS: readonly Variant[] = [
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

for (const variant of VARIANTS) {
  for (const server of serversOf(...variant.of)) {
    describe(server.name, () => {
      let database: TestDatabase;

      beforeAll(async () => {
        database = await server.create();
        const dataSource = await connect(database.options, { ...variant.dataSource, synchronize: true });
        await dataSource.destroy();
      });

      afterAll(() => database.drop());

      const name = `${server.name}, ${variant.name}`;
      const open = () => openStore(database.options, variant.store, variant.dataSource);

      lockoutStoreContract({ describe, it }, name, () => openPair(open));
      directoryContract({ describe, it }, name, open);
    });
  }
}
