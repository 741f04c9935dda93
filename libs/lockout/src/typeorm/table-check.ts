import type { Dialect } from './dialect.js';
import type { LockoutTables } from './lockout-tables.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

/**
 * Asks every table and column once, without a row: what a release needs and a database lacks would otherwise show at the
 * first sign-in, as a store that does not answer.
 *
 * @throws LockoutTypeormError with every table that cannot be read, and what to run.
 */
export async function assertTables(dialect: Dialect, tables: LockoutTables): Promise<void> {
  const problems: string[] = [];
  for (const { path, columns } of Object.values(tables)) {
    try {
      await dialect.query(`SELECT ${Object.values(columns).join(', ')} FROM ${path} WHERE 1 = 0`, []);
    } catch (error) {
      problems.push(`  - ${path}: ${reasonOf(error)}`);
    }
  }
  if (problems.length === 0) return;
  throw new LockoutTypeormError(
    `The database lacks what the lockout store needs:\n${problems.join('\n')}\n` +
      'Bring it up to date: LockoutTypeormModule.forRoot() does so at start; with migrate: false, run ' +
      'migrateLockout(dataSource), or lockoutMigrations with your own, before this release starts.',
  );
}

/** What the database said, under the error of ours. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return said instanceof Error ? said.message : String(said);
}
