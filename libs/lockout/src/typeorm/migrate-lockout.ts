import { type DataSource, MigrationExecutor } from 'typeorm';
import { lockoutTables } from './lockout-tables.js';
import { withMigrationLock } from './migration-lock.js';
import { lockoutMigrations } from './migrations/lockout-migrations.js';

/**
 * Brings the lockout tables up to date, and no others: it runs {@link lockoutMigrations} that are not yet in the
 * DataSource's table of migrations, under a lock of the database, so that any number of nodes may start together.
 *
 * @returns The names of the migrations that it ran. Throws `LockoutTypeormError` when the entities are missing.
 */
export async function migrateLockout(dataSource: DataSource): Promise<readonly string[]> {
  lockoutTables(dataSource);
  const queryRunner = dataSource.createQueryRunner('master');
  try {
    return await withMigrationLock(queryRunner, async () => {
      // TypeORM keeps the books; it is only shown our migrations in place of the application's.
      const ours: DataSource = Object.create(dataSource, {
        migrations: { value: lockoutMigrations.map((Migration) => new Migration()) },
      });
      const executor = new MigrationExecutor(ours, queryRunner);
      executor.transaction = 'none';
      const done = await executor.executePendingMigrations();
      return done.map(({ name }) => name);
    });
  } finally {
    await queryRunner.release();
  }
}
