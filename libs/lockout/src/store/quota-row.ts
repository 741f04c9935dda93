import { integer } from './codec.js';
import { StoreError } from './store-error.js';

/** What a quota's row holds, in the order in which values are bound and read. */
export const QUOTA_FIELDS = ['id', 'taken', 'endsAt'] as const;

export type QuotaField = (typeof QUOTA_FIELDS)[number];

/** Most of one thing that a window can have. */
export const MAX_QUOTA = 1_000_000;
/** Longest window: 366 days. */
export const MAX_QUOTA_WINDOW_MS = 366 * 86_400_000;

/** A row as it stands. */
export interface StoredQuota {
  readonly taken: number;
  /** Epoch ms: from here on the window is over. */
  readonly endsAt: number;
}

/** Throws {@link StoreError} (`data`) for a limit or a window that no row can hold. */
export function assertQuota(limit: number, windowMs: number): void {
  if (isWhole(limit, MAX_QUOTA) && isWhole(windowMs, MAX_QUOTA_WINDOW_MS)) return;
  throw new StoreError(
    'data',
    `A quota is 1 to ${MAX_QUOTA} in 1 to ${MAX_QUOTA_WINDOW_MS} ms; it is ${limit} in ${windowMs} ms`,
  );
}

/** Reads a row of {@link QUOTA_FIELDS}. Throws {@link StoreError} (`data`) for one that cannot have been written here. */
export function decodeQuota(row: readonly unknown[]): StoredQuota {
  const taken = integer('taken', row[1]);
  if (taken < 0 || taken > MAX_QUOTA) throw new StoreError('data', `A stored quota has ${taken} taken`);
  return { taken, endsAt: integer('endsAt', row[2]) };
}

const isWhole = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= max;
