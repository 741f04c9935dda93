import type { DataSource } from 'typeorm';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

/** The part of a better-sqlite3 statement that is used. */
export interface SqliteStatement {
  raw(): this;
  all(values: readonly unknown[]): unknown[][];
  run(values: readonly unknown[]): { changes: number };
}

/** The part of a better-sqlite3 connection that is used; libsql has it too. */
export interface SqliteConnection {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(text: string): unknown;
  close(): unknown;
}

interface SqliteDriver {
  /** The class of the module that TypeORM loaded: `options.driver`, or better-sqlite3. */
  readonly sqlite: new (
    path: string,
    options: Readonly<Record<string, unknown>>,
  ) => SqliteConnection;
  readonly databaseConnection: SqliteConnection;
}

interface SqliteOptions {
  readonly database: string;
  readonly key?: string;
  readonly nativeBinding?: string;
  readonly readonly?: boolean;
  readonly prepareDatabase?: (connection: unknown) => void | Promise<void>;
}

/**
 * A connection of our own to the file of the DataSource. TypeORM has a single one for everything, so a swap on it would
 * join, and roll back with, whatever transaction the application has open (R26, pitfall 32).
 *
 * Busy timeout 0: SQLite waits by blocking the event loop, so waiting is done by the caller.
 *
 * @param patiently Tries again while another process has the file to itself.
 */
export async function openSqlite(
  dataSource: DataSource,
  patiently: (work: () => unknown) => Promise<unknown>,
): Promise<{ connection: SqliteConnection; shared: boolean }> {
  const driver = dataSource.driver as unknown as SqliteDriver;
  const options = dataSource.options as unknown as SqliteOptions;
  if (options.readonly)
    throw new LockoutTypeormError('The lockout store cannot write to a read-only DataSource.');
  if (isInMemory(options.database)) {
    process.emitWarning(
      'The DataSource is in memory, so the lockout store shares its connection: a swap joins the transaction that the ' +
        'application has open, and is undone with it. Use a file for anything but a test.',
      { type: 'LockoutWarning', code: 'LOCKOUT_SQLITE_SHARED' },
    );
    return { connection: driver.databaseConnection, shared: true };
  }
  const { nativeBinding } = options;
  const connection = new driver.sqlite(options.database, {
    timeout: 0,
    ...(nativeBinding && { nativeBinding }),
  });
  try {
    if (options.key) connection.pragma(`key = ${JSON.stringify(options.key)}`);
    // better-sqlite3 is built with NORMAL, under which a crash of the machine forgets what was acknowledged (P2). Whoever
    // wants that says so in `prepareDatabase`.
    await patiently(() => connection.pragma('synchronous = FULL'));
    await options.prepareDatabase?.(connection);
    // Readers never wait for the writer, nor it for them.
    await patiently(() => connection.pragma('journal_mode = WAL'));
  } catch (error) {
    connection.close();
    throw error;
  }
  return { connection, shared: false };
}

function isInMemory(database: string): boolean {
  return database === '' || database === ':memory:' || /^file:.*(:memory:|mode=memory)/.test(database);
}
