import type { Dialect } from './dialect.js';
import type { LockoutTables } from './lockout-tables.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';

const NAME = 'secret-fingerprint';

/** The fingerprint that the nodes left; null: none has started yet. Reads only. */
export async function storedFingerprint(dialect: Dialect, { meta }: LockoutTables): Promise<string | null> {
  const { name, value } = meta.columns;
  const [row] = await dialect.query(`SELECT ${value} FROM ${meta.path} WHERE ${name} = ?`, [NAME]);
  return row === undefined ? null : String(row[0]);
}

/**
 * Checks that this node hashes keys with the secrets the other nodes use (R21): with others, every account would have
 * a second budget and every lock a way around it. The first node leaves its fingerprint; while secrets rotate, a node
 * that still knows the stored one puts its own current one in its place.
 *
 * @param fingerprints Of the current secret first, then of the previous ones; never the secrets themselves.
 * Throws {@link LockoutTypeormError} when the stored fingerprint is none of them.
 */
export async function assertFingerprints(
  dialect: Dialect,
  tables: LockoutTables,
  fingerprints: readonly string[],
): Promise<void> {
  const [current] = fingerprints;
  if (current === undefined)
    throw new LockoutTypeormError('assertFingerprints needs at least one fingerprint.');
  const { meta } = tables;
  const { name, value } = meta.columns;
  await dialect.change(dialect.insertIfAbsentSql(meta, ['name', 'value']), [NAME, current]);
  const stored = await storedFingerprint(dialect, tables);
  if (stored === current) return;
  if (stored === null || !fingerprints.includes(stored)) {
    throw new LockoutTypeormError(
      'The lockout records in this database were made with a secret that this node does not have. ' +
        'Give every node the same secrets; while rotating, keep the old one: secrets: [current, previous].',
    );
  }
  // If another node was faster, its fingerprint stands and this node is checked against it at its next start.
  await dialect.change(`UPDATE ${meta.path} SET ${value} = ? WHERE ${name} = ? AND ${value} = ?`, [
    current,
    NAME,
    stored,
  ]);
}
