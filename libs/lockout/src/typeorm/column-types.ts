import type { DataSourceOptions } from 'typeorm';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

/** The kinds of database that the store speaks. */
export type DatabaseFamily = 'mysql' | 'postgres' | 'sqlite';

/** Which kind a DataSource is. Throws {@link LockoutTypeormError} for the others. */
export function familyOf(type: DataSourceOptions['type']): DatabaseFamily {
  switch (type) {
    case 'mysql':
    case 'mariadb':
      return 'mysql';
    case 'postgres':
      return 'postgres';
    case 'better-sqlite3':
      return 'sqlite';
    default:
      throw new LockoutTypeormError(
        `The lockout store knows mysql, mariadb, postgres and better-sqlite3, not ${type}. ` +
          'Give it a DataSource of its own for one of these.',
      );
  }
}

/** A column as both an entity schema and a migration describe it. */
export interface ColumnShape {
  readonly type: 'binary' | 'varbinary' | 'blob' | 'bytea' | 'varchar' | 'int' | 'integer' | 'bigint';
  readonly length?: string;
  readonly charset?: string;
  readonly collation?: string;
}

/** The columns that the tables are made of, in the terms of one kind of database. */
export interface ColumnTypes {
  /** Exactly so many bytes. */
  fixed(bytes: number): ColumnShape;
  /** At most so many bytes. */
  bounded(bytes: number): ColumnShape;
  /** Bytes up to 64 kB. */
  readonly blob: ColumnShape;
  /** Text compared byte by byte, whatever the database's default collation merges (pitfall 26). */
  text(characters: number): ColumnShape;
  readonly integer: ColumnShape;
  /** 64 bits: milliseconds and counts that never wrap. */
  readonly big: ColumnShape;
  /** 64 bits, numbered by the database. */
  readonly serial: ColumnShape;
}

const MYSQL: ColumnTypes = {
  fixed: (bytes) => ({ type: 'binary', length: String(bytes) }),
  bounded: (bytes) => ({ type: 'varbinary', length: String(bytes) }),
  blob: { type: 'blob' },
  text: (characters) => ({
    type: 'varchar',
    length: String(characters),
    charset: 'utf8mb4',
    collation: 'utf8mb4_bin',
  }),
  integer: { type: 'int' },
  big: { type: 'bigint' },
  serial: { type: 'bigint' },
};

const POSTGRES: ColumnTypes = {
  fixed: () => ({ type: 'bytea' }),
  bounded: () => ({ type: 'bytea' }),
  blob: { type: 'bytea' },
  text: (characters) => ({ type: 'varchar', length: String(characters) }),
  integer: { type: 'integer' },
  big: { type: 'bigint' },
  serial: { type: 'bigint' },
};

const SQLITE: ColumnTypes = {
  fixed: () => ({ type: 'blob' }),
  bounded: () => ({ type: 'blob' }),
  blob: { type: 'blob' },
  text: (characters) => ({ type: 'varchar', length: String(characters) }),
  integer: { type: 'integer' },
  big: { type: 'bigint' },
  // Only `integer` can be the row's number.
  serial: { type: 'integer' },
};

export const COLUMN_TYPES: Readonly<Record<DatabaseFamily, ColumnTypes>> = {
  mysql: MYSQL,
  postgres: POSTGRES,
  sqlite: SQLITE,
};
