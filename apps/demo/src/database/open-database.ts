import { migrateLockout } from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { whenNotBusy } from './busy.js';
import { withMigrationLock } from './migration-lock.js';

/** Connects and brings every table up to date, ours and the library's, before anything asks for them. */
export async function openDatabase(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await whenNotBusy(() => new DataSource(options).initialize());
  try {
    await withMigrationLock(dataSource, () => dataSource.runMigrations());
    await migrateLockout(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
