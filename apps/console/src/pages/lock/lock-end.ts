/** How long a lock by hand lasts, as it is chosen. */
export type LockLength = 'hour' | 'day' | 'indefinite' | 'moment';

export const LOCK_LENGTHS: readonly LockLength[] = ['hour', 'day', 'indefinite', 'moment'];

const HOUR_MS = 3_600_000;

/** When the lock ends, as the API takes it (null: until unlocked). Undefined: the moment is missing, wrong or over. */
export function lockEnd(length: LockLength, moment: string, nowMs: number): string | null | undefined {
  switch (length) {
    case 'hour':
      return new Date(nowMs + HOUR_MS).toISOString();
    case 'day':
      return new Date(nowMs + 24 * HOUR_MS).toISOString();
    case 'indefinite':
      return null;
    case 'moment': {
      const end = new Date(moment).getTime();
      return end > nowMs ? new Date(end).toISOString() : undefined;
    }
    default:
      return length satisfies never;
  }
}
