import { days, minutes } from './duration.js';
import { MANUAL_NAME } from './manual-name.js';
import type { ThresholdPolicy } from './policy.js';

/**
 * The policy of locks that administrators set (R15): its own counter in each realm, read with every attempt. It counts
 * no method and refuses all, so only an `unlock` by an administrator, or the end they gave it, lifts such a lock: no
 * success, no password reset, no link. Reserved: `definePolicy` accepts neither its name nor an empty `counts`.
 */
export const MANUAL_POLICY: ThresholdPolicy = Object.freeze<ThresholdPolicy>({
  name: MANUAL_NAME,
  counter: MANUAL_NAME,
  enabled: true,
  enforce: true,
  counts: Object.freeze([]),
  refuses: 'all',
  scope: Object.freeze(['account'] as const),
  window: Object.freeze({ kind: 'none' }),
  escalationWindow: 'with-failures',
  indefiniteAfterLockouts: null,
  indefiniteAfterFailures: null,
  onSuccess: 'refund',
  onPasswordReset: 'keep',
  selfService: 'none',
  unlockKeepsEscalation: false,
  unlockKeepsCount: false,
  unknownAccounts: 'track',
  exempt: Object.freeze({ accounts: Object.freeze([]), addresses: Object.freeze([]) }),
  weights: Object.freeze({}),
  minIntervalMs: 0,
  quickFailure: null,
  attemptTimeoutMs: minutes(2),
  abandonAllowance: 0,
  retentionMs: null,
  notify: null,
  messages: Object.freeze([]),
  limits: Object.freeze({}),
  // Never reached, for nothing is counted; there because a policy has them.
  threshold: 1,
  locksOn: 'reaching',
  schedule: Object.freeze({ kind: 'fixed', durationMs: days(1) }),
  afterLock: 'fresh-budget',
});
