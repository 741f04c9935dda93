import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTable, type TableShape } from './tables.js';

const TABLES: readonly TableShape[] = [
  {
    name: 'demo_user',
    columns: { username: 'id', email: 'text', role: 'text', password_hash: 'text' },
    primary: ['username'],
    indexed: [],
  },
  {
    name: 'demo_session',
    columns: { id: 'id', username: 'text', data: 'long-text', expires_at: 'moment' },
    primary: ['id'],
    indexed: [['username'], ['expires_at']],
  },
  {
    name: 'demo_mail',
    columns: {
      id: 'id',
      recipient: 'text',
      subject: 'text',
      text: 'long-text',
      html: 'long-text',
      at: 'moment',
    },
    primary: ['id'],
    indexed: [['at']],
  },
  {
    name: 'demo_challenge',
    columns: {
      id: 'id',
      purpose: 'id',
      username: 'id',
      digest: 'id',
      address: 'id',
      guesses_left: 'number',
      created_at: 'moment',
      expires_at: 'moment',
      used_at: 'moment',
    },
    primary: ['id'],
    indexed: [['digest'], ['username', 'purpose', 'created_at'], ['address', 'created_at'], ['created_at']],
  },
  {
    name: 'demo_used_recovery_code',
    columns: { username: 'id', ordinal: 'number', used_at: 'moment' },
    primary: ['username', 'ordinal'],
    indexed: [],
  },
];

/** Number 1. What has been released is never edited; what comes later is another migration. */
export class FirstTables1760000000001 implements MigrationInterface {
  readonly name = 'FirstTables1760000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await createTable(runner, table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of TABLES) await runner.query(`DROP TABLE ${runner.connection.driver.escape(name)}`);
  }
}
