import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, addKeyColumn, createTable, type TableShape } from './tables.js';

const MEMBERSHIPS: TableShape = {
  name: 'demo_membership',
  columns: { realm: 'realm', username: 'id', organisation: 'id', role: 'text' },
  primary: ['realm', 'username', 'organisation'],
  indexed: [],
};

/** Tables whose rows were told apart by the name alone, as they are from now on. */
const KEYED: readonly TableShape[] = [
  {
    name: 'demo_user',
    columns: { realm: 'realm', username: 'id', email: 'text', role: 'text', password_hash: 'text' },
    primary: ['realm', 'username'],
    indexed: [],
  },
  {
    name: 'demo_used_recovery_code',
    columns: { realm: 'realm', username: 'id', ordinal: 'number', used_at: 'moment' },
    primary: ['realm', 'username', 'ordinal'],
    indexed: [],
  },
];

/** Tables that only say whose a row is. */
const NAMING = ['demo_session', 'demo_challenge'];

/** Number 2: a second realm beside everybody so far, who become its customers; and organisations. */
export class Realms1760000000002 implements MigrationInterface {
  readonly name = 'Realms1760000000002';

  /** Each step looks first whether it was done: after a run that died half-way, as MySQL cannot undo DDL. */
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, MEMBERSHIPS);
    for (const table of KEYED) {
      if (!(await runner.hasColumn(table.name, 'realm'))) await addKeyColumn(runner, table, 'realm');
    }
    for (const table of NAMING) {
      if (!(await runner.hasColumn(table, 'realm'))) await addColumn(runner, table, 'realm', 'realm');
    }
  }

  async down(): Promise<void> {
    throw new Error('Two accounts of one name do not fit into one realm: restore a backup instead.');
  }
}
