import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn } from './tables.js';

const TABLE = 'demo_user';
const COLUMN = 'lockout_end_date';

/** Number 3: when somebody's last lock ends or ended, on their own row. Empty until the next lock. */
export class LockEnds1760000000003 implements MigrationInterface {
  readonly name = 'LockEnds1760000000003';

  /** Looks first, for after a run that died before it was noted down. */
  async up(runner: QueryRunner): Promise<void> {
    if (!(await runner.hasColumn(TABLE, COLUMN))) await addColumn(runner, TABLE, COLUMN, 'moment');
  }

  async down(runner: QueryRunner): Promise<void> {
    const { driver } = runner.connection;
    await runner.query(`ALTER TABLE ${driver.escape(TABLE)} DROP COLUMN ${driver.escape(COLUMN)}`);
  }
}
