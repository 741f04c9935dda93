/** Errors keep the application from starting; warnings are logged. */
export type CheckLevel = 'error' | 'warning';

/**
 * One thing a check found, at start or, where it says so, while running.
 *
 * | id | level | about |
 * | --- | --- | --- |
 * | LCK001 | error | an option, a secret or a policy is out of range |
 * | LCK002 | warning | a secret looks typed |
 * | LCK003 | warning | the memory store in production or in a cluster |
 * | LCK004 | error | every proxy is trusted |
 * | LCK005 | error | the module is set up more than once |
 * | LCK006 | error | silent mode without the application's refusal |
 * | LCK007 | error | the store knows other secrets |
 * | LCK008 | error | an identifier is used, and nothing looks it up |
 * | LCK009 | error | no outcome test where no status tells |
 * | LCK010 | error | a handler answers before its attempt is settled |
 * | LCK011 | warning | an account is what was typed |
 * | LCK012 | error | `@Lockout()` where it does nothing |
 * | LCK013 | warning | a Passport strategy without protection |
 * | LCK014 | error | a protected strategy whose verify callback is not found, that is no singleton, or without the module |
 * | LCK015 | warning | several routes share the `@Lockout()` of their class |
 * | LCK016 | warning | processes that share the store are configured differently; while it lasts |
 * | LCK017 | warning | a saved policy does not fit the code, and is ignored; while it lasts |
 * | LCK018 | warning | attempts are let through uncounted while the store does not answer |
 * | LCK019 | warning | each process counts for itself while the store does not answer |
 * | LCK020 | error | a sink that cannot work here |
 * | LCK021 | error | `@OnLockoutEvent()` where it is never called |
 * | LCK022 | error | the store does not answer at start |
 * | LCK101… | warning | what policies allow but few mean; what is only information is not here |
 */
export interface CheckResult {
  /** `LCK001`, …: stable, to look up and to silence. */
  readonly id: string;
  readonly level: CheckLevel;
  /** What it is about: a class, a handler, a policy; null: the set-up as a whole. */
  readonly subject: string | null;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly hint: string;
}

/** `LCK004 (express): what is wrong. What would be right.` */
export const describeCheck = ({ id, subject, message, hint }: CheckResult): string =>
  `${id}${subject === null ? '' : ` (${subject})`}: ${message} ${hint}`.trimEnd();
