import { StoreError } from '../store/store-error.js';
import type { Dialect } from './dialect.js';

/** Rows that one call drops at most; the next one goes on. */
const MAX_DROPPED = 64;

/** Rows of one table that each end at a time of their own; all names escaped. */
export interface EndingTable {
  readonly path: string;
  /** The primary key, binary. */
  readonly id: string;
  /** Epoch ms, indexed. */
  readonly endsAt: string;
}

/**
 * Drops a few rows that have ended by then: by their ids, so that no row that somebody is at is held meanwhile. That it
 * fails is nobody's failure.
 */
export async function dropOutlived(
  dialect: Dialect,
  { path, id, endsAt }: EndingTable,
  now: number,
): Promise<void> {
  try {
    const old = await dialect.query(
      `SELECT ${id} FROM ${path} WHERE ${endsAt} <= ? ORDER BY ${endsAt} LIMIT ${MAX_DROPPED}`,
      [now],
    );
    if (old.length === 0) return;
    // Always as many, so that it is one statement text.
    const ids = Array.from({ length: MAX_DROPPED }, (_, n) => (old[n] ?? old[0])?.[0] as Buffer);
    await dialect.change(
      `DELETE FROM ${path} WHERE ${id} IN (${ids.map(() => '?').join(', ')}) AND ${endsAt} <= ?`,
      [...ids, now],
    );
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}
