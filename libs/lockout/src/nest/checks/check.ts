/** Errors keep the application from starting; warnings are logged. */
export type CheckLevel = 'error' | 'warning';

/** One thing a start-up check found. */
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

/** `LCK004: what is wrong. What would be right.` */
export const describeCheck = ({ id, subject, message, hint }: CheckResult): string =>
  `${id}${subject === null ? '' : ` (${subject})`}: ${message} ${hint}`;
