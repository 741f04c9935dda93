import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** The `user_lockout` stanza of HashiCorp Vault. */
export interface VaultOptions {
  /** `disable_lockout`. Default `false`. */
  readonly disableLockout?: boolean;
  /** `lockout_threshold`: this failure locks. Integer ≥ 1. Default 5. */
  readonly lockoutThreshold?: number;
  /** `lockout_duration`. Default 15 min. */
  readonly lockoutDurationMs?: DurationMs;
  /** `lockout_counter_reset`: so long after the last failure the count is zero. Default 15 min. */
  readonly lockoutCounterResetMs?: DurationMs;
  /** Methods that count and are refused. Default `['password']`: Vault has it for userpass, ldap and approle. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `vault`. */
  readonly name?: string;
}

/**
 * HashiCorp Vault's user lockout.
 *
 * Sources: "User lockout" (https://developer.hashicorp.com/vault/docs/concepts/user-lockout): the three settings, their
 * defaults, that "the lockout threshold counter is reset to zero after a few minutes without login attempts, or upon a
 * successful login attempt", that it is on by default. Where it is silent: `vault/request_handling.go` (†).
 *
 * What is decided here:
 * - "The number of failed login attempts after which the user is locked out": the N-th failure locks†.
 * - The count is not zeroed by a lock†: with a counter reset longer than the lock the next failure locks again. The
 *   defaults are equal, so that after a lock the count is gone.
 * - "No login attempts" is measured from the last failure†, and the count goes only after that time, not at it†.
 * - Attempts while locked are refused without being counted†, as here (P3).
 * - Vault counts for each mount alone: pass the mount as the realm.
 * - Vault rounds its clock to seconds†; here it is exact.
 * - Vault has no password reset; one clears lock and count here, as with the other timed locks.
 *
 * @throws PolicyError if an option is out of range.
 */
export function vault(options: VaultOptions = {}): readonly LockoutPolicy[] {
  const { disableLockout = false, lockoutThreshold = 5, lockoutDurationMs = minutes(15) } = options;
  return definePolicies([
    {
      name: options.name ?? 'vault',
      enabled: !disableLockout,
      counts: options.methods ?? ['password'],
      scope: ['account'],
      threshold: lockoutThreshold,
      locksOn: 'reaching',
      window: {
        kind: 'idle',
        durationMs: options.lockoutCounterResetMs ?? minutes(15),
        anchor: 'last-failure',
        end: 'inclusive',
      },
      schedule: { kind: 'fixed', durationMs: lockoutDurationMs },
      afterLock: 'relock-on-next-failure',
    },
  ]);
}
