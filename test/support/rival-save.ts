import { randomBytes } from 'node:crypto';
import Database from 'libsql';
import type { DataSource } from 'typeorm';
import type { DatabaseServer, TestDatabase } from './databases.js';
import { turns } from './gate.js';
import { lockWaits } from './lock-waits.js';
import { connect } from './typeorm-store.js';

/**
 * Somebody else in the middle of saving: the next revision of the only target saved so far is written and not yet
 * committed, so that whoever wants the same version has to wait for it.
 */
export interface RivalSave {
  /** Resolves when the database has so many others waiting; `isIdle` tells that none of them came to an end. */
  waiting(count: number, isIdle: () => boolean): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** How many statements of others the server is at. */
  underWay(): Promise<number>;
}

export async function startRivalSave(server: DatabaseServer, database: TestDatabase): Promise<RivalSave> {
  return server.name === 'SQLite' ? rivalInFile(database) : rivalOnServer(server, database);
}

/** Copies the row before, so that it needs to know nothing of what it consists of. */
function copySql(quote: (name: string) => string, token: string): string {
  const copied = ['target', 'policy', 'brand', 'settings', 'at', 'reason'].map(quote);
  return (
    `INSERT INTO lockout_policy (${[...copied, quote('version'), quote('by'), quote('token')].join(', ')}) ` +
    `SELECT ${copied.join(', ')}, ${quote('version')} + 1, 'rival', ${token} FROM lockout_policy`
  );
}

async function rivalOnServer(server: DatabaseServer, database: TestDatabase): Promise<RivalSave> {
  const isPostgres = server.name === 'PostgreSQL';
  const direct: DataSource = await connect(database.options);
  const runner = direct.createQueryRunner();
  await runner.startTransaction();
  await runner.query(
    copySql((name) => direct.driver.escape(name), isPostgres ? '$1' : '?'),
    [randomBytes(16)],
  );
  const schema = server.name === 'MySQL' ? 'performance_schema' : 'information_schema';
  const active = isPostgres
    ? `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()
       AND pid <> pg_backend_pid() AND state = 'active'`
    : `SELECT COUNT(*) AS n FROM ${schema}.processlist WHERE db = DATABASE() AND command = 'Execute'`;
  const end = async (work: () => Promise<void>): Promise<void> => {
    await work();
    await runner.release();
    await direct.destroy();
  };
  return {
    waiting: (wanted) => lockWaits(server, direct, wanted),
    commit: () => end(() => runner.commitTransaction()),
    rollback: () => end(() => runner.rollbackTransaction()),
    underWay: async () => Number(((await direct.query(active)) as [{ n: unknown }])[0].n),
  };
}

async function rivalInFile(database: TestDatabase): Promise<RivalSave> {
  const writer = new Database(String(database.options.database));
  writer.exec('BEGIN IMMEDIATE');
  writer.prepare(copySql((name) => `"${name}"`, '?')).run([randomBytes(16)]);
  const end = async (sql: string): Promise<void> => {
    writer.exec(sql);
    writer.close();
  };
  return {
    waiting: async (_, isIdle) => {
      // Reading needs no turn of its own; who has not come to an end after these wants to write.
      await turns(200);
      if (!isIdle()) throw new Error('A save did not wait for the one before it.');
    },
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    underWay: async () => 0,
  };
}
