import type { QueryRunner } from 'typeorm';

/** The few column types the app uses, as every one of the databases spells them. */
type Column = 'id' | 'realm' | 'text' | 'long-text' | 'number' | 'moment';

const TYPES: Readonly<Record<Column, string>> = {
  id: 'varchar(64) NOT NULL',
  // Rows from before there was another realm are the customers'.
  realm: "varchar(64) NOT NULL DEFAULT 'default'",
  text: 'varchar(255) NOT NULL',
  'long-text': 'text NOT NULL',
  number: 'integer NOT NULL',
  // Milliseconds since 1970. SQLite and the servers all read it as 64 bits.
  moment: 'bigint',
};

export interface TableShape {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly primary: readonly string[];
  readonly indexed: readonly (readonly string[])[];
}

/** Creates the table where it is missing: a migration that died half-way (MySQL cannot undo DDL) may run again. */
export async function createTable(runner: QueryRunner, shape: TableShape): Promise<void> {
  const driver = runner.connection.driver;
  const quoted = (name: string): string => driver.escape(name);
  const list = (names: readonly string[]): string => `(${names.map(quoted).join(', ')})`;
  const isMysql = ['mysql', 'mariadb'].includes(runner.connection.options.type);
  const indexName = (columns: readonly string[]): string => quoted(`${shape.name}_${columns.join('_')}`);
  const parts = Object.entries(shape.columns).map(([name, type]) => `${quoted(name)} ${TYPES[type]}`);
  parts.push(`PRIMARY KEY ${list(shape.primary)}`);
  if (isMysql) parts.push(...shape.indexed.map((columns) => `INDEX ${indexName(columns)} ${list(columns)}`));
  const table = quoted(shape.name);
  // The character set is named, the collation is not: whichever the server defaults to has to be safe (R19).
  const suffix = isMysql ? ' DEFAULT CHARSET=utf8mb4' : '';
  await runner.query(`CREATE TABLE IF NOT EXISTS ${table} (${parts.join(', ')})${suffix}`);
  if (isMysql) return;
  for (const columns of shape.indexed) {
    await runner.query(`CREATE INDEX IF NOT EXISTS ${indexName(columns)} ON ${table} ${list(columns)}`);
  }
}

/** Adds a column that has a default, or may be empty. */
export async function addColumn(
  runner: QueryRunner,
  table: string,
  name: string,
  type: Column,
): Promise<void> {
  const { driver } = runner.connection;
  await runner.query(`ALTER TABLE ${driver.escape(table)} ADD COLUMN ${driver.escape(name)} ${TYPES[type]}`);
}

/** Adds a column that belongs to the primary key, to a table that has all the others of `shape`. */
export async function addKeyColumn(runner: QueryRunner, shape: TableShape, name: string): Promise<void> {
  const { driver, options } = runner.connection;
  const quoted = (identifier: string): string => driver.escape(identifier);
  const type = TYPES[shape.columns[name] ?? 'id'];
  const table = quoted(shape.name);
  const key = shape.primary.map(quoted).join(', ');
  if (options.type === 'better-sqlite3') {
    // SQLite keeps the key that a table was made with, so there is another table. All in the migration's transaction.
    const old = quoted(`${shape.name}_old`);
    const kept = Object.keys(shape.columns).filter((column) => column !== name);
    const columns = kept.map(quoted).join(', ');
    await runner.query(`ALTER TABLE ${table} RENAME TO ${old}`);
    await createTable(runner, shape);
    await runner.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${old}`);
    await runner.query(`DROP TABLE ${old}`);
    return;
  }
  const dropKey =
    options.type === 'postgres' ? `DROP CONSTRAINT ${quoted(`${shape.name}_pkey`)}` : 'DROP PRIMARY KEY';
  // One statement: nobody finds the table without a key.
  await runner.query(
    `ALTER TABLE ${table} ADD COLUMN ${quoted(name)} ${type}, ${dropKey}, ADD PRIMARY KEY (${key})`,
  );
}
