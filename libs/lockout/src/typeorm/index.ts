export { type LockoutEntityOptions, lockoutEntities } from './entities.js';
export { LockoutTypeormError } from './lockout-typeorm-error.js';
export {
  LockoutTypeormModule,
  type LockoutTypeormModuleAsyncOptions,
  type LockoutTypeormModuleOptions,
} from './lockout-typeorm-module.js';
export { migrateLockout } from './migrate-lockout.js';
export { lockoutMigrations } from './migrations/lockout-migrations.js';
export { TypeormLockoutStore, type TypeormLockoutStoreOptions } from './typeorm-lockout-store.js';
