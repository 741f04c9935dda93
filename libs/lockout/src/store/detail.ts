import {
  type Contribution,
  type LockoutState,
  MAX_CONTRIBUTIONS,
  MAX_PENDING,
  MAX_TIMES,
  type PendingCharge,
} from '../policy/state.js';
import { StoreError } from './store-error.js';

/** Bytes that the `detail` column holds: room for every list at its limit (R34). */
export const MAX_DETAIL_BYTES = 8192;

type Detail = Pick<LockoutState, 'pending' | 'times' | 'contributions'>;

const NOTHING: Detail = { pending: [], times: [], contributions: [] };

/**
 * The lists of a state as compact JSON in UTF-8: `p` pending charges, `t` times as the first and the steps between,
 * `c` contributions. Null when all are empty, which is what an account at rest has.
 * Throws {@link StoreError} (`data`) beyond {@link MAX_DETAIL_BYTES}.
 */
export function encodeDetail({ pending, times, contributions }: Detail): Buffer | null {
  if (pending.length === 0 && times.length === 0 && contributions.length === 0) return null;
  const packed = Buffer.from(
    JSON.stringify({
      ...(pending.length > 0 && {
        p: pending.map(({ id, at, seq, weight, from }) =>
          from === undefined ? [id, at, seq, weight] : [id, at, seq, weight, from],
        ),
      }),
      ...(times.length > 0 && { t: times.map((time, index) => time - (times[index - 1] ?? 0)) }),
      ...(contributions.length > 0 && { c: contributions.map(({ from, count, seq }) => [from, count, seq]) }),
    }),
  );
  if (packed.length <= MAX_DETAIL_BYTES) return packed;
  throw new StoreError(
    'data',
    `A lockout record's detail has ${packed.length} bytes; ${MAX_DETAIL_BYTES} fit`,
  );
}

/** The reverse of {@link encodeDetail}. Throws {@link StoreError} (`data`) for anything that it cannot have written. */
export function decodeDetail(packed: Buffer | null): Detail {
  if (packed === null) return NOTHING;
  let parsed: unknown;
  try {
    parsed = JSON.parse(packed.toString('utf8'));
  } catch (cause) {
    throw new StoreError('data', "A lockout record's detail is not readable", { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw corrupt('whole');
  const { p = [], t = [], c = [], ...unknown } = parsed as Record<string, unknown>;
  // A part we do not know was written by a newer release: dropping it silently could drop a charge.
  if (Object.keys(unknown).length > 0) throw corrupt(`part ${Object.keys(unknown).join()}`);
  return {
    pending: list('pending', p, MAX_PENDING).map(pendingCharge),
    times: absolute(list('times', t, MAX_TIMES)),
    contributions: list('contributions', c, MAX_CONTRIBUTIONS + 1).map(contribution),
  };
}

function pendingCharge(entry: unknown): PendingCharge {
  if (!Array.isArray(entry)) throw corrupt('pending');
  const [id, at, seq, weight, from] = entry as unknown[];
  if (typeof id !== 'string' || !isInteger(at) || !isInteger(seq) || typeof weight !== 'number')
    throw corrupt('pending');
  if (from === undefined) return { id, at, seq, weight };
  if (typeof from !== 'string') throw corrupt('pending');
  return { id, at, seq, weight, from };
}

function contribution(entry: unknown): Contribution {
  if (!Array.isArray(entry)) throw corrupt('contributions');
  const [from, count, seq] = entry as unknown[];
  if (typeof from !== 'string' || !isInteger(count) || !isInteger(seq)) throw corrupt('contributions');
  return { from, count, seq };
}

function absolute(steps: readonly unknown[]): number[] {
  let time = 0;
  return steps.map((step) => {
    if (!isInteger(step)) throw corrupt('times');
    time += step;
    return time;
  });
}

function list(part: string, value: unknown, limit: number): unknown[] {
  if (!Array.isArray(value) || value.length > limit) throw corrupt(part);
  return value;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function corrupt(part: string): StoreError {
  return new StoreError('data', `A lockout record's detail is corrupt (${part})`);
}
