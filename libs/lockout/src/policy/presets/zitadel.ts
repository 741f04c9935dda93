import { definePolicies } from '../define-policy.js';
import type { LockoutPolicy, Method } from '../policy.js';

/** Zitadel's "Lockout" settings. */
export interface ZitadelOptions {
  /** "Maximum Password Attempts": this failure locks; 0: never. Integer ≥ 0. Default 5. */
  readonly maxPasswordAttempts?: number;
  /** "Maximum OTP Attempts", of passwords from an application, by mail or by SMS; 0: never. Integer ≥ 0. Default 5. */
  readonly maxOtpAttempts?: number;
  /** Which methods are its OTP. Default `otp`, `totp`. */
  readonly otpMethods?: readonly Method[];
  /** What the policies' names begin with. Default `zitadel`. */
  readonly name?: string;
}

/**
 * Zitadel's lockout settings. Returns two policies: `zitadel-password` and `zitadel-otp`.
 *
 * Sources: "Default Settings", section Lockout
 * (https://zitadel.com/docs/guides/manage/console/default-settings#lockout): "when the user has reached the maximum
 * password attempts the account will be locked, if this is set to 0 the lockout will not trigger", the same for OTP,
 * "if an account is locked, the administrator has to unlock it". Where it is silent: the password check and the default
 * instance settings of zitadel/zitadel (†; the latter as others report them).
 *
 * What is decided here:
 * - The attempt that reaches the maximum locks†. Passwords and codes are counted apart†, and 0 switches one of them off.
 * - The document names no default number; Zitadel is shipped with both off†. A preset that protects nothing would be a
 *   trap: here both are 5.
 * - The account is locked, so a lock of either refuses every method.
 * - It has no end: neither a link nor a password reset lifts it. Counts do not fade; a right password clears the count of
 *   passwords, a right code that of codes.
 * - Only what completes a sign-in clears: a right password before a code clears nothing (R11).
 *
 * @throws PolicyError if an option is out of range.
 */
export function zitadel(options: ZitadelOptions = {}): readonly LockoutPolicy[] {
  const { maxPasswordAttempts = 5, maxOtpAttempts = 5, otpMethods = ['otp', 'totp'] } = options;
  const { name = 'zitadel' } = options;
  const policy = (kind: string, counts: readonly Method[], attempts: number) =>
    ({
      name: `${name}-${kind}`,
      enabled: attempts !== 0,
      counts,
      refuses: 'all',
      scope: ['account'],
      threshold: attempts === 0 ? 1 : attempts,
      locksOn: 'reaching',
      window: { kind: 'none' },
      schedule: { kind: 'indefinite' },
      onPasswordReset: 'unlock-timed',
      selfService: 'none',
    }) as const;
  return definePolicies([
    policy('password', ['password'], maxPasswordAttempts),
    policy('otp', otpMethods, maxOtpAttempts),
  ]);
}
