import {
  type Contribution,
  type Lock,
  type LockCause,
  type LockoutState,
  MAX_CONTRIBUTIONS,
  MAX_PENDING,
  MAX_TIMES,
  type PendingCharge,
} from '../policy/state.js';
import { StoreError } from './store-error.js';

/** Bytes that the `detail` column holds: room for every list at its limit (R34). */
export const MAX_DETAIL_BYTES = 8192;

/** What of a record has no column of its own. */
export interface Detail
  extends Pick<
    LockoutState,
    | 'pending'
    | 'times'
    | 'contributions'
    | 'escalation'
    | 'consecutive'
    | 'failureSeq'
    | 'windowStartedAt'
    | 'lastLockEndedAt'
    | 'abandons'
    | 'abandonsSince'
    | 'updatedAt'
  > {
  readonly scope: string;
  /** Null: no lock. */
  readonly lock: Pick<Lock, 'cause' | 'step'> | null;
}

const CAUSES: ReadonlySet<unknown> = new Set<LockCause>(['failures', 'quick', 'admin', 'monitor']);

/**
 * Compact JSON in UTF-8, so that an operator can still read it: `w` scope, `u` updated at, `q` failure sequence,
 * `k` consecutive failures, `e` escalation, `f` window started at, `l` the lock's cause and step, `x` last lock ended at,
 * `a` abandons and since when, `p` pending charges, `t` times as the first and the steps between, `c` contributions.
 * What is zero, null or empty is left out, which at rest is nearly all of it.
 *
 * It is one column because every sign-in writes it four times: as columns of their own these values were half of the
 * parameters of a statement, and a quarter of its time (docs/design/decisions.md).
 *
 * Throws {@link StoreError} (`data`) for numbers that cannot be, and beyond {@link MAX_DETAIL_BYTES}.
 */
export function encodeDetail(scope: string, state: LockoutState): Buffer {
  const { lock, pending, times, contributions } = state;
  const packed = Buffer.from(
    JSON.stringify({
      w: scope,
      u: count('updatedAt', state.updatedAt),
      q: count('failureSeq', state.failureSeq) || undefined,
      k: count('consecutive', state.consecutive) || undefined,
      e: count('escalation', state.escalation) || undefined,
      f: moment('windowStartedAt', state.windowStartedAt),
      l: lock ? [lock.cause, count('lockStep', lock.step)] : undefined,
      x: moment('lastLockEndedAt', state.lastLockEndedAt),
      a:
        state.abandons > 0 || state.abandonsSince !== null
          ? [count('abandons', state.abandons), moment('abandonsSince', state.abandonsSince) ?? null]
          : undefined,
      p:
        pending.length > 0
          ? pending.map(({ id, at, seq, weight, from }) =>
              from === undefined ? [id, at, seq, weight] : [id, at, seq, weight, from],
            )
          : undefined,
      t: times.length > 0 ? times.map((time, index) => time - (times[index - 1] ?? 0)) : undefined,
      c:
        contributions.length > 0
          ? contributions.map(({ from, count: part, seq }) => [from, part, seq])
          : undefined,
    }),
  );
  if (packed.length <= MAX_DETAIL_BYTES) return packed;
  throw new StoreError(
    'data',
    `A lockout record's detail has ${packed.length} bytes; ${MAX_DETAIL_BYTES} fit`,
  );
}

/** The reverse of {@link encodeDetail}. Throws {@link StoreError} (`data`) for anything that it cannot have written. */
export function decodeDetail(packed: Buffer): Detail {
  let parsed: unknown;
  try {
    parsed = JSON.parse(packed.toString('utf8'));
  } catch (cause) {
    throw new StoreError('data', "A lockout record's detail is not readable", { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw corrupt('whole');
  const {
    w,
    u,
    q = 0,
    k = 0,
    e = 0,
    f,
    l,
    x,
    a = [0],
    p,
    t,
    c,
    ...unknown
  } = parsed as Record<string, unknown>;
  // A part we do not know was written by a newer release: dropping it silently could drop a charge.
  for (const part in unknown) throw corrupt(`part ${part}`);
  if (typeof w !== 'string') throw corrupt('scope');
  const [abandons, abandonsSince = null] = list('abandons', a, 2);
  return {
    scope: w,
    updatedAt: integerOf('updatedAt', u),
    failureSeq: integerOf('failureSeq', q),
    consecutive: integerOf('consecutive', k),
    escalation: integerOf('escalation', e),
    windowStartedAt: f === undefined ? null : integerOf('windowStartedAt', f),
    lock: l === undefined ? null : lockOf(list('lock', l, 2)),
    lastLockEndedAt: x === undefined ? null : integerOf('lastLockEndedAt', x),
    abandons: integerOf('abandons', abandons),
    abandonsSince: abandonsSince === null ? null : integerOf('abandonsSince', abandonsSince),
    pending: p === undefined ? NONE : list('pending', p, MAX_PENDING).map(pendingCharge),
    times: t === undefined ? NONE : absolute(list('times', t, MAX_TIMES)),
    contributions: c === undefined ? NONE : list('contributions', c, MAX_CONTRIBUTIONS + 1).map(contribution),
  };
}

const NONE: readonly never[] = Object.freeze([]);

function count(part: string, value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new StoreError('data', `A lockout record's ${part} is not a safe integer: ${String(value)}`);
}

/** Undefined, which JSON leaves out, for null. */
function moment(part: string, value: number | null): number | undefined {
  return value === null ? undefined : count(part, value);
}

function integerOf(part: string, value: unknown): number {
  if (isInteger(value)) return value;
  throw corrupt(part);
}

function lockOf([cause, step]: readonly unknown[]): Detail['lock'] {
  if (!CAUSES.has(cause)) throw corrupt('lock');
  return { cause: cause as LockCause, step: integerOf('lock', step) };
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
  const [from, part, seq] = entry as unknown[];
  if (typeof from !== 'string' || !isInteger(part) || !isInteger(seq)) throw corrupt('contributions');
  return { from, count: part, seq };
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
