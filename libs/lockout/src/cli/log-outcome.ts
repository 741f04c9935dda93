import type { ReplayAttempt } from '../policy/index.js';

/**
 * What a log says of an attempt. `unknown-account`: failed, under a name that nobody has. `refused`: whatever protected
 * the login then did not let the credential be verified, so that nobody knows whether it was right.
 */
export type LoggedOutcome = ReplayAttempt['outcome'] | 'unknown-account' | 'refused';

export const LOGGED_OUTCOMES: readonly LoggedOutcome[] = Object.freeze([
  'success',
  'failure',
  'first-factor',
  'abandoned',
  'unknown-account',
  'refused',
]);

const WORDS: Readonly<Record<LoggedOutcome, string>> = {
  success:
    'success succeeded successful ok pass passed accepted allowed granted valid authenticated signed-in login-success true yes 1 200',
  failure:
    'failure failed fail wrong incorrect invalid denied rejected bad-credentials invalid-credentials wrong-password invalid-password unauthorized login-failed login-failure false no 0 401',
  'first-factor': 'first-factor partial mfa-required 2fa-required challenge challenged',
  abandoned: 'abandoned aborted error exception timeout server-error 500 502 503 504',
  'unknown-account':
    'unknown-account unknown-user unknown no-such-user invalid-user user-not-found not-found 404',
  refused:
    'refused locked locked-out account-locked blocked rate-limited throttled too-many-requests 423 429',
};

const BY_WORD = new Map<string, LoggedOutcome>(
  LOGGED_OUTCOMES.flatMap((outcome) => WORDS[outcome].split(' ').map((word) => [word, outcome] as const)),
);

/** One spelling for `Login_Failed`, `login failed` and `login-failed`. */
export const outcomeWord = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-');

/** Reads outcomes: the words given, then the common ones. Null: neither. */
export function outcomeReader(
  given: ReadonlyMap<string, LoggedOutcome>,
): (text: string) => LoggedOutcome | null {
  // A log has few words, so that each is spelled once; a column that is no outcome must not fill the memory.
  const known = new Map<string, LoggedOutcome | null>();
  return (text) => {
    const read = known.get(text);
    if (read !== undefined) return read;
    const word = outcomeWord(text);
    const outcome = given.get(word) ?? BY_WORD.get(word) ?? null;
    if (known.size < 1000) known.set(text, outcome);
    return outcome;
  };
}
