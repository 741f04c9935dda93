// What an application may set on the connections that the store borrows from it: none of it changes who is told to have
// won, or what comes back.
import { afterAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { type DatabaseServer, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { everyLaw, WALKS } from '../support/every-law.js';
import { beginSessionsWith } from '../support/mysql-session.js';
import { emptyTables, migratedDatabase, openStore } from '../support/typeorm-store.js';

interface Kind {
  readonly name: string;
  /** Of the DataSource; `extra` goes to mysql2 as it is. */
  readonly dataSource?: Record<string, unknown>;
  /** At the beginning of each session. */
  readonly session?: readonly string[];
  /** What the session then says of itself: that the statements had an effect. */
  readonly shows?: readonly [expression: string, value: unknown];
  readonly of?: readonly DatabaseServer['name'][];
  /** Laws that do not hold. */
  readonly except?: readonly string[];
  /** Values, or the text of statements, may come out otherwise: the long lists are walked, too. */
  readonly reads?: true;
}

const sqlMode = (mode: string, ...of: DatabaseServer['name'][]): Kind => ({
  name: `sql_mode '${mode}'`,
  session: [`SET SESSION sql_mode = '${mode}'`],
  shows: [`@@sql_mode LIKE '%${mode}%'`, 1],
  reads: true,
  ...(of.length > 0 && { of }),
});

const isolation = (level: string): Kind => ({
  name: `sessions that are ${level}`,
  session: [`SET SESSION TRANSACTION ISOLATION LEVEL ${level}`],
});

const KINDS: readonly Kind[] = [
  { name: "type: 'mysql'", dataSource: { type: 'mysql' }, reads: true },
  { name: "type: 'mariadb'", dataSource: { type: 'mariadb' } },
  { name: 'found rows counted', dataSource: { flags: ['FOUND_ROWS'] } },
  { name: 'changed rows counted', dataSource: { flags: ['-FOUND_ROWS'] } },
  { name: 'several statements at once', dataSource: { multipleStatements: true } },
  { name: 'values cast by the application', dataSource: { extra: { typeCast: () => 'cast' } }, reads: true },
  { name: 'dates as text', dataSource: { dateStrings: true }, reads: true },
  {
    name: 'big numbers as numbers, inexact',
    dataSource: { supportBigNumbers: false, bigNumberStrings: false },
    reads: true,
  },
  {
    name: 'big numbers as numbers',
    dataSource: { supportBigNumbers: true, bigNumberStrings: false },
    reads: true,
  },
  {
    name: 'all big numbers as text',
    dataSource: { supportBigNumbers: true, bigNumberStrings: true },
    reads: true,
  },
  { name: 'named placeholders', dataSource: { extra: { namedPlaceholders: true } } },
  { name: 'no code made of text', dataSource: { extra: { disableEval: true } } },
  { name: 'decimals as numbers', dataSource: { extra: { decimalNumbers: true } }, reads: true },
  { name: 'a compressed connection', dataSource: { extra: { compress: true } } },
  { name: 'one prepared statement kept', dataSource: { extra: { maxPreparedStatements: 1 } } },
  { name: 'one connection', dataSource: { poolSize: 1 } },
  { name: 'a clock far from UTC', dataSource: { timezone: '+13:00' }, session: ["SET time_zone = '+13:00'"] },
  {
    name: 'charset latin1',
    dataSource: { charset: 'latin1_swedish_ci' },
    shows: ['@@character_set_client', 'latin1'],
    reads: true,
    // Labels are for reading: what latin1 cannot write of them is lost on the way.
    except: ['keeps hostile labels and facts as they are'],
  },
  {
    name: 'charset utf8mb4 of another collation',
    dataSource: { charset: 'utf8mb4_unicode_ci' },
    shows: ['@@collation_connection', 'utf8mb4_unicode_ci'],
    reads: true,
  },
  {
    name: 'no sql_mode',
    session: ["SET SESSION sql_mode = ''"],
    shows: ['@@sql_mode', ''],
    reads: true,
  },
  sqlMode('ANSI_QUOTES'),
  sqlMode('NO_BACKSLASH_ESCAPES'),
  sqlMode('PIPES_AS_CONCAT'),
  sqlMode('TRADITIONAL'),
  sqlMode('PAD_CHAR_TO_FULL_LENGTH'),
  sqlMode('SIMULTANEOUS_ASSIGNMENT', 'MariaDB'),
  sqlMode('ORACLE', 'MariaDB'),
  isolation('READ UNCOMMITTED'),
  isolation('READ COMMITTED'),
  isolation('REPEATABLE READ'),
  isolation('SERIALIZABLE'),
  {
    name: 'safe updates only',
    session: ['SET SESSION sql_safe_updates = 1'],
    shows: ['@@sql_safe_updates', 1],
  },
];

/** Told by RETURNING on MariaDB, by counts on MySQL, and where there is no MySQL on MariaDB. */
const WAYS: readonly { readonly server: DatabaseServer; readonly returning: 'auto' | 'never' }[] = [
  ...serversOf('MariaDB').map((server) => ({ server, returning: 'auto' as const })),
  ...(serversOf('MySQL').length > 0 ? serversOf('MySQL') : serversOf('MariaDB')).map((server) => ({
    server,
    returning: 'never' as const,
  })),
];

const CASES = WAYS.flatMap(({ server, returning }) =>
  KINDS.filter(
    ({ of, reads }) =>
      (of === undefined || of.includes(server.name)) &&
      // Where values come out otherwise is tried once; who is told to have won is tried by counts, too.
      (returning === 'auto' || !reads || serversOf('MySQL').length > 0),
  ).map((kind) => ({
    ...kind,
    server,
    returning,
    title: `${server.name}, ${returning === 'auto' ? 'with RETURNING' : 'by counts'}`,
  })),
);

const migrated = new Map<DatabaseServer, Promise<TestDatabase>>();

/** One database for all kinds of connection to it. */
function databaseOf(server: DatabaseServer): Promise<TestDatabase> {
  const made = migrated.get(server) ?? makeDatabase(server);
  migrated.set(server, made);
  return made;
}

async function makeDatabase(server: DatabaseServer): Promise<TestDatabase> {
  const database = await migratedDatabase(server);
  return database;
}

afterAll(async () => {
  for (const database of migrated.values()) await (await database).drop();
});

describeEach(CASES, 'R23 R24 the store over a connection with $name ($title)', (kind) => {
  it('keeps every law', async () => {
    const { options } = await databaseOf(kind.server);
    const open = async () => {
      const opened = await openStore({ ...options, ...kind.dataSource } as typeof options, {
        returning: kind.returning,
      });
      if (kind.session) await beginSessionsWith(opened.dataSource, kind.session);
      return opened;
    };
    await emptyTables(options);
    const [one, two] = [await open(), await open()];
    try {
      if (kind.shows) expect(await answerOf(one.dataSource, kind.shows[0])).toEqual(String(kind.shows[1]));
      // How winners are told makes no difference to a list.
      const walks = kind.reads && kind.returning === 'auto';
      await everyLaw(one.store, two.store, [...(kind.except ?? []), ...(walks ? [] : WALKS)]);
    } finally {
      await one.close();
      await two.close();
    }
  });
});

async function answerOf(dataSource: DataSource, expression: string): Promise<string> {
  const [row] = (await dataSource.query(`SELECT ${expression} AS value`)) as { value: unknown }[];
  return String(row?.value);
}
