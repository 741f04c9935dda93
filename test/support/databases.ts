import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import Database from 'libsql';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { DataSourceOptions } from 'typeorm';

/** A fresh, empty database for one suite. */
export interface TestDatabase {
  /** Where it is, for a DataSource: add `entities` and what else is needed. Any number may connect. */
  readonly options: DataSourceOptions;
  drop(): Promise<void>;
}

export interface DatabaseServer {
  readonly name: 'SQLite' | 'MySQL' | 'MariaDB' | 'PostgreSQL';
  create(): Promise<TestDatabase>;
}

const freshName = (): string => `lockout_${randomBytes(6).toString('hex')}`;

const sqlite: DatabaseServer = {
  name: 'SQLite',
  create: async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lockout-sqlite-'));
    return {
      options: { type: 'better-sqlite3', driver: Database, database: join(dir, 'lockout.db') },
      drop: async () => rmSync(dir, { recursive: true, force: true }),
    };
  },
};

async function mysqlOrMariadb(url: string): Promise<DatabaseServer> {
  const run = async (sql: string): Promise<unknown> => {
    const connection = await mysql.createConnection(url);
    try {
      const [result] = await connection.query(sql);
      return result;
    } finally {
      await connection.end();
    }
  };
  const isMariadb = JSON.stringify(await run('SELECT VERSION()')).includes('MariaDB');
  return {
    name: isMariadb ? 'MariaDB' : 'MySQL',
    create: async () => {
      const database = freshName();
      await run(`CREATE DATABASE ${database}`);
      return {
        // TypeORM compares MariaDB's columns rightly only when it is told.
        options: { type: isMariadb ? 'mariadb' : 'mysql', url, database },
        drop: async () => void (await run(`DROP DATABASE ${database}`)),
      };
    },
  };
}

function postgres(url: string): DatabaseServer {
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    name: 'PostgreSQL',
    create: async () => {
      const database = freshName();
      await run(`CREATE DATABASE ${database}`);
      const location = new URL(url);
      location.pathname = `/${database}`;
      return {
        options: { type: 'postgres', url: location.href },
        drop: () => run(`DROP DATABASE ${database} WITH (FORCE)`),
      };
    },
  };
}

const { LOCKOUT_TEST_MYSQL_URL, LOCKOUT_TEST_MYSQL9_URL, LOCKOUT_TEST_POSTGRES_URL } = process.env;

/** The servers of this run, for `describe.each`: SQLite always, the others where `databases.setup.mjs` found them. */
export const databaseServers: readonly DatabaseServer[] = [
  sqlite,
  ...(LOCKOUT_TEST_MYSQL_URL ? [await mysqlOrMariadb(LOCKOUT_TEST_MYSQL_URL)] : []),
  ...(LOCKOUT_TEST_POSTGRES_URL ? [postgres(LOCKOUT_TEST_POSTGRES_URL)] : []),
];

/** MySQL beside MariaDB: for the suites that ask for it by name, because all others would say the same twice. */
const besides: readonly DatabaseServer[] = LOCKOUT_TEST_MYSQL9_URL
  ? [await mysqlOrMariadb(LOCKOUT_TEST_MYSQL9_URL)]
  : [];

/** Those that are of one kind; empty where the server is missing. */
export function serversOf(...names: readonly DatabaseServer['name'][]): readonly DatabaseServer[] {
  return [...databaseServers, ...besides].filter(({ name }) => names.includes(name));
}

/** `describe.each` over cases that need a server; where there is none the suite is shown as skipped. */
export function describeEach<T extends object>(
  cases: readonly T[],
  title: string,
  suite: (value: T) => void,
): void {
  if (cases.length > 0) describe.each(cases)(title, suite);
  else describe.skip(title, () => it('needs a server that is not installed', () => {}));
}
