import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { type DatabaseFamily, familyOf } from './column-types.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

/** How long to wait for another node that is migrating, seconds. */
const PATIENCE_S = 60;
/** How often a busy SQLite file is tried again, ms. */
const RETRY_MS = 25;

/** Runs `work` while no other node of the same database runs it; the others wait, then find it done. */
export async function withMigrationLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  const family: DatabaseFamily = familyOf(queryRunner.connection.options.type);
  switch (family) {
    case 'mysql':
      return withNamedLock(queryRunner, work);
    case 'postgres':
      return withAdvisoryLock(queryRunner, work);
    case 'sqlite':
      return withFileLock(queryRunner, work);
    default:
      return family satisfies never;
  }
}

async function withNamedLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  // Lock names are the server's, not the database's, and have at most 64 characters.
  const database = await queryRunner.getCurrentDatabase();
  const name = `lockout-migrate-${createHash('sha256').update(String(database)).digest('hex').slice(0, 32)}`;
  const [row] = (await queryRunner.query('SELECT GET_LOCK(?, ?) AS locked', [name, PATIENCE_S])) as {
    locked: unknown;
  }[];
  if (Number(row?.locked) !== 1) {
    throw new LockoutTypeormError(
      `Another node has been migrating the lockout tables for ${PATIENCE_S} s. Wait for it, or look for a session that holds ` +
        `the lock ${name} and end it.`,
    );
  }
  try {
    return await work();
  } finally {
    await queryRunner.query('SELECT RELEASE_LOCK(?)', [name]);
  }
}

/** Advisory locks belong to the database. An arbitrary number, ours for ever. */
const ADVISORY_KEY = '7163254091823';

async function withAdvisoryLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  // Of the transaction, so that a pooling proxy cannot lose it; it ends with the commit of what it guarded.
  await queryRunner.startTransaction();
  try {
    await queryRunner.query(`SET LOCAL lock_timeout = '${PATIENCE_S}s'`);
    await queryRunner.query(`SELECT pg_advisory_xact_lock(${ADVISORY_KEY})`);
    const result = await work();
    await queryRunner.commitTransaction();
    return result;
  } catch (error) {
    await queryRunner.rollbackTransaction();
    throw error;
  }
}

async function withFileLock<T>(queryRunner: QueryRunner, work: () => Promise<T>): Promise<T> {
  // SQLite waits by blocking the event loop, and with it a node in this very process that holds the lock.
  const [setting] = (await queryRunner.query('PRAGMA busy_timeout')) as Record<string, unknown>[];
  const before = Number(Object.values(setting ?? {})[0] ?? 0);
  await queryRunner.query('PRAGMA busy_timeout = 0');
  try {
    await beginImmediate(queryRunner);
    try {
      const result = await work();
      await queryRunner.query('COMMIT');
      return result;
    } catch (error) {
      await queryRunner.query('ROLLBACK');
      throw error;
    }
  } finally {
    await queryRunner.query(`PRAGMA busy_timeout = ${before}`);
  }
}

/** Not startTransaction(): that begins deferred, and two nodes would find out too late. */
async function beginImmediate(queryRunner: QueryRunner): Promise<void> {
  for (let tries = (PATIENCE_S * 1000) / RETRY_MS; ; tries -= 1) {
    try {
      await queryRunner.query('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (tries <= 0 || !/SQLITE_BUSY|database is locked/.test(String(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
