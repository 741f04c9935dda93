import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';

const NAME = 'nestjs-lockout-demo-migration';
/** Any number that nothing else in the database takes: the first bytes of the name. */
const NUMBER = 0x6e65_7374;
const PATIENCE_S = 60;

/** Runs `work` while no other instance does: each database has a lock that ends with the connection that holds it. */
export async function withMigrationLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const { type } = dataSource.options;
  if (type === 'better-sqlite3') return withFileLock(dataSource, work);
  const runner = dataSource.createQueryRunner();
  const take = type === 'postgres' ? takePostgresLock : takeMysqlLock;
  const release = type === 'postgres' ? 'SELECT pg_advisory_unlock($1)' : 'SELECT RELEASE_LOCK(?)';
  try {
    await take(runner);
    try {
      return await work();
    } finally {
      await runner.query(release, [type === 'postgres' ? NUMBER : NAME]);
    }
  } finally {
    await runner.release();
  }
}

async function takePostgresLock(runner: QueryRunner): Promise<void> {
  await runner.query(`SET lock_timeout = '${PATIENCE_S}s'`);
  await runner.query('SELECT pg_advisory_lock($1)', [NUMBER]);
  await runner.query('RESET lock_timeout');
}

async function takeMysqlLock(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS taken', [NAME, PATIENCE_S])) as {
    taken: unknown;
  }[];
  if (Number(row?.taken) !== 1) throw new Error(`Another instance has been migrating for ${PATIENCE_S} s.`);
}

interface Connection {
  exec(sql: string): unknown;
  close(): unknown;
}

/** SQLite has no such lock, but an open transaction at a second, empty file is one. */
async function withFileLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const options = dataSource.options as unknown as {
    readonly database: string;
    readonly driver: new (file: string, options: { timeout: number }) => Connection;
  };
  const connection = new options.driver(`${options.database}.migrating`, { timeout: 0 });
  try {
    const deadline = performance.now() + PATIENCE_S * 1000;
    for (;;) {
      try {
        connection.exec('BEGIN EXCLUSIVE');
        break;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await wait(50);
      }
    }
    return await work();
  } finally {
    connection.close();
  }
}
