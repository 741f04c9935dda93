import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { EVENT_ENTITY, META_ENTITY, RECORD_ENTITY } from '../entities.js';
import { column, createTable, nullable } from './create-table.js';

/**
 * The tables of release 0.1. Never changed again: what comes later is a migration of its own. Where the tables are is
 * read from the entities, so that prefix and schema hold; what they consist of is written out.
 */
export class CreateLockoutTables1788220800001 implements MigrationInterface {
  readonly name = 'CreateLockoutTables1788220800001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = COLUMN_TYPES[familyOf(queryRunner.connection.options.type)];
    const hashes = [nullable('account_hash', types.fixed(32)), nullable('address_hash', types.fixed(32))];
    const labels = [nullable('account_label', types.text(320)), nullable('address_label', types.text(320))];
    const names = [
      column('realm', types.text(64)),
      column('counter', types.text(64)),
      column('scope', types.text(64)),
    ];

    await createTable(
      queryRunner,
      RECORD_ENTITY,
      [
        { ...column('key', types.fixed(32)), isPrimary: true },
        ...names,
        ...hashes,
        ...labels,
        column('failures', types.integer),
        column('escalation', types.integer),
        column('consecutive', types.integer),
        column('failure_seq', types.big),
        nullable('window_started_at', types.big),
        nullable('last_failure_at', types.big),
        nullable('locked_since', types.big),
        nullable('locked_until', types.big),
        nullable('lock_cause', types.text(16)),
        nullable('lock_step', types.integer),
        nullable('last_lock_ended_at', types.big),
        column('abandons', types.integer),
        nullable('abandons_since', types.big),
        column('updated_at', types.big),
        column('keep_until', types.big),
        nullable('detail', types.bounded(8192)),
        column('replaces', types.fixed(8)),
        column('version', types.fixed(8)),
      ],
      [['account_hash'], ['address_hash'], ['locked_until'], ['locked_since'], ['keep_until']],
    );
    await createTable(
      queryRunner,
      EVENT_ENTITY,
      [
        {
          ...column('seq', types.serial),
          isPrimary: true,
          isGenerated: true,
          generationStrategy: 'increment',
        },
        column('id', types.fixed(16)),
        column('key', types.fixed(32)),
        column('type', types.text(32)),
        column('at', types.big),
        ...names,
        ...hashes,
        ...labels,
        column('data', types.blob),
      ],
      [
        ['account_hash', 'seq'],
        ['address_hash', 'seq'],
        ['type', 'seq'],
      ],
      ['id'],
    );
    await createTable(
      queryRunner,
      META_ENTITY,
      [{ ...column('name', types.text(64)), isPrimary: true }, column('value', types.text(255))],
      [],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const entity of [META_ENTITY, EVENT_ENTITY, RECORD_ENTITY]) {
      await queryRunner.dropTable(queryRunner.connection.getMetadata(entity).tablePath);
    }
  }
}
