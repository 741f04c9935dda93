import type { DataSource } from 'typeorm';
import { RECORD_FIELDS, type RecordField } from '../store/codec.js';
import { EVENT_FIELDS, type EventField } from '../store/event-row.js';
import { NODE_FIELDS, type NodeField } from '../store/node-row.js';
import {
  EVENT_ENTITY,
  META_ENTITY,
  type MetaField,
  NODE_ENTITY,
  POLICY_ENTITY,
  POLICY_FIELDS,
  type PolicyField,
  RECORD_ENTITY,
} from './entities.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

/** A table as SQL names it: path and columns escaped, prefix and schema honoured. */
export interface TableNames<Field extends string> {
  readonly path: string;
  readonly columns: Readonly<Record<Field, string>>;
}

/** The names of our tables in one DataSource, read from its metadata once. */
export interface LockoutTables {
  readonly record: TableNames<RecordField>;
  readonly event: TableNames<EventField | 'seq'>;
  readonly meta: TableNames<MetaField>;
  readonly policy: TableNames<PolicyField>;
  readonly node: TableNames<NodeField>;
}

/** Throws {@link LockoutTypeormError}, with what to add, when the DataSource lacks the entities. */
export function lockoutTables(dataSource: DataSource): LockoutTables {
  return {
    record: namesOf(dataSource, RECORD_ENTITY, RECORD_FIELDS),
    event: namesOf(dataSource, EVENT_ENTITY, ['seq', ...EVENT_FIELDS]),
    meta: namesOf(dataSource, META_ENTITY, ['name', 'value']),
    policy: namesOf(dataSource, POLICY_ENTITY, POLICY_FIELDS),
    node: namesOf(dataSource, NODE_ENTITY, NODE_FIELDS),
  };
}

/** The columns of these fields, in order, as a list. */
export function columnList<Field extends string>(
  { columns }: TableNames<Field>,
  fields: readonly Field[],
  qualifier = '',
): string {
  return fields.map((field) => qualifier + columns[field]).join(', ');
}

function namesOf<Field extends string>(
  dataSource: DataSource,
  entity: string,
  fields: readonly Field[],
): TableNames<Field> {
  if (!dataSource.hasMetadata(entity)) {
    const { type } = dataSource.options;
    throw new LockoutTypeormError(
      `The DataSource lacks the lockout entities. Add them:\n` +
        `  import { lockoutEntities } from 'nestjs-lockout/typeorm';\n` +
        `  entities: [..., ...lockoutEntities('${type}')],\n` +
        `or, with autoLoadEntities: imports: [TypeOrmModule.forFeature(lockoutEntities('${type}'))]`,
    );
  }
  const metadata = dataSource.getMetadata(entity);
  const quote = (name: string): string => dataSource.driver.escape(name);
  const columns = Object.fromEntries(
    fields.map((field) => {
      const column = metadata.findColumnWithPropertyName(field);
      if (!column) throw new LockoutTypeormError(`The lockout entity ${entity} has no column for ${field}.`);
      return [field, quote(column.databaseName)];
    }),
  ) as Record<Field, string>;
  return { path: metadata.tablePath.split('.').map(quote).join('.'), columns };
}
