import type { DurationMs } from './duration.js';

/** How a person proves who they are: `password`, `otp`, `totp`, `recovery-code`, `magic-link`, … */
export type Method = string;

/** One part of what a policy counts by. Custom parts are named by the application (`{ custom: 'tenant' }`). */
export type ScopePart = 'account' | 'address' | 'device' | { readonly custom: string };

/**
 * How counted failures are forgotten.
 * `none`: never. `idle`: all at once, a while after the last. `fixed`: all at once, a while after the first.
 * `sliding`: each by itself (at most 128 are remembered).
 */
export type Window =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'idle';
      readonly durationMs: DurationMs;
      /** What the window is measured from. Default `last-failure`; the other is ReachFive's. */
      readonly anchor?: 'last-failure' | 'later-of-failure-and-lock-end';
      /** Whether the window's last instant still belongs to it. Default `exclusive`: forgotten at exactly its end. */
      readonly end?: WindowEnd;
    }
  | { readonly kind: 'fixed' | 'sliding'; readonly durationMs: DurationMs; readonly end?: WindowEnd };

export type WindowEnd = 'exclusive' | 'inclusive';

/** What drives a growing schedule: how many failures stand, or how many lockouts happened in a row. */
export type DrivenBy = 'failures' | 'lockouts';

/** A row of a table: the failure that makes the count reach `failures` locks for `lockMs` (`null`: until unlocked). */
export interface TableRow {
  readonly failures: number;
  readonly lockMs: DurationMs | null;
}

/** How long a lock lasts. `maximumMs` caps it; without one it saturates at 100 years. */
export type Schedule =
  | { readonly kind: 'fixed'; readonly durationMs: DurationMs }
  /** `initialMs × factor^k`, rounded up to the millisecond; k counts lockouts or failures past the first lock. */
  | {
      readonly kind: 'exponential';
      readonly initialMs: DurationMs;
      readonly factor: number;
      readonly by: DrivenBy;
      readonly maximumMs?: DurationMs;
    }
  /** `initialMs + stepMs × k`. */
  | {
      readonly kind: 'linear';
      readonly initialMs: DurationMs;
      readonly stepMs: DurationMs;
      readonly by: DrivenBy;
      readonly maximumMs?: DurationMs;
    }
  /** `stepMs × ⌊failures ÷ threshold⌋`, or `stepMs × lockouts` (Keycloak's "multiple"). */
  | {
      readonly kind: 'multiples';
      readonly stepMs: DurationMs;
      readonly by: DrivenBy;
      readonly maximumMs?: DurationMs;
    }
  /** Until an administrator (or whatever `onPasswordReset` and `selfService` allow) lifts it. */
  | { readonly kind: 'indefinite' };

/** The rows say which failures lock, and for how long; the last row also locks at every later failure. */
export interface TableSchedule {
  readonly kind: 'table';
  readonly rows: readonly TableRow[];
}

/** The numbers an administrator may edit later, and their allowed range, by dotted path (`schedule.initialMs`). */
export type Limits = Readonly<Record<string, Limit>>;

/** An allowed range, bounds included. */
export interface Limit {
  readonly min: number;
  readonly max: number;
  /** Only whole numbers. Default `false`. */
  readonly integer?: boolean;
  /** Only whole steps of so much (60 000: whole minutes). Default: none. */
  readonly multipleOf?: number;
  /** The number must not be switched off (`null`). Default `false`. */
  readonly required?: boolean;
}

/** Guesses faster than a person types. */
export interface QuickFailure {
  readonly withinMs: DurationMs;
  readonly lockMs: DurationMs;
}

/** At least one of both. */
export interface Notify {
  /** A `failed` event from this count on, also when the failure does not lock. Default: none. */
  readonly from?: number;
  /**
   * A `succeeded-after-failures` event for a success that ends at least so many failures in a row. Default: as many as
   * first lock.
   */
  readonly successAfter?: number;
}

/**
 * What a lock leaves of the count, and so which failure locks next.
 *
 * - `relock-on-next-failure`: the count stands, and every further failure locks again
 * - `relock-at-each-multiple`: the count stands, and the failures that make it 2 × threshold, 3 × threshold, … lock
 * - `fresh-budget`: the count is zeroed when the lock is set
 * - `fresh-budget-at-end`: the count is zeroed when the lock ends; failures that settle meanwhile go with it
 */
export type AfterLock =
  | 'relock-on-next-failure'
  | 'relock-at-each-multiple'
  | 'fresh-budget'
  | 'fresh-budget-at-end';

/** Everything a policy says except which failure locks and for how long. */
export interface PolicyCore {
  /** Unique among the policies of a module; shown to administrators, never to the person who signs in. */
  readonly name: string;
  /** Part of the stored key, immutable: two policies count apart unless they share it. Default: `name`. */
  readonly counter: string;
  /** `false`: neither counts nor refuses; stored locks stay. Default `true`. */
  readonly enabled: boolean;
  /** `false` (monitor): counts and reports but never refuses. Default `true`. */
  readonly enforce: boolean;
  /** Methods whose failures count. Default `all`. */
  readonly counts: 'all' | readonly Method[];
  /** What a lock refuses: the counted methods, or every protected one. Default `counted`. */
  readonly refuses: 'counted' | 'all';
  /** What is counted by. Default `['account']`. An attempt that lacks a part (no address) is not counted here. */
  readonly scope: readonly ScopePart[];
  /** How failures are forgotten. Default `none`. */
  readonly window: Window;
  /** When the count of lockouts in a row fades: with the failures, a while after the last lock's end, or never. */
  readonly escalationWindow: 'with-failures' | 'never' | { readonly durationMs: DurationMs };
  /** After this many temporary locks in a row the next is indefinite. Default: never. */
  readonly indefiniteAfterLockouts: number | null;
  /** After this many consecutive failures in all, whatever the window, the lock is indefinite. Default: never. */
  readonly indefiniteAfterFailures: number | null;
  /**
   * What a success clears: everything its charge saw, nothing but its own charge, or only what the caller's
   * address contributed. Default `clear`, and `refund` where the scope has no account (P4).
   */
  readonly onSuccess: 'clear' | 'refund' | 'clear-own-address';
  /**
   * What a completed password reset clears; `unlock-timed` leaves an indefinite lock alone. Default `unlock-timed`,
   * and `keep` where the scope has no account.
   */
  readonly onPasswordReset: 'unlock' | 'unlock-timed' | 'keep';
  /** Which locks an unlock link may lift. Default `timed`. */
  readonly selfService: 'none' | 'timed' | 'all';
  /** Whether an administrator's unlock keeps the count of lockouts in a row. Default `false`. */
  readonly unlockKeepsEscalation: boolean;
  /** Whether an administrator's unlock keeps the standing failures. Default `false`. */
  readonly unlockKeepsCount: boolean;
  /** Whether names nobody has are counted too. `ignore` tells attackers which names exist. Default `track`. */
  readonly unknownAccounts: 'track' | 'ignore';
  /** Accounts (ids) and addresses (CIDR) this policy never counts or refuses. Default: none. */
  readonly exempt: { readonly accounts: readonly string[]; readonly addresses: readonly string[] };
  /** How much a failure of a method weighs. Integers ≥ 1; unnamed methods weigh 1. */
  readonly weights: Readonly<Record<Method, number>>;
  /** After a counted failure the next attempt is refused for this long. 0 (default): no pause. */
  readonly minIntervalMs: DurationMs;
  /**
   * A failure that comes within `withinMs` of the one before it locks for at least `lockMs`, whatever the count; such a
   * lock is no step of the schedule and does not escalate (Keycloak's quick login check). Default `null`: off.
   */
  readonly quickFailure: QuickFailure | null;
  /** A charge that nobody settles for this long counts as a failure. Default 2 min. */
  readonly attemptTimeoutMs: DurationMs;
  /** Refunds a key grants for faults of ours, per window; further faults count as failures. Default: the threshold. */
  readonly abandonAllowance: number;
  /** Ends a count this long after its last failure or lock, whatever the window; never a lock. Default: none. */
  readonly retentionMs: DurationMs | null;
  /** Of what else there are events. Default `null`: only what always has them. */
  readonly notify: Notify | null;
  /**
   * What a refusal says, by the lock's step (table row, or lockout in a row; the last entry serves all later
   * steps). `{minutes}` is replaced by the minutes left, rounded up. Default: the library's sentence.
   */
  readonly messages: readonly string[];
  readonly limits: Limits;
}

/** The N-th (or N+1-th) failure locks. */
export interface ThresholdPolicy extends PolicyCore {
  /** N ≥ 1. */
  readonly threshold: number;
  /** `reaching`: the N-th failure locks. `exceeding`: the N+1-th (first lock only). Default `reaching`. */
  readonly locksOn: 'reaching' | 'exceeding';
  readonly schedule: Schedule;
  /** Default `relock-on-next-failure`. */
  readonly afterLock: AfterLock;
}

/** A table says which failures lock. */
export interface TablePolicy extends PolicyCore {
  readonly schedule: TableSchedule;
}

/** A validated, frozen policy. Make one with {@link definePolicy} or a preset. */
export type LockoutPolicy = ThresholdPolicy | TablePolicy;

/** What {@link definePolicy} takes: a name and a rule; everything else has a default. */
export type PolicyInput =
  | (Pick<ThresholdPolicy, 'name' | 'threshold' | 'schedule'> & Partial<ThresholdPolicy>)
  | (Pick<TablePolicy, 'name' | 'schedule'> & Partial<TablePolicy>);

export const isTablePolicy = (policy: LockoutPolicy): policy is TablePolicy =>
  policy.schedule.kind === 'table';

/** Whether failures of this method count under this policy. */
export const countsMethod = (policy: PolicyCore, method: Method): boolean =>
  policy.counts === 'all' || policy.counts.includes(method);

/** Whether a lock of this policy refuses this method. */
export const refusesMethod = (policy: PolicyCore, method: Method): boolean =>
  policy.refuses === 'all' || countsMethod(policy, method);
