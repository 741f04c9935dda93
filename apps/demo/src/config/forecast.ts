import {
  countsMethod,
  EMPTY_STATE,
  type LockoutPolicy,
  type LockoutState,
  transition,
} from 'nestjs-lockout/policy';

/** One lock to come: after how many wrong answers, and for how long. */
export interface ForecastLock {
  readonly wrongAnswers: number;
  /** Null: until an administrator acts. */
  readonly lockMs: number | null;
}

const PATIENCE = 200;

/**
 * What somebody who only ever guesses wrong at one account, from one address, will meet: the policies are asked, by
 * the same pure function that decides later, with each next guess at the moment the lock before it ends.
 */
export function forecast(
  policies: readonly LockoutPolicy[],
  method: string,
  locks = 3,
): readonly ForecastLock[] {
  const watching = policies.filter(
    (policy) => policy.enabled && policy.enforce && countsMethod(policy, method),
  );
  let states: readonly LockoutState[] = watching.map(() => EMPTY_STATE);
  const found: ForecastLock[] = [];
  let now = 0;
  let wrongAnswers = 0;
  for (let guess = 0; guess < PATIENCE && found.length < locks; guess += 1) {
    const id = `guess-${guess}`;
    wrongAnswers += 1;
    let until: number | null = now;
    states = watching.map((policy, index) => {
      const state = states[index] ?? EMPTY_STATE;
      const charged = transition(policy, state, { type: 'charge', id, method }, now);
      const failed = transition(policy, charged.state, { type: 'fail', id }, now);
      for (const event of failed.events) {
        if (event.type === 'locked')
          until = event.until === null || until === null ? null : Math.max(until, event.until);
      }
      return failed.state;
    });
    if (until === now) continue;
    found.push({ wrongAnswers, lockMs: until === null ? null : until - now });
    if (until === null) break;
    now = until;
    wrongAnswers = 0;
  }
  return found;
}
