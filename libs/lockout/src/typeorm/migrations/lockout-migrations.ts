import type { MigrationInterface } from 'typeorm';
import { CreateLockoutTables1788220800001 } from './0001-create-lockout-tables.js';
import { CreateLockoutPolicyTables1788307200001 } from './0002-create-policy-tables.js';
import { PackLockoutRecords1788393600001 } from './0003-pack-records.js';
import { ListLockoutRecords1788480000001 } from './0004-list-records.js';
import { KeepLockoutAnswers1788566400001 } from './0005-keep-answers.js';
import { CreateLockoutOutbox1788652800001 } from './0006-create-outbox.js';
import { AddLockoutUnlockLinks1788739200001 } from './0007-add-unlock-links.js';

/**
 * Every migration of the lockout tables, oldest first; append-only. Run them with `migrateLockout`, or add them to
 * `migrations: [...yours, ...lockoutMigrations]` of the DataSource: both keep the same books.
 */
export const lockoutMigrations: readonly (new () => MigrationInterface)[] = [
  CreateLockoutTables1788220800001,
  CreateLockoutPolicyTables1788307200001,
  PackLockoutRecords1788393600001,
  ListLockoutRecords1788480000001,
  KeepLockoutAnswers1788566400001,
  CreateLockoutOutbox1788652800001,
  AddLockoutUnlockLinks1788739200001,
];
