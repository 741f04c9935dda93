import type { MigrationInterface, QueryRunner } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { QUOTA_ENTITY, UNLOCK_LINK_ENTITY } from '../entities.js';
import { column, createTable } from './create-table.js';

/**
 * Quotas that all processes share, and links that unlock an account. A node of the release before goes on: it knows
 * neither. Never changed again, as its predecessors.
 */
export class AddLockoutUnlockLinks1788739200001 implements MigrationInterface {
  readonly name = 'AddLockoutUnlockLinks1788739200001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = COLUMN_TYPES[familyOf(queryRunner.connection.options.type)];
    await createTable(
      queryRunner,
      QUOTA_ENTITY,
      [
        { ...column('id', types.fixed(32)), isPrimary: true },
        column('taken', types.integer),
        column('ends_at', types.big),
      ],
      [['ends_at']],
    );
    await createTable(
      queryRunner,
      UNLOCK_LINK_ENTITY,
      [
        { ...column('digest', types.fixed(32)), isPrimary: true },
        column('key', types.fixed(32)),
        column('since', types.big),
        column('realm', types.text(64)),
        column('account_hash', types.fixed(32)),
        column('expires_at', types.big),
      ],
      [['expires_at']],
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { connection } = queryRunner;
    await queryRunner.dropTable(connection.getMetadata(UNLOCK_LINK_ENTITY).tablePath);
    await queryRunner.dropTable(connection.getMetadata(QUOTA_ENTITY).tablePath);
  }
}
