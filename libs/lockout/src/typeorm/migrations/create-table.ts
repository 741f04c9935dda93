import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { ColumnShape } from '../column-types.js';

/** A column that always has a value. */
export function column(name: string, shape: ColumnShape): TableColumnOptions {
  return { name, ...shape };
}

export function nullable(name: string, shape: ColumnShape): TableColumnOptions {
  return { ...column(name, shape), isNullable: true };
}

/** Makes the table of an entity: where it is is the entity's, what it consists of is written out by the migration. */
export async function createTable(
  queryRunner: QueryRunner,
  entity: string,
  columns: TableColumnOptions[],
  indices: readonly (readonly string[])[],
  unique?: readonly string[],
): Promise<void> {
  const { connection } = queryRunner;
  const metadata = connection.getMetadata(entity);
  const indexOf = (columnNames: readonly string[], isUnique: boolean) => ({
    name: connection.namingStrategy.indexName(metadata.tablePath, [...columnNames]),
    columnNames: [...columnNames],
    isUnique,
  });
  await queryRunner.createTable(
    new Table({
      name: metadata.tablePath,
      columns,
      indices: [...(unique ? [indexOf(unique, true)] : []), ...indices.map((names) => indexOf(names, false))],
    }),
    // `synchronize` may have made it already, in development.
    true,
  );
}
