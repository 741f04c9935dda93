import { type QueryRunner, Table, type TableColumnOptions } from 'typeorm';
import type { ColumnShape } from '../column-types.js';

/** A column that always has a value. */
export function column(name: string, shape: ColumnShape): TableColumnOptions {
  return { name, ...shape };
}

export function nullable(name: string, shape: ColumnShape): TableColumnOptions {
  return { ...column(name, shape), isNullable: true };
}

/** What the DataSource's naming strategy makes of the name of a column, also of one that the entity no longer has. */
export function columnNames(queryRunner: QueryRunner, entity: string): (name: string) => string {
  const { connection } = queryRunner;
  const metadata = connection.getMetadata(entity);
  return (name) =>
    metadata.columns.find((own) => own.givenDatabaseName === name)?.databaseName ??
    connection.namingStrategy.columnName(name, name, []);
}

/**
 * Makes the table of an entity: where it is and what the DataSource's naming strategy makes of its columns is the
 * entity's, what it consists of is written out by the migration.
 */
export async function createTable(
  queryRunner: QueryRunner,
  entity: string,
  columns: TableColumnOptions[],
  indices: readonly (readonly string[])[],
  unique?: readonly string[],
): Promise<void> {
  const { connection } = queryRunner;
  const metadata = connection.getMetadata(entity);
  const nameOf = columnNames(queryRunner, entity);
  const indexOf = (names: readonly string[], isUnique: boolean) => {
    const indexed = names.map(nameOf);
    return {
      name: connection.namingStrategy.indexName(metadata.tablePath, indexed),
      columnNames: indexed,
      isUnique,
    };
  };
  await queryRunner.createTable(
    new Table({
      name: metadata.tablePath,
      columns: columns.map((own) => ({ ...own, name: nameOf(own.name) })),
      indices: [...(unique ? [indexOf(unique, true)] : []), ...indices.map((names) => indexOf(names, false))],
    }),
    // `synchronize` may have made it already, in development.
    true,
  );
}
