import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method, PolicyInput, Schedule } from '../policy.js';

/** The settings of `faillock.conf`. */
export interface PamFaillockOptions {
  /** `deny`: this failure locks. Integer, 0 (off) to 128. Default 3. */
  readonly deny?: number;
  /** `fail_interval`: failures of this long count. Default 900 s. */
  readonly failIntervalMs?: DurationMs;
  /** `unlock_time`; 0 is `never`. Default 600 s. */
  readonly unlockTimeMs?: DurationMs | 'never';
  /** `even_deny_root`: administrators can be locked as well. Default `false`. */
  readonly evenDenyRoot?: boolean;
  /** `root_unlock_time`, which implies `evenDenyRoot`; 0 is `never`. Default: as `unlockTimeMs`. */
  readonly rootUnlockTimeMs?: DurationMs | 'never';
  /** Accounts (ids) that are handled as root is (`admin_group`). Default `['root']`. */
  readonly administrators?: readonly string[];
  /** Methods that count and are refused. Default `all`. */
  readonly methods?: 'all' | readonly Method[];
  /** Name and counter; the administrators' policy has `-root` after it. Default `pam-faillock`. */
  readonly name?: string;
}

const scheduleOf = (unlockTimeMs: DurationMs | 'never'): Schedule =>
  unlockTimeMs === 'never' || unlockTimeMs === 0
    ? { kind: 'indefinite' }
    : { kind: 'fixed', durationMs: unlockTimeMs };

/**
 * `pam_faillock` of Linux-PAM. Returns `pam-faillock`, and with `rootUnlockTimeMs` also `pam-faillock-root`.
 *
 * Sources: faillock.conf(5) and pam_faillock(8)
 * (https://man7.org/linux/man-pages/man5/faillock.conf.5.html): the settings and their defaults, `never`, what holds for
 * root. Where they are silent or differ: `modules/pam_faillock/pam_faillock.c` of linux-pam (†).
 *
 * What is decided here:
 * - `deny` locks when the failures "exceed n" in the manual; the program denies from the n-th on†, and so does this.
 * - A failure counts as long as it is less than `fail_interval` old†: a sliding window.
 * - The lock lasts `unlock_time` after its last failure; the program's clock has seconds and its lock ends only after the
 *   last of them†, here it ends at exactly that time.
 * - When the time is over the old failures no longer count†; a success removes them all.
 * - Attempts during a lock are not recorded†, as here (P3).
 * - Root is exempt unless `evenDenyRoot`. A time of its own takes a policy of its own, as nothing else may tell accounts
 *   apart: it counts by account and by the custom part `administrator`, which the application gives with the attempts of
 *   administrators and of nobody else.
 * - `never` is until an administrator resets the tally. The link of a mail and a password reset do not: the program knows
 *   neither.
 * - Users that do not exist are ignored by the program†; here they count (P7).
 * - The delay of about two seconds after a failure (`nodelay`) concerns an answer, not who may try; the count outlives a
 *   reboot here.
 *
 * @throws PolicyError if an option is out of range.
 */
export function pamFaillock(options: PamFaillockOptions = {}): readonly LockoutPolicy[] {
  const { deny = 3, failIntervalMs = minutes(15), unlockTimeMs = minutes(10) } = options;
  const { evenDenyRoot = false, rootUnlockTimeMs, administrators = ['root'] } = options;
  const { methods = 'all', name = 'pam-faillock' } = options;
  const shared = {
    enabled: deny !== 0,
    counts: methods,
    threshold: deny === 0 ? 1 : deny,
    locksOn: 'reaching',
    window: { kind: 'sliding', durationMs: failIntervalMs },
    afterLock: 'fresh-budget-at-end',
    onPasswordReset: 'keep',
    selfService: 'none',
  } as const;
  const everybody: PolicyInput = {
    ...shared,
    name,
    scope: ['account'],
    schedule: scheduleOf(unlockTimeMs),
    exempt: {
      accounts: evenDenyRoot && rootUnlockTimeMs === undefined ? [] : administrators,
      addresses: [],
    },
  };
  if (rootUnlockTimeMs === undefined) return definePolicies([everybody]);
  return definePolicies([
    everybody,
    {
      ...shared,
      name: `${name}-root`,
      scope: ['account', { custom: 'administrator' }],
      schedule: scheduleOf(rootUnlockTimeMs),
    },
  ]);
}
