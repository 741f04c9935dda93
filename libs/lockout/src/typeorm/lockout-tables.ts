import type { DataSource } from 'typeorm';
import { ANSWER_FIELDS, type AnswerField } from '../store/answer-row.js';
import { EVENT_FIELDS, type EventField } from '../store/event-row.js';
import { NODE_COLUMNS, type NodeColumn } from '../store/node-row.js';
import { OUTBOX_FIELDS } from '../store/outbox-row.js';
import { QUOTA_FIELDS, type QuotaField } from '../store/quota-row.js';
import { UNLOCK_LINK_FIELDS, type UnlockLinkField } from '../store/unlock-link-row.js';
import {
  ANSWER_ENTITY,
  EVENT_ENTITY,
  META_ENTITY,
  type MetaField,
  NODE_ENTITY,
  OUTBOX_ENTITY,
  POLICY_ENTITY,
  POLICY_FIELDS,
  type PolicyField,
  QUOTA_ENTITY,
  RECORD_ENTITY,
  UNLOCK_LINK_ENTITY,
} from './entities.js';
import {
  EVENT_INDEXES,
  type EventIndex,
  RECORD_INDEXES,
  type RecordIndex,
  ROW_FIELDS,
  type RowField,
} from './listing-columns.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';
import { OUTBOX_INDEXES, type OutboxColumn, type OutboxIndex } from './outbox-columns.js';
import { questions } from './value-list.js';

/** A table as SQL names it: path and columns escaped, prefix and schema honoured. */
export interface TableNames<Field extends string> {
  readonly path: string;
  readonly columns: Readonly<Record<Field, string>>;
}

/** A table with the names of those indexes that a statement may have to insist on, escaped. */
export interface IndexedTable<Field extends string, Index extends string> extends TableNames<Field> {
  readonly indexes: Readonly<Record<Index, string>>;
}

/** The names of our tables in one DataSource, read from its metadata once. */
export interface LockoutTables {
  readonly record: IndexedTable<RowField, RecordIndex>;
  readonly event: IndexedTable<EventField | 'seq', EventIndex>;
  readonly meta: TableNames<MetaField>;
  readonly policy: TableNames<PolicyField>;
  readonly node: TableNames<NodeColumn>;
  readonly answer: TableNames<AnswerField>;
  readonly outbox: IndexedTable<OutboxColumn, OutboxIndex>;
  readonly quota: TableNames<QuotaField>;
  readonly unlockLink: TableNames<UnlockLinkField>;
}

/** Throws {@link LockoutTypeormError}, with what to add, when the DataSource lacks the entities. */
export function lockoutTables(dataSource: DataSource): LockoutTables {
  return {
    record: {
      ...namesOf(dataSource, RECORD_ENTITY, ROW_FIELDS),
      indexes: indexesOf(dataSource, RECORD_ENTITY, RECORD_INDEXES),
    },
    event: {
      ...namesOf(dataSource, EVENT_ENTITY, ['seq', ...EVENT_FIELDS]),
      indexes: indexesOf(dataSource, EVENT_ENTITY, EVENT_INDEXES),
    },
    meta: namesOf(dataSource, META_ENTITY, ['name', 'value']),
    policy: namesOf(dataSource, POLICY_ENTITY, POLICY_FIELDS),
    node: namesOf(dataSource, NODE_ENTITY, NODE_COLUMNS),
    answer: namesOf(dataSource, ANSWER_ENTITY, ANSWER_FIELDS),
    outbox: {
      ...namesOf(dataSource, OUTBOX_ENTITY, ['seq', ...OUTBOX_FIELDS]),
      indexes: indexesOf(dataSource, OUTBOX_ENTITY, OUTBOX_INDEXES),
    },
    quota: namesOf(dataSource, QUOTA_ENTITY, QUOTA_FIELDS),
    unlockLink: namesOf(dataSource, UNLOCK_LINK_ENTITY, UNLOCK_LINK_FIELDS),
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

/** The statement that adds a row: a value for each of these fields. */
export function insertSql<Field extends string>(table: TableNames<Field>, fields: readonly Field[]): string {
  return `INSERT INTO ${table.path} (${columnList(table, fields)}) VALUES (${questions(fields)})`;
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

/** What the DataSource calls the indexes over these fields. */
function indexesOf<Index extends string>(
  dataSource: DataSource,
  entity: string,
  indexes: Readonly<Record<Index, readonly string[]>>,
): Record<Index, string> {
  const { indices } = dataSource.getMetadata(entity);
  return Object.fromEntries(
    Object.entries<readonly string[]>(indexes).map(([index, fields]) => {
      const own = indices.find(
        ({ columns }) =>
          columns.length === fields.length && columns.every((column, n) => column.propertyName === fields[n]),
      );
      if (!own) throw new LockoutTypeormError(`The lockout entity ${entity} has no index for ${index}.`);
      return [index, dataSource.driver.escape(own.name)];
    }),
  ) as Record<Index, string>;
}
