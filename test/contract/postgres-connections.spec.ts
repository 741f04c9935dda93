// What an application may set on the PostgreSQL connections that the store borrows from it.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TypeormLockoutStoreOptions } from 'nestjs-lockout/typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { everyLaw, WALKS } from '../support/every-law.js';
import { emptyTables, migratedDatabase, openStore } from '../support/typeorm-store.js';

interface Kind {
  readonly name: string;
  /** Settings of each session. */
  readonly session?: Readonly<Record<string, string>>;
  /** Of the DataSource; `extra` goes to pg as it is. */
  readonly dataSource?: Record<string, unknown>;
  readonly store?: TypeormLockoutStoreOptions;
  /** Values, or plans, come out otherwise: the long lists are walked, too. */
  readonly reads?: true;
}

const isolation = (level: string): Kind => ({
  name: `sessions that are ${level}`,
  session: { default_transaction_isolation: level },
});

const KINDS: readonly Kind[] = [
  isolation('read uncommitted'),
  isolation('repeatable read'),
  isolation('serializable'),
  { name: 'bytes written as escapes', session: { bytea_output: 'escape' }, reads: true },
  { name: 'backslashes that escape', session: { standard_conforming_strings: 'off' }, reads: true },
  {
    name: 'a clock far from UTC',
    session: { TimeZone: 'Pacific/Auckland', DateStyle: 'German' },
    reads: true,
  },
  { name: 'plans that are never the same', session: { plan_cache_mode: 'force_custom_plan' } },
  { name: 'plans that are always the same', session: { plan_cache_mode: 'force_generic_plan' } },
  { name: 'no index scans', session: { enable_indexscan: 'off', enable_bitmapscan: 'off' }, reads: true },
  { name: 'big numbers as numbers', dataSource: { parseInt8: true }, reads: true },
  { name: 'one connection', dataSource: { poolSize: 1 } },
  {
    name: 'serializable and statements not named',
    session: { default_transaction_isolation: 'serializable' },
    store: { preparedStatements: false },
  },
];

describeEach(serversOf('PostgreSQL'), 'the store on $name', (server) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await migratedDatabase(server);
  });
  afterAll(() => database.drop());

  it.each(KINDS)(
    'keeps every law over a connection with $name',
    async ({ session = {}, dataSource, store, reads }) => {
      const options = Object.entries(session)
        .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
        .join(' ');
      const extra = { ...dataSource, ...(options !== '' && { extra: { options } }) };
      await emptyTables(database.options);
      const one = await openStore(database.options, store, extra);
      const two = await openStore(database.options, store, extra);
      try {
        for (const [name, value] of Object.entries(session)) {
          const [row] = (await one.dataSource.query(`SELECT current_setting('${name}') AS value`)) as {
            value: string;
          }[];
          expect(row?.value).toContain(value);
        }
        await everyLaw(one.store, two.store, reads ? [] : WALKS);
      } finally {
        await one.close();
        await two.close();
      }
    },
  );
});
