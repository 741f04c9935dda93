import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { NODE_ENTITY, POLICY_ENTITY } from '../entities.js';
import { column, createTable, nullable } from './create-table.js';

/** Saved policies, and the processes that share them. Never changed again, as its predecessor. */
export class CreateLockoutPolicyTables1788307200001 implements MigrationInterface {
  readonly name = 'CreateLockoutPolicyTables1788307200001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = COLUMN_TYPES[familyOf(queryRunner.connection.options.type)];
    await createTable(
      queryRunner,
      POLICY_ENTITY,
      [
        { ...column('target', types.fixed(32)), isPrimary: true },
        { ...column('version', types.big), isPrimary: true },
        column('policy', types.text(64)),
        nullable('brand', types.text(64)),
        nullable('settings', types.blob),
        column('at', types.big),
        column('by', types.text(320)),
        column('reason', types.text(500)),
        column('token', types.fixed(16)),
      ],
      [],
    );
    await createTable(
      queryRunner,
      NODE_ENTITY,
      [
        { ...column('id', types.text(64)), isPrimary: true },
        column('label', types.text(128)),
        column('policies', types.blob),
        column('seen_at', types.big),
      ],
      [],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const entity of [NODE_ENTITY, POLICY_ENTITY]) {
      await queryRunner.dropTable(queryRunner.connection.getMetadata(entity).tablePath);
    }
  }
}
