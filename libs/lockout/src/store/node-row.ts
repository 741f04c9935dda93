import { type ColumnValue, integer, text } from './codec.js';
import type { NodeReport } from './node-registry.js';
import { decodeRefusals } from './refusal-row.js';
import { StoreError } from './store-error.js';
import { decodeJson, encodeJson } from './stored-json.js';
import { storedText } from './stored-text.js';

/** Most characters of a process's id. */
export const MAX_NODE_ID = 64;
/** Most characters of its label. */
export const MAX_NODE_LABEL = 128;
/** Reports older than this are dropped, ms: a day. */
export const NODE_LIFE_MS = 86_400_000;

/** What a process's row holds but for what it refused, in the order in which values are bound and read. */
export const NODE_FIELDS = ['id', 'label', 'policies', 'seenAt'] as const;
/** All of it. */
export const NODE_COLUMNS = [...NODE_FIELDS, 'refusals'] as const;

export type NodeField = (typeof NODE_FIELDS)[number];
export type NodeColumn = (typeof NODE_COLUMNS)[number];

/** The values of one row, in the order of {@link NODE_FIELDS}. Throws {@link StoreError} (`data`) for what none can hold. */
export function encodeNode({ id, label, policies }: NodeReport, seenAt: number): ColumnValue[] {
  return [
    storedText("A process's id", id, MAX_NODE_ID),
    storedText("A process's label", label, MAX_NODE_LABEL),
    encodeJson("A process's policies", policies),
    integer('seenAt', seenAt),
  ];
}

/** Reads a row of {@link NODE_FIELDS}. Throws {@link StoreError} (`data`) for one that cannot have been written here. */
export function decodeNode(row: readonly unknown[]): NodeReport {
  const [id, label, json] = row;
  const policies = decodeJson('policies', json);
  if (!areHashes(policies)) throw new StoreError('data', "A stored process's policies are no hashes");
  return { id: text('id', id), label: text('label', label), policies };
}

/** Reads a row of {@link NODE_COLUMNS}. Throws {@link StoreError} (`data`) for one that cannot have been written here. */
export function decodeReport(row: readonly unknown[]): NodeReport {
  const refusals = decodeRefusals(row[NODE_FIELDS.length]);
  return { ...decodeNode(row), ...(refusals && { refusals }) };
}

function areHashes(
  policies: Readonly<Record<string, unknown>>,
): policies is Readonly<Record<string, string>> {
  return Object.values(policies).every((hash) => typeof hash === 'string');
}
