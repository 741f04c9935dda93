import { type DataSourceOptions, EntitySchema } from 'typeorm';
import type { AnswerField } from '../store/answer-row.js';
import { MAX_LABEL, MAX_NAME } from '../store/codec.js';
import { MAX_DETAIL_BYTES } from '../store/detail.js';
import type { EventField } from '../store/event-row.js';
import { MAX_LISTED } from '../store/listed.js';
import { MAX_NODE_ID, MAX_NODE_LABEL, type NodeColumn } from '../store/node-row.js';
import { MAX_PROBLEM, MAX_SINK } from '../store/outbox-row.js';
import { MAX_REASON, MAX_SAVED_BY, REVISION_FIELDS, type RevisionField } from '../store/policy-row.js';
import type { QuotaField } from '../store/quota-row.js';
import type { UnlockLinkField } from '../store/unlock-link-row.js';
import { COLUMN_TYPES, type ColumnShape, type ColumnTypes, familyOf } from './column-types.js';
import { EVENT_INDEXES, RECORD_INDEXES, type RowField } from './listing-columns.js';
import { OUTBOX_INDEXES, OUTBOX_UNIQUE, type OutboxColumn } from './outbox-columns.js';

/** Names by which a DataSource knows the entities. */
export const RECORD_ENTITY = 'NestjsLockoutRecord';
export const EVENT_ENTITY = 'NestjsLockoutEvent';
export const META_ENTITY = 'NestjsLockoutMeta';
export const POLICY_ENTITY = 'NestjsLockoutPolicy';
export const NODE_ENTITY = 'NestjsLockoutNode';
export const ANSWER_ENTITY = 'NestjsLockoutAnswer';
export const OUTBOX_ENTITY = 'NestjsLockoutOutbox';
export const QUOTA_ENTITY = 'NestjsLockoutQuota';
export const UNLOCK_LINK_ENTITY = 'NestjsLockoutUnlockLink';

export type MetaField = 'name' | 'value';

/** What the table of saved policies holds, in the order in which values are bound. `token`: whose save it was. */
export const POLICY_FIELDS = [...REVISION_FIELDS, 'token'] as const;

export type PolicyField = RevisionField | 'token';

export interface LockoutEntityOptions {
  /** Schema of the tables on PostgreSQL. Default: the DataSource's. */
  readonly schema?: string;
  /** Database of the tables on MySQL and MariaDB, on the same server. Default: the DataSource's. */
  readonly database?: string;
}

/**
 * The entities of the lockout store, to be added to the DataSource:
 * `entities: [User, ...lockoutEntities('mysql')]`, or, with `autoLoadEntities`,
 * `TypeOrmModule.forFeature(lockoutEntities('mysql'))`.
 *
 * Their tables are `lockout_record`, `lockout_event`, `lockout_meta`, `lockout_policy`, `lockout_node`, `lockout_answer`,
 * `lockout_outbox`, `lockout_quota` and `lockout_unlock_link`, with the DataSource's `entityPrefix`. They are for the
 * schema only: the store reads and writes by SQL of its own, and nothing else should write them.
 *
 * @param type The DataSource's `type`, because columns are called differently everywhere. Throws
 *   {@link LockoutTypeormError} for one that the store does not know.
 */
export function lockoutEntities(
  type: DataSourceOptions['type'],
  options: LockoutEntityOptions = {},
): EntitySchema[] {
  const types = COLUMN_TYPES[familyOf(type)];
  return [
    recordEntity,
    eventEntity,
    metaEntity,
    policyEntity,
    nodeEntity,
    answerEntity,
    outboxEntity,
    quotaEntity,
    unlockLinkEntity,
  ].map((make) => make(types, options));
}

function recordEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<RowField, unknown>>({
    name: RECORD_ENTITY,
    tableName: 'lockout_record',
    ...options,
    columns: {
      key: { name: 'key', primary: true, ...types.fixed(32) },
      realm: { name: 'realm', ...types.text(MAX_NAME) },
      counter: { name: 'counter', ...types.text(MAX_NAME) },
      accountHash: nullable('account_hash', types.fixed(32)),
      addressHash: nullable('address_hash', types.fixed(32)),
      accountLabel: nullable('account_label', types.text(MAX_LABEL)),
      addressLabel: nullable('address_label', types.text(MAX_LABEL)),
      failures: { name: 'failures', ...types.integer },
      lastFailureAt: nullable('last_failure_at', types.big),
      lockedSince: nullable('locked_since', types.big),
      lockedUntil: nullable('locked_until', types.big),
      keepUntil: { name: 'keep_until', ...types.big },
      // Always there; the first release left it null at rest.
      detail: nullable('detail', types.bounded(MAX_DETAIL_BYTES)),
      listed: nullable('listed', types.bounded(MAX_LISTED)),
      lockedFailureAt: nullable('locked_failure_at', types.big),
      replaces: { name: 'replaces', ...types.fixed(8) },
      version: { name: 'version', ...types.fixed(8) },
    },
    indices: [
      { columns: ['accountHash'] },
      { columns: ['addressHash'] },
      { columns: ['keepUntil'] },
      ...Object.values(RECORD_INDEXES).map((columns) => ({ columns: [...columns] })),
    ],
  });
}

function eventEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<EventField | 'seq', unknown>>({
    name: EVENT_ENTITY,
    tableName: 'lockout_event',
    ...options,
    columns: {
      seq: { name: 'seq', primary: true, generated: 'increment', ...types.serial },
      id: { name: 'id', ...types.fixed(16) },
      key: { name: 'key', ...types.fixed(32) },
      type: { name: 'type', ...types.text(32) },
      at: { name: 'at', ...types.big },
      realm: { name: 'realm', ...types.text(MAX_NAME) },
      counter: { name: 'counter', ...types.text(MAX_NAME) },
      scope: { name: 'scope', ...types.text(MAX_NAME) },
      accountHash: nullable('account_hash', types.fixed(32)),
      addressHash: nullable('address_hash', types.fixed(32)),
      accountLabel: nullable('account_label', types.text(MAX_LABEL)),
      addressLabel: nullable('address_label', types.text(MAX_LABEL)),
      data: { name: 'data', ...types.blob },
    },
    indices: [
      { columns: ['id'], unique: true },
      ...Object.values(EVENT_INDEXES).map((columns) => ({ columns: [...columns] })),
    ],
  });
}

function metaEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<MetaField, unknown>>({
    name: META_ENTITY,
    tableName: 'lockout_meta',
    ...options,
    columns: {
      name: { name: 'name', primary: true, ...types.text(64) },
      value: { name: 'value', ...types.text(255) },
    },
  });
}

function policyEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<PolicyField, unknown>>({
    name: POLICY_ENTITY,
    tableName: 'lockout_policy',
    ...options,
    columns: {
      target: { name: 'target', primary: true, ...types.fixed(32) },
      version: { name: 'version', primary: true, ...types.big },
      policy: { name: 'policy', ...types.text(MAX_NAME) },
      brand: nullable('brand', types.text(MAX_NAME)),
      settings: nullable('settings', types.blob),
      at: { name: 'at', ...types.big },
      by: { name: 'by', ...types.text(MAX_SAVED_BY) },
      reason: { name: 'reason', ...types.text(MAX_REASON) },
      token: { name: 'token', ...types.fixed(16) },
    },
  });
}

function nodeEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<NodeColumn, unknown>>({
    name: NODE_ENTITY,
    tableName: 'lockout_node',
    ...options,
    columns: {
      id: { name: 'id', primary: true, ...types.text(MAX_NODE_ID) },
      label: { name: 'label', ...types.text(MAX_NODE_LABEL) },
      policies: { name: 'policies', ...types.blob },
      seenAt: { name: 'seen_at', ...types.big },
      // Null in the rows of releases before 0.4.
      refusals: nullable('refusals', types.blob),
    },
  });
}

function answerEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<AnswerField, unknown>>({
    name: ANSWER_ENTITY,
    tableName: 'lockout_answer',
    ...options,
    columns: {
      id: { name: 'id', primary: true, ...types.fixed(32) },
      request: { name: 'request', ...types.fixed(32) },
      token: { name: 'token', ...types.fixed(16) },
      at: { name: 'at', ...types.big },
      status: nullable('status', types.integer),
      body: nullable('body', types.blob),
    },
    indices: [{ columns: ['at'] }],
  });
}

function outboxEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<OutboxColumn, unknown>>({
    name: OUTBOX_ENTITY,
    tableName: 'lockout_outbox',
    ...options,
    columns: {
      seq: { name: 'seq', primary: true, generated: 'increment', ...types.serial },
      event: { name: 'event', ...types.fixed(16) },
      sink: { name: 'sink', ...types.text(MAX_SINK) },
      lane: { name: 'lane', ...types.fixed(32) },
      at: { name: 'at', ...types.big },
      dueAt: { name: 'due_at', ...types.big },
      token: nullable('token', types.fixed(16)),
      tries: { name: 'tries', ...types.integer },
      problem: nullable('problem', types.text(MAX_PROBLEM)),
      dead: { name: 'dead', ...types.integer },
      queued: { name: 'queued', ...types.integer },
    },
    indices: [
      { columns: [...OUTBOX_UNIQUE], unique: true },
      ...Object.values(OUTBOX_INDEXES).map((columns) => ({ columns: [...columns] })),
    ],
  });
}

function quotaEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<QuotaField, unknown>>({
    name: QUOTA_ENTITY,
    tableName: 'lockout_quota',
    ...options,
    columns: {
      id: { name: 'id', primary: true, ...types.fixed(32) },
      taken: { name: 'taken', ...types.integer },
      endsAt: { name: 'ends_at', ...types.big },
    },
    indices: [{ columns: ['endsAt'] }],
  });
}

function unlockLinkEntity(types: ColumnTypes, options: LockoutEntityOptions): EntitySchema {
  return new EntitySchema<Record<UnlockLinkField, unknown>>({
    name: UNLOCK_LINK_ENTITY,
    tableName: 'lockout_unlock_link',
    ...options,
    columns: {
      digest: { name: 'digest', primary: true, ...types.fixed(32) },
      key: { name: 'key', ...types.fixed(32) },
      since: { name: 'since', ...types.big },
      realm: { name: 'realm', ...types.text(MAX_NAME) },
      accountHash: { name: 'account_hash', ...types.fixed(32) },
      expiresAt: { name: 'expires_at', ...types.big },
    },
    indices: [{ columns: ['expiresAt'] }],
  });
}

function nullable(
  name: string,
  shape: ColumnShape,
): ColumnShape & { readonly name: string; readonly nullable: true } {
  return { name, nullable: true, ...shape };
}
