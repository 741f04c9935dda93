/** Most charges that can be in flight at one key (R34). Beyond it attempts are refused as exhausted. */
export const MAX_PENDING = 64;
/** Most failures a sliding window remembers one by one (R34); also the largest threshold it can have. */
export const MAX_TIMES = 128;
/** Most addresses whose part of a count is told apart (R34); further ones merge into a part no success clears. */
export const MAX_CONTRIBUTIONS = 16;

/** A charge in flight: an attempt that was admitted and is not settled yet (R1). */
export interface PendingCharge {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  /** `failureSeq` when it was charged: a success clears failures up to here and no later one (R5). */
  readonly seq: number;
  readonly weight: number;
  /** Tag of the caller's address; only kept where a success clears its own address's part. */
  readonly from?: string;
}

/** `quick`: two failures came faster than `quickFailure` allows; such a lock is no step of the schedule. */
export type LockCause = 'failures' | 'quick' | 'admin' | 'monitor';

/** In force iff `now < until`; `until` null: until unlocked. */
export interface Lock {
  readonly since: number;
  readonly until: number | null;
  readonly cause: LockCause;
  /** Which step of the schedule it is, from 0: the table's row, or the lockout in a row. Chooses the message. */
  readonly step: number;
}

/** How many standing failures came from one address; `seq` is the last one's. */
export interface Contribution {
  readonly from: string;
  readonly count: number;
  readonly seq: number;
}

/** What is stored of one key. Plain JSON without policy numbers, so a changed policy governs from the next input on. */
export interface LockoutState {
  /** Standing failures; with a sliding window, the length of `times`. */
  readonly failures: number;
  /** Sliding windows only: when each standing failure happened, oldest first. */
  readonly times: readonly number[];
  /** When the first standing failure happened (the anchor of a fixed window). */
  readonly windowStartedAt: number | null;
  readonly lastFailureAt: number | null;
  /** Failures ever counted here: the clock by which a success tells what it saw from what came later. */
  readonly failureSeq: number;
  /** Failures since the last success, whatever the window. */
  readonly consecutive: number;
  readonly lock: Lock | null;
  /** When the last lock ended (by itself or by an unlock). */
  readonly lastLockEndedAt: number | null;
  /** Lockouts in a row. */
  readonly escalation: number;
  readonly pending: readonly PendingCharge[];
  readonly contributions: readonly Contribution[];
  /** Refunds granted for faults of ours since `abandonsSince`. */
  readonly abandons: number;
  readonly abandonsSince: number | null;
  readonly updatedAt: number;
}

/** A key nobody failed at. */
export const EMPTY_STATE: LockoutState = Object.freeze({
  failures: 0,
  times: Object.freeze([]),
  windowStartedAt: null,
  lastFailureAt: null,
  failureSeq: 0,
  consecutive: 0,
  lock: null,
  lastLockEndedAt: null,
  escalation: 0,
  pending: Object.freeze([]),
  contributions: Object.freeze([]),
  abandons: 0,
  abandonsSince: null,
  updatedAt: 0,
});

/**
 * The state, last updated at `at`. Spelled out, for spreading here made a decision a quarter slower: V8 makes a new
 * shape for each object whose field it copies as a small number and then finds to be a large one.
 */
export const stamped = (state: LockoutState, at: number): LockoutState => ({
  failures: state.failures,
  times: state.times,
  windowStartedAt: state.windowStartedAt,
  lastFailureAt: state.lastFailureAt,
  failureSeq: state.failureSeq,
  consecutive: state.consecutive,
  lock: state.lock,
  lastLockEndedAt: state.lastLockEndedAt,
  escalation: state.escalation,
  pending: state.pending,
  contributions: state.contributions,
  abandons: state.abandons,
  abandonsSince: state.abandonsSince,
  updatedAt: at,
});
