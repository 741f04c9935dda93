/** How links that unlock an account are limited. */
export interface UnlockLinkOptions {
  /** How long a link can be used, ms; never longer than its lock lasts. One minute to a day; default one hour. */
  readonly lifeMs?: number;
  /** How many locks of one account may be lifted by links within 24 hours, 0 to 100; default 3. 0: none, so no link is made. */
  readonly perDay?: number;
}

export type ResolvedUnlockLinkOptions = Required<UnlockLinkOptions>;

const NUMBERS = {
  lifeMs: { default: 3_600_000, min: 60_000, max: 86_400_000 },
  perDay: { default: 3, min: 0, max: 100 },
} as const;

/** Applies the defaults; what is wrong goes to `problems`. */
export function resolveUnlockLinkOptions(
  options: UnlockLinkOptions = {},
  problems: string[],
): ResolvedUnlockLinkOptions {
  const numberOf = (name: keyof typeof NUMBERS): number => {
    const { default: fallback, min, max } = NUMBERS[name];
    const value = options[name] ?? fallback;
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(
        `unlockLinks.${name} must be a whole number from ${min} to ${max}; it is ${String(value)}.`,
      );
    }
    return value;
  };
  return { lifeMs: numberOf('lifeMs'), perDay: numberOf('perDay') };
}
