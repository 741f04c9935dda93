import Database from 'libsql';
import { DataSource } from 'typeorm';
import { POOL_SIZE } from './servers.mjs';

/**
 * A TypeORM DataSource on this database with a pool of {@link POOL_SIZE}, connected.
 *
 * @param {import('./servers.mjs').BenchDatabase} database
 * @param {Record<string, unknown>} options `entities` and the like.
 */
export function connectDataSource({ family, host, port, name, file }, options) {
  const server = { host, port, username: 'root', database: name, poolSize: POOL_SIZE };
  const places = {
    mariadb: { type: 'mariadb', ...server },
    postgres: { type: 'postgres', ...server },
    sqlite: { type: 'better-sqlite3', driver: Database, database: file },
  };
  return new DataSource(/** @type {any} */ ({ ...places[family], ...options })).initialize();
}
