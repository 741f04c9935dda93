import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { OUTBOX_ENTITY } from '../entities.js';
import { column, createTable, nullable } from './create-table.js';

/**
 * Events that are still to be delivered. A node of the release before goes on: what it records is delivered to nobody. Never
 * changed again, as its predecessors.
 */
export class CreateLockoutOutbox1788652800001 implements MigrationInterface {
  readonly name = 'CreateLockoutOutbox1788652800001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = COLUMN_TYPES[familyOf(queryRunner.connection.options.type)];
    await createTable(
      queryRunner,
      OUTBOX_ENTITY,
      [
        {
          ...column('seq', types.serial),
          isPrimary: true,
          isGenerated: true,
          generationStrategy: 'increment',
        },
        column('event', types.fixed(16)),
        column('sink', types.text(32)),
        column('lane', types.fixed(32)),
        column('at', types.big),
        column('due_at', types.big),
        nullable('token', types.fixed(16)),
        column('tries', types.integer),
        nullable('problem', types.text(500)),
        column('dead', types.integer),
        column('queued', types.integer),
      ],
      [
        ['sink', 'dead', 'due_at', 'seq'],
        ['sink', 'dead', 'lane', 'seq'],
        ['sink', 'dead', 'seq'],
      ],
      ['event', 'sink'],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable(queryRunner.connection.getMetadata(OUTBOX_ENTITY).tablePath);
  }
}
