import libsql from 'libsql';
import { lockoutEntities } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { Challenge } from '../challenges/challenge.entity.js';
import { UsedRecoveryCode } from '../challenges/used-recovery-code.entity.js';
import type { DatabaseChoice } from '../config/database-url.js';
import { Mail } from '../mail/mail.entity.js';
import { SessionRow } from '../sessions/session.entity.js';
import { Membership } from '../users/membership.entity.js';
import { User } from '../users/user.entity.js';
import { FirstTables1760000000001 } from './first-tables.migration.js';
import { LockEnds1760000000003 } from './lock-ends.migration.js';
import { Realms1760000000002 } from './realms.migration.js';

/** The part of a SQLite connection used below. */
interface Connection {
  pragma(text: string): unknown;
}

export function dataSourceOptions(database: DatabaseChoice): DataSourceOptions {
  const shared = {
    migrations: [FirstTables1760000000001, Realms1760000000002, LockEnds1760000000003],
    migrationsTableName: 'demo_migration',
  };
  const entities = [User, Membership, SessionRow, Mail, Challenge, UsedRecoveryCode];
  switch (database.type) {
    case 'sqlite':
      return {
        ...shared,
        type: 'better-sqlite3',
        // The same calls as better-sqlite3, with its binary in the package instead of an install script.
        driver: libsql,
        database: database.file,
        entities: [...entities, ...lockoutEntities('better-sqlite3')],
        prepareDatabase: (connection: Connection) => {
          connection.pragma('journal_mode = WAL');
          // See busy.ts.
          connection.pragma('busy_timeout = 0');
        },
      };
    case 'mysql':
    case 'mariadb':
      return {
        ...shared,
        type: database.type,
        url: database.url,
        entities: [...entities, ...lockoutEntities(database.type)],
      };
    case 'postgres':
      return {
        ...shared,
        type: 'postgres',
        url: database.url,
        entities: [...entities, ...lockoutEntities('postgres')],
      };
    default:
      return database satisfies never;
  }
}
