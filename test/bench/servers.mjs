import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { startMariadb } from '../support/servers/mariadb.mjs';
import { startPostgres } from '../support/servers/postgres.mjs';

/**
 * An empty database for one peer. `port` and `host` are absent on SQLite, `file` everywhere else.
 *
 * @typedef {{ readonly family: ServerName, readonly name: string, readonly host: string, readonly port: number,
 *   readonly file: string, drop(): Promise<void> }} BenchDatabase
 *
 * @typedef {'mariadb' | 'postgres' | 'sqlite'} ServerName
 *
 * @typedef {{ readonly name: ServerName, readonly title: string, readonly version: string, readonly settings: string,
 *   create(name: string): Promise<BenchDatabase>, stop(): Promise<void> }} BenchServer
 */

/** Connections of every pool here. */
export const POOL_SIZE = 10;

/** @type {readonly ServerName[]} */
export const SERVER_NAMES = ['mariadb', 'postgres', 'sqlite'];

/** @returns {Promise<BenchServer>} */
async function mariadb() {
  const started = await startMariadb({ durable: true });
  const { hostname: host, port } = new URL(started.url);
  const connection = await mysql.createConnection(started.url);
  const [rows] = await connection.query(
    'SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush, @@innodb_doublewrite AS twice',
  );
  const [first] = /** @type {{ version: string, flush: number, twice: number }[]} */ (rows);
  const { version, flush, twice } = /** @type {NonNullable<typeof first>} */ (first);
  return {
    name: 'mariadb',
    title: 'MariaDB',
    version: String(version).replace(/-.*/, ''),
    settings: `innodb_flush_log_at_trx_commit=${flush}, innodb_doublewrite=${twice ? 'on' : 'off'}`,
    async create(name) {
      await connection.query(`CREATE DATABASE ${name}`);
      return {
        family: 'mariadb',
        name,
        host,
        port: Number(port),
        file: '',
        drop: async () => void (await connection.query(`DROP DATABASE ${name}`)),
      };
    },
    async stop() {
      await connection.end();
      await started.stop();
    },
  };
}

/** @returns {Promise<BenchServer>} */
async function postgres() {
  const started = await startPostgres({ durable: true });
  const { hostname: host, port } = new URL(started.url);
  const client = new pg.Client(started.url);
  await client.connect();
  /** @param {string} name */
  const setting = async (name) => (await client.query(`SHOW ${name}`)).rows[0][name];
  return {
    name: 'postgres',
    title: 'PostgreSQL',
    version: String(await setting('server_version')).replace(/ .*/, ''),
    settings: `fsync=${await setting('fsync')}, synchronous_commit=${await setting('synchronous_commit')}`,
    async create(name) {
      await client.query(`CREATE DATABASE ${name}`);
      return {
        family: 'postgres',
        name,
        host,
        port: Number(port),
        file: '',
        drop: async () => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`)),
      };
    },
    async stop() {
      await client.end();
      await started.stop();
    },
  };
}

/** @returns {Promise<BenchServer>} */
async function sqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-bench-'));
  const probe = new Database(join(folder, 'probe.db'));
  const { version } = /** @type {{ version: string }} */ (
    probe.prepare('SELECT sqlite_version() AS version').get()
  );
  probe.close();
  return {
    name: 'sqlite',
    title: 'SQLite',
    version,
    settings: 'WAL, synchronous=FULL (set by nobody: the default), one connection a peer, libsql',
    async create(name) {
      const file = join(folder, `${name}.db`);
      const first = new Database(file);
      // Kept in the file: whoever opens it later is in WAL too.
      first.pragma('journal_mode = WAL');
      first.close();
      return {
        family: 'sqlite',
        name,
        host: '',
        port: 0,
        file,
        drop: async () => {
          for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
        },
      };
    },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const starts = { mariadb, postgres, sqlite };

/**
 * Starts a server with durable settings, in a folder of its own.
 *
 * @param {ServerName} name
 * @returns {Promise<BenchServer>}
 */
export const startServer = (name) => starts[name]();
