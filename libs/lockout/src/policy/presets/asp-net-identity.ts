import { definePolicies } from '../define-policy.js';
import { type DurationMs, minutes } from '../duration.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** `IdentityOptions.Lockout` of ASP.NET Core Identity. */
export interface AspNetIdentityOptions {
  /** `MaxFailedAccessAttempts`: this failure locks. Integer ≥ 1. Default 5. */
  readonly maxFailedAccessAttempts?: number;
  /** `DefaultLockoutTimeSpan`. Default 5 min. */
  readonly defaultLockoutMs?: DurationMs;
  /** `PermanentLockout`: locked until unlocked, whatever the time span. Default `false`. */
  readonly permanentLockout?: boolean;
  /** `AllowedForNewUsers`, for everybody here; name those it is off for in the policy's `exempt`. Default `true`. */
  readonly lockoutEnabled?: boolean;
  /** Methods that count; a lock refuses every one. Default `password`, `otp`, `totp`. */
  readonly methods?: readonly Method[];
  /** Name and counter. Default `aspnet-identity`. */
  readonly name?: string;
}

/**
 * Account lockout of ASP.NET Core Identity.
 *
 * Sources: "Configure ASP.NET Core Identity", section Lockout
 * (https://learn.microsoft.com/aspnet/core/security/authentication/identity-configuration#lockout): 5 attempts, 5
 * minutes, on for new users, "the failed access attempts count is reset" by a success; `LockoutOptions` of the API
 * reference for `PermanentLockout`. Where they are silent: `UserManager.AccessFailedAsync` and `SignInManager` of
 * dotnet/aspnetcore (†).
 *
 * What is decided here:
 * - "The number of failed access attempts allowed before a user is locked out": the attempt that reaches it locks†.
 * - The count goes to zero with the lock†: after it there is a full budget, and every lock is as long as the first.
 * - The count does not fade.
 * - Wrong passwords and wrong second factors count together; recovery codes do not, as they "are expected to be
 *   random"†. A locked user signs in by no method.
 * - Only a completed sign-in clears: a right password before a second factor clears nothing (R11).
 * - The product still calls a user locked in the very instant of `LockoutEnd`†; here the lock is over then.
 * - A password reset touches neither lock nor count†, so `keep`.
 * - The product's `lockoutOnFailure: false`, its templates' choice, is simply not using this preset.
 * - Names nobody has are not counted by the product; here they are (P7).
 *
 * @throws PolicyError if an option is out of range.
 */
export function aspNetIdentity(options: AspNetIdentityOptions = {}): readonly LockoutPolicy[] {
  const { maxFailedAccessAttempts = 5, defaultLockoutMs = minutes(5) } = options;
  const { permanentLockout = false, lockoutEnabled = true } = options;
  return definePolicies([
    {
      name: options.name ?? 'aspnet-identity',
      enabled: lockoutEnabled,
      counts: options.methods ?? ['password', 'otp', 'totp'],
      refuses: 'all',
      scope: ['account'],
      threshold: maxFailedAccessAttempts,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: permanentLockout ? { kind: 'indefinite' } : { kind: 'fixed', durationMs: defaultLockoutMs },
      afterLock: 'fresh-budget',
      onPasswordReset: 'keep',
    },
  ]);
}
