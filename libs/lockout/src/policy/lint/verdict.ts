/** Whether policies meet what a standard demands, and why. */
export interface Verdict {
  /** `NIST SP 800-63B-4, 3.2.2`. */
  readonly standard: string;
  readonly meets: boolean;
  /** What was found, with its number; begins in lower case. */
  readonly reason: string;
  /** What would meet it; null where it is met. */
  readonly hint: string | null;
  /** The numbers in the reason; infinite ones are left out. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** The finite ones. */
export const finite = (numbers: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));

/** The reason where no policy with the scope `["account"]` refuses anything. */
export const NOT_ACCOUNT_WIDE = 'no lock is for the whole account: more addresses, more attempts';
