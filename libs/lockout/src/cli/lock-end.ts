import { MAX_DURATION_MS } from '../policy/index.js';
import { printable } from './printable.js';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const DURATION = /^(?:\d+(?:min|[smhdw]))+$/;
const PART = /(\d+)(min|[smhdw])/g;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Until when a lock is to stand, as it was typed. */
export type LockEnd =
  | { readonly kind: 'indefinite' }
  | { readonly kind: 'moment'; readonly at: number }
  | { readonly kind: 'duration'; readonly ms: number };

/** `2h`, `1h30m`, `2030-01-31T12:00:00Z`, `indefinite`. Adds to `problems` what is wrong. */
export function readLockEnd(text: string, problems: string[]): LockEnd {
  if (text === 'indefinite') return { kind: 'indefinite' };
  if (DURATION.test(text)) {
    const ms = [...text.matchAll(PART)].reduce(
      (sum, [, amount = '', unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
      0,
    );
    if (ms > 0 && ms <= MAX_DURATION_MS) return { kind: 'duration', ms };
  }
  const at = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return { kind: 'moment', at };
  problems.push(
    `--until ${printable(text)}: write how long (30m, 2h, 1d12h), when (2030-01-31T12:00:00Z, with its time zone), or indefinite.`,
  );
  return { kind: 'indefinite' };
}

/** The end as the admin API takes it: ISO-8601, null: none. `now`: the store's clock, epoch ms. */
export function lockEndAt(end: LockEnd, now: number): string | null {
  switch (end.kind) {
    case 'indefinite':
      return null;
    case 'moment':
      return new Date(end.at).toISOString();
    case 'duration': {
      return new Date(now + end.ms).toISOString();
    }
    default:
      return end satisfies never;
  }
}
