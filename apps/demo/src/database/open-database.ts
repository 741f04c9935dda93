import { DataSource, type DataSourceOptions } from 'typeorm';
import { whenNotBusy } from './busy.js';
import { withMigrationLock } from './migration-lock.js';

/** Connects and brings our tables up to date before anything asks for them. The library sees to its own. */
export async function openDatabase(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await whenNotBusy(() => new DataSource(options).initialize());
  try {
    await withMigrationLock(dataSource, () => whenNotBusy(() => dataSource.runMigrations()));
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
