import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, Method, TableRow } from '../policy.js';

/** One of the two levels; they switch on and off separately (OS-19). */
export interface OutSystemsLevel {
  /** Default `true`. A level that is off neither counts nor refuses. */
  readonly enabled?: boolean;
  /** Which failures block, and for how long. */
  readonly steps?: readonly TableRow[];
}

export interface OutSystemsOptions {
  /** A user at an address. Default steps: 3 failures 30 s, 6 failures 1800 s (OS-20). */
  readonly user?: OutSystemsLevel;
  /** An address, whoever fails there. Default steps: 20 failures 300 s, 50 failures 3600 s (OS-21). */
  readonly address?: OutSystemsLevel;
  /** Only failures of this long count, each alone (OS-22). Default 60 min. */
  readonly windowMs?: DurationMs;
  /** Methods that count and are refused. Default `all`: the document speaks of logins and names no method. */
  readonly methods?: 'all' | readonly Method[];
  /** What a refusal says, by step. Default: the two sentences of the document (OS-1, OS-2). */
  readonly messages?: readonly string[];
}

/** The document's two sentences, word for word: the first step's block, and the second's (OS-1, OS-2). */
export const OUT_SYSTEMS_MESSAGES = Object.freeze([
  'Too many failed login attempts. Please try again in a few minutes.',
  'Too many failed login attempts. Please try again in 60 minutes.',
] as const);

/**
 * OutSystems 11's brute-force protection: a user is blocked at the address the failures came from, and an address is
 * blocked for everybody; two steps each. Returns two policies: `outsystems-user-at-address` and `outsystems-address`.
 *
 * What the document leaves open, and what is decided here (the numbers are on the vendor's page it links to):
 * - OS-2: which sentence is shown follows the block's step; of several blocks, the one that ends last.
 * - OS-8: the two realms count apart, at both levels: pass the realm with the attempt.
 * - OS-16: the levels are independent tables: unblocking an address frees no user, nor the reverse.
 * - OS-17: after an unblock "immediate access" means a full budget: the count is zero.
 * - OS-20: "reaches a limit" is the N-th failure; failures between the limits do not block; each further one that
 *   makes the last limit or more within the window blocks again.
 * - OS-25, OS-28: the vendor's page logs every failure with its count at both levels, so each one is an event from the
 *   first on; without `notify` only those that block would be.
 * - OS-29: success clears the user's count at that address and never the address's, or signing in to an own account
 *   would free an attacker's address.
 *
 * @throws PolicyError if an option is out of range.
 */
export function outSystems(options: OutSystemsOptions = {}): readonly LockoutPolicy[] {
  const {
    user = {},
    address = {},
    windowMs = minutes(60),
    methods = 'all',
    messages = OUT_SYSTEMS_MESSAGES,
  } = options;
  const shared = {
    counts: methods,
    window: { kind: 'sliding', durationMs: windowMs },
    notify: { from: 1 },
    messages,
  } as const;
  const userSteps = [
    { failures: 3, lockMs: seconds(30) },
    { failures: 6, lockMs: seconds(1800) },
  ];
  const addressSteps = [
    { failures: 20, lockMs: seconds(300) },
    { failures: 50, lockMs: seconds(3600) },
  ];
  return definePolicies([
    {
      ...shared,
      name: 'outsystems-user-at-address',
      enabled: user.enabled ?? true,
      scope: ['account', 'address'],
      schedule: { kind: 'table', rows: user.steps ?? userSteps },
      onSuccess: 'clear',
    },
    {
      ...shared,
      name: 'outsystems-address',
      enabled: address.enabled ?? true,
      scope: ['address'],
      schedule: { kind: 'table', rows: address.steps ?? addressSteps },
      onSuccess: 'refund',
    },
  ]);
}
