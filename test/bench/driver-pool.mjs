import Database from 'libsql';
import mysql from 'mysql2';
import pg from 'pg';
import { POOL_SIZE } from './servers.mjs';

/**
 * The driver's own pool, each statement prepared once a connection: the fastest way there is to the server.
 *
 * @typedef {{ run(sql: string, values: readonly unknown[]): Promise<readonly Record<string, unknown>[]>,
 *   readonly handle: unknown, close(): Promise<void> }} DriverPool
 */

/** @param {import('./servers.mjs').BenchDatabase} database @returns {mysql.Pool} */
const mysqlPool = ({ host, port, name }) =>
  mysql.createPool({ host, port, user: 'root', database: name, connectionLimit: POOL_SIZE });

/** @param {import('./servers.mjs').BenchDatabase} database @returns {pg.Pool} */
function postgresPool({ host, port, name }) {
  const pool = new pg.Pool({ host, port, user: 'root', database: name, max: POOL_SIZE });
  // A closed pool's last connections are cut when its database goes.
  pool.on('error', () => {});
  return pool;
}

/** PostgreSQL's `$1` for each `?`. @param {string} sql */
export function numbered(sql) {
  let n = 0;
  return sql.replaceAll('?', () => {
    n += 1;
    return `$${n}`;
  });
}

/** @param {import('./servers.mjs').BenchDatabase} database @returns {DriverPool} */
function ofMysql(database) {
  const pool = mysqlPool(database);
  return {
    handle: pool,
    run: (sql, values) =>
      new Promise((resolve, reject) => {
        pool.execute(sql, /** @type {any} */ (values), (error, rows) => {
          if (error) reject(error);
          else resolve(Array.isArray(rows) ? /** @type {any} */ (rows) : []);
        });
      }),
    close: () => pool.promise().end(),
  };
}

/** @param {import('./servers.mjs').BenchDatabase} database @returns {DriverPool} */
function ofPostgres(database) {
  const pool = postgresPool(database);
  /** @type {Map<string, { name: string, text: string }>} */
  const named = new Map();
  return {
    handle: pool,
    async run(sql, values) {
      let statement = named.get(sql);
      if (!statement) {
        statement = { name: `s${named.size}`, text: numbered(sql) };
        named.set(sql, statement);
      }
      return (await pool.query({ ...statement, values: [...values] })).rows;
    },
    close: () => pool.end(),
  };
}

/** @param {import('./servers.mjs').BenchDatabase} database @returns {DriverPool} */
function ofSqlite({ file }) {
  const connection = new Database(file);
  const statements = new Map();
  return {
    handle: connection,
    async run(sql, values) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = connection.prepare(sql);
        statements.set(sql, statement);
      }
      // As a list: a lone Buffer would be taken for named values.
      if (statement.reader) return statement.all([...values]);
      statement.run([...values]);
      return [];
    },
    close: async () => void connection.close(),
  };
}

const opens = { mariadb: ofMysql, postgres: ofPostgres, sqlite: ofSqlite };

/** @param {import('./servers.mjs').BenchDatabase} database @returns {DriverPool} */
export const openDriverPool = (database) => opens[database.family](database);

/**
 * `INSERT … ON CONFLICT` in each dialect.
 *
 * @param {import('./servers.mjs').ServerName} family
 * @param {{ table: string, columns: readonly string[], rows?: number }} what The first column is the key.
 */
export function upsertSql(family, { table, columns, rows = 1 }) {
  const row = `(${columns.map(() => '?').join(', ')})`;
  const insert = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array(rows).fill(row).join(', ')}`;
  const [key, ...others] = columns;
  if (family === 'mariadb') {
    return `${insert} ON DUPLICATE KEY UPDATE ${others.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
  }
  const set = others.map((name) => `${name} = excluded.${name}`).join(', ');
  return `${insert} ON CONFLICT (${key}) DO UPDATE SET ${set}`;
}
