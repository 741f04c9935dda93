import { createHash } from 'node:crypto';
import { type ColumnValue, fromHex, integer, MAX_NAME, nullableText, text } from './codec.js';
import { CursorError, decodeCursor, encodeCursor } from './cursor.js';
import type { PolicyRevision, PolicySave, PolicyTarget } from './policy-store.js';
import { StoreError } from './store-error.js';
import { decodeJson, encodeJson } from './stored-json.js';
import { storedText } from './stored-text.js';

/** Most characters of who saved: an e-mail address has at most 320. */
export const MAX_SAVED_BY = 320;
/** Most characters of why. */
export const MAX_REASON = 500;

/** What a revision's row holds, in the order in which values are bound and read. */
export const REVISION_FIELDS = [
  'target',
  'version',
  'policy',
  'brand',
  'settings',
  'at',
  'by',
  'reason',
] as const;

export type RevisionField = (typeof REVISION_FIELDS)[number];

/**
 * Which target a row belongs to: SHA-256 over policy and brand, 64 hex digits. Compared byte by byte everywhere, whereas
 * MySQL's collations ignore trailing spaces even where they tell cases apart.
 */
export function targetHash({ policy, brand }: PolicyTarget): string {
  return createHash('sha256')
    .update(JSON.stringify([policy, brand]))
    .digest('hex');
}

/**
 * The values of the row that a save appends, in the order of {@link REVISION_FIELDS}. Throws {@link StoreError} (`data`)
 * for what no row can hold.
 */
export function encodeRevision(save: PolicySave, at: number): ColumnValue[] {
  const { policy, brand, settings, by, reason, expected } = save;
  if (brand === '') throw new StoreError('data', 'A brand has a name: null stands for the global settings');
  return [
    fromHex(targetHash(save)),
    integer('version', expected + 1),
    storedText('The name of a policy', policy, MAX_NAME),
    brand === null ? null : storedText('The name of a brand', brand, MAX_NAME),
    settings === null ? null : encodeJson('The settings of a policy', settings),
    integer('at', at),
    storedText('Who saves a policy', by, MAX_SAVED_BY),
    storedText('The reason of a save', reason, MAX_REASON),
  ];
}

/** Reads a row of {@link REVISION_FIELDS}. Throws {@link StoreError} (`data`) for one that cannot have been written here. */
export function decodeRevision(row: readonly unknown[]): PolicyRevision {
  const [, version, policy, brand, settings, at, by, reason] = row;
  return {
    policy: text('policy', policy),
    brand: nullableText('brand', brand),
    version: integer('version', version),
    settings: settings === null ? null : decodeJson('settings', settings),
    at: integer('at', at),
    by: text('by', by),
    reason: text('reason', reason),
  };
}

const LIST = 'policy-history';

/** Where a page of one target's history ended. */
export function historyCursor(target: PolicyTarget, version: number): string {
  return encodeCursor({ list: LIST, value: version, key: targetHash(target) });
}

/** The version below which the next page begins. Throws {@link CursorError} for a cursor of another target. */
export function versionBefore(target: PolicyTarget, cursor: string): number {
  const { value, key } = decodeCursor(LIST, cursor);
  if (key !== targetHash(target)) throw new CursorError();
  return value;
}
