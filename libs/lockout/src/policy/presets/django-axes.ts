import { definePolicies } from '../define-policy.js';
import type { DurationMs } from '../duration.js';
import type { LockoutPolicy, Method, PolicyInput, ScopePart, TableRow } from '../policy.js';

/** What django-axes counts by. */
export type AxesParameter = 'username' | 'ip_address' | 'user_agent';

/** From so many failures on, each one locks for `coolOffMs`. */
export interface AxesTier {
  /** Integer ≥ 1, more than the tier before. */
  readonly failures: number;
  readonly coolOffMs: DurationMs;
}

/** The settings of django-axes. */
export interface DjangoAxesOptions {
  /** `AXES_ENABLED`. Default `true`. */
  readonly enabled?: boolean;
  /** `AXES_LOCK_OUT_AT_FAILURE`: `false` counts and never refuses. Default `true`. */
  readonly lockOutAtFailure?: boolean;
  /** `AXES_LOCKOUT_PARAMETERS`: any of these locks; a list within it is a combination. Default `['ip_address']`. */
  readonly parameters?: readonly (AxesParameter | readonly AxesParameter[])[];
  /** `AXES_FAILURE_LIMIT`: this failure locks. Integer ≥ 1. Default 3. */
  readonly failureLimit?: number;
  /** `AXES_COOLOFF_TIME`; null: until attempts are reset by an administrator. Default null. */
  readonly coolOffMs?: DurationMs | null;
  /** `AXES_LOCKOUT_TIERS`, used instead of limit and cool-off; at most 64 failures between first and last. Default: none. */
  readonly tiers?: readonly AxesTier[];
  /** `AXES_USE_ATTEMPT_EXPIRATION`: each failure fades alone; `failureLimit` is then at most 128. Default `false`. */
  readonly useAttemptExpiration?: boolean;
  /** `AXES_RESET_ON_SUCCESS`. Default `false`. */
  readonly resetOnSuccess?: boolean;
  /** Methods that count and are refused. Default `all`: axes listens to every failed login. */
  readonly methods?: 'all' | readonly Method[];
  /** What the policies' names begin with. Default `django-axes`. */
  readonly name?: string;
}

const PARTS: Readonly<Record<AxesParameter, ScopePart>> = {
  username: 'account',
  ip_address: 'address',
  user_agent: { custom: 'user-agent' },
};

/** Every failure from the first tier on locks, so each count has its row. */
function rowsOf(tiers: readonly AxesTier[]): readonly TableRow[] {
  return tiers.flatMap(({ failures, coolOffMs }, index) => {
    const next = tiers[index + 1]?.failures ?? failures;
    const counts = Math.max(1, next - failures);
    return Array.from({ length: counts }, (_, step) => ({ failures: failures + step, lockMs: coolOffMs }));
  });
}

type Rule = Pick<PolicyInput, 'schedule' | 'window'> & {
  readonly threshold?: number;
  readonly afterLock?: 'fresh-budget-at-end';
};

/** When failures lock, for how long, and how they are forgotten. */
function ruleOf(options: DjangoAxesOptions): Rule {
  const { tiers = [], failureLimit = 3, coolOffMs = null, useAttemptExpiration = false } = options;
  const kind = useAttemptExpiration ? 'sliding' : 'idle';
  if (tiers.length > 0) {
    const longestMs = Math.max(...tiers.map((tier) => tier.coolOffMs));
    return { schedule: { kind: 'table', rows: rowsOf(tiers) }, window: { kind, durationMs: longestMs } };
  }
  return {
    threshold: failureLimit,
    schedule: coolOffMs === null ? { kind: 'indefinite' } : { kind: 'fixed', durationMs: coolOffMs },
    window: coolOffMs === null ? { kind: 'none' } : { kind, durationMs: coolOffMs, end: 'inclusive' },
    afterLock: 'fresh-budget-at-end',
  };
}

/**
 * django-axes. Returns one policy for each lockout parameter, so that any of them locks; a combination is one policy
 * that counts by several parts: `django-axes-ip_address`, `django-axes-username-user_agent`, …
 *
 * Sources: "Configuration" (https://django-axes.readthedocs.io/en/latest/4_configuration.html) for the settings and
 * their defaults; the pull request that documents tiers (https://github.com/jazzband/django-axes/pull/1402). Where they
 * are silent: `axes/handlers/database.py` and `axes/attempts.py` (†).
 *
 * What is decided here:
 * - `AXES_FAILURE_LIMIT` is the failure that locks†, though its text speaks of attempts allowed.
 * - The cool-off is "a period of inactivity after which old failed login attempts will be cleared": failures are
 *   forgotten that long after the last one, at exactly that long not yet†, and a lock lasts as long. Without one both
 *   last until an administrator resets them. With attempt expiration each failure is forgotten alone.
 * - axes lets each combination of name, address and agent fade alone and sums them up†; here a key's failures fade
 *   together after its last one, which is the strict side.
 * - Tiers: every failure from the first tier's count on locks, for the cool-off of the tier it has reached. How long the
 *   count lasts is not said; here as long as the longest cool-off, measured from the last failure.
 * - A failed login during a lockout restarts the cool-off in axes (`AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT`, on by
 *   default); here it never does (P3), which is that setting off.
 * - `AXES_RESET_ON_SUCCESS` clears what counts by user name. What has no user name keeps its count: signing in to an own
 *   account must not free an address (P4).
 * - A password reset clears nothing, as axes knows none.
 * - `user_agent` is the custom part `user-agent`: give it with each attempt, or the policy counts nothing.
 * - Allow and deny lists of addresses are the policy's `exempt` and the application's business.
 *
 * @throws PolicyError if an option is out of range.
 */
export function djangoAxes(options: DjangoAxesOptions = {}): readonly LockoutPolicy[] {
  const { enabled = true, lockOutAtFailure = true, parameters = ['ip_address'] } = options;
  const { resetOnSuccess = false, methods = 'all', name = 'django-axes' } = options;
  const rule = ruleOf(options);
  return definePolicies(
    parameters.map((parameter): PolicyInput => {
      const combined = typeof parameter === 'string' ? [parameter] : parameter;
      return {
        ...rule,
        name: [name, ...combined].join('-'),
        enabled,
        enforce: lockOutAtFailure,
        counts: methods,
        scope: combined.map((part) => PARTS[part]),
        onSuccess: resetOnSuccess && combined.includes('username') ? 'clear' : 'refund',
        onPasswordReset: 'keep',
      } as PolicyInput;
    }),
  );
}
