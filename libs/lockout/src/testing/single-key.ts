import type { Decision } from '../policy/decision.js';
import { definePolicy } from '../policy/define-policy.js';
import type { Actor, Input } from '../policy/input.js';
import type { LockoutPolicy, PolicyInput } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { type Transition, transition } from '../policy/transition.js';

export const ADMIN: Actor = { by: 'ann', reason: 'called the help desk' };

/** `attemptTimeoutMs` of {@link rule}. */
export const TIMEOUT = 1000;

/** Threshold 3, locks of 100 ms: small numbers, so that every moment can be written down. */
export const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 3,
    schedule: { kind: 'fixed', durationMs: 100 },
    attemptTimeoutMs: TIMEOUT,
    ...fields,
  } as PolicyInput);

/** A policy with a table of `[failures, lockMs]`. */
export const table = (
  rows: readonly (readonly [number, number | null])[],
  fields: Partial<PolicyInput> = {},
): LockoutPolicy =>
  definePolicy({
    name: 't',
    schedule: { kind: 'table', rows: rows.map(([failures, lockMs]) => ({ failures, lockMs })) },
    ...fields,
  } as PolicyInput);

export const exhausted = { allowed: false, reason: 'exhausted', retryAt: null };

export const locked = (retryAt: number | null, cause = 'failures', step = 0) => ({
  allowed: false,
  reason: 'locked',
  retryAt,
  cause,
  step,
});

/** The state of one key, moved by one input after the other. */
export class SingleKey {
  last: Transition | undefined;

  constructor(
    public policy: LockoutPolicy,
    public state: LockoutState = EMPTY_STATE,
  ) {}

  apply(input: Input, now: number): Transition {
    this.last = transition(this.policy, this.state, input, now);
    this.state = this.last.state;
    return this.last;
  }

  charge(id: string, now: number, method = 'password'): Decision | null {
    return this.apply({ type: 'charge', id, method }, now).decision;
  }

  fail(id: string, now: number): Transition {
    return this.apply({ type: 'fail', id }, now);
  }

  succeed(id: string, now: number, seq: number, final = true, method = 'password'): Transition {
    return this.apply({ type: 'succeed', id, method, seq, final }, now);
  }

  abandon(id: string, now: number): Transition {
    return this.apply({ type: 'abandon', id }, now);
  }

  /** One wrong guess. Throws if it is refused. */
  guess(now: number, method = 'password'): Transition {
    const id = `guess-${this.state.failureSeq}`;
    if (!this.charge(id, now, method)?.allowed) throw new Error(`The guess at ${now} was refused`);
    return this.fail(id, now);
  }

  guesses(count: number, now: number): this {
    for (let guess = 0; guess < count; guess += 1) this.guess(now);
    return this;
  }
}
