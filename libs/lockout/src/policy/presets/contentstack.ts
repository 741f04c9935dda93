import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method, PolicyCore, TableRow } from '../policy.js';

export interface ContentstackOptions {
  /** Methods that count and are refused. Default `all`: the document speaks of login credentials and login access. */
  readonly methods?: 'all' | readonly Method[];
  /** What "Forgot Password?" lifts. Default `unlock-timed` (CS-11). */
  readonly onPasswordReset?: PolicyCore['onPasswordReset'];
  /** Mail to the account's user from this failure on. Default 5 (CS-9). */
  readonly notifyFrom?: number;
  /** Ends a count this long after its last failure, never a lock. Default: none (CS-20). */
  readonly retentionMs?: DurationMs;
  /** What a refusal says, by row of the table. Default: {@link CONTENTSTACK_MESSAGES}. */
  readonly messages?: readonly string[];
  /** Name and counter. Default `contentstack`. */
  readonly name?: string;
}

/** The document's table (CS-1 … CS-7). `lockMs` null: until unlocked. */
export const CONTENTSTACK_ROWS: readonly TableRow[] = Object.freeze([
  Object.freeze({ failures: 5, lockMs: minutes(5) }),
  Object.freeze({ failures: 6, lockMs: minutes(10) }),
  Object.freeze({ failures: 7, lockMs: minutes(15) }),
  Object.freeze({ failures: 8, lockMs: minutes(20) }),
  Object.freeze({ failures: 9, lockMs: minutes(25) }),
  Object.freeze({ failures: 10, lockMs: null }),
]);

/** The last row's sentence says whom to contact, as the document does (CS-10); the words are ours. */
export const CONTENTSTACK_MESSAGES: readonly string[] = Object.freeze([
  ...CONTENTSTACK_ROWS.slice(0, -1).map(
    () => 'Too many failed login attempts. You can try again in {minutes} min.',
  ),
  'Too many failed login attempts. Contact an admin or owner of your organization to get unlocked.',
]);

/**
 * Contentstack's "Account Lockout Policy": consecutive failures lock from the 5th on, for 5 minutes more each time;
 * the 10th locks until an administrator or owner of the organisation acts.
 *
 * What the document leaves open, and what is decided here:
 * - CS-11: "Forgot Password?" restores access during a timed lock, not during the indefinite one: "until manually
 *   reviewed" against "can still … regain access"; `onPasswordReset: 'unlock'` chooses the other reading.
 * - CS-19: an unlock, and a reset that restores access, clear lock, count and escalation: the next failure is the first.
 * - CS-20: counts do not fade with time, as the document states no time; `retentionMs` ends one on purpose.
 *
 * @throws PolicyError if an option is out of range.
 */
export function contentstack(options: ContentstackOptions = {}): readonly LockoutPolicy[] {
  return definePolicies([
    {
      name: options.name ?? 'contentstack',
      counts: options.methods ?? 'all',
      scope: ['account'],
      window: { kind: 'none' },
      schedule: { kind: 'table', rows: CONTENTSTACK_ROWS },
      onSuccess: 'clear',
      onPasswordReset: options.onPasswordReset ?? 'unlock-timed',
      notify: { from: options.notifyFrom ?? 5 },
      retentionMs: options.retentionMs ?? null,
      messages: options.messages ?? CONTENTSTACK_MESSAGES,
    },
  ]);
}
