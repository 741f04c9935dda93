import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { COLUMN_TYPES, familyOf } from '../column-types.js';
import { ANSWER_ENTITY, NODE_ENTITY } from '../entities.js';
import { column, columnNames, createTable, nullable } from './create-table.js';

/**
 * Answers to requests that may be sent again, and what each process refused. A node of the release before goes on: it
 * leaves both alone. Never changed again, as its predecessors.
 */
export class KeepLockoutAnswers1788566400001 implements MigrationInterface {
  readonly name = 'KeepLockoutAnswers1788566400001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { connection } = queryRunner;
    const types = COLUMN_TYPES[familyOf(connection.options.type)];
    await createTable(
      queryRunner,
      ANSWER_ENTITY,
      [
        { ...column('id', types.fixed(32)), isPrimary: true },
        column('request', types.fixed(32)),
        column('token', types.fixed(16)),
        column('at', types.big),
        nullable('status', types.integer),
        nullable('body', types.blob),
      ],
      [['at']],
    );
    const { tablePath } = connection.getMetadata(NODE_ENTITY);
    const name = columnNames(queryRunner, NODE_ENTITY)('refusals');
    // `synchronize` may have made it already, in development.
    if (await queryRunner.hasColumn(tablePath, name)) return;
    await queryRunner.addColumn(tablePath, new TableColumn({ ...nullable(name, types.blob) }));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const { connection } = queryRunner;
    await queryRunner.dropColumn(
      connection.getMetadata(NODE_ENTITY).tablePath,
      columnNames(queryRunner, NODE_ENTITY)('refusals'),
    );
    await queryRunner.dropTable(connection.getMetadata(ANSWER_ENTITY).tablePath);
  }
}
