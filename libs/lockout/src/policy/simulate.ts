import type { Decision } from './decision.js';
import type { LockoutEvent } from './event.js';
import type { Input } from './input.js';
import type { LockoutPolicy, Method } from './policy.js';
import { EMPTY_STATE, type Lock, type LockoutState } from './state.js';
import { judge, transition } from './transition.js';
import { remember } from './window.js';

/** One thing that happens in a simulation. `at`: milliseconds on any clock; never earlier than the step before. */
export type SimulatedStep =
  /** An attempt and how its verification ends. `method`: default `password`. `from`: its address. */
  | {
      readonly at: number;
      readonly type: 'failure' | 'success' | 'first-factor' | 'abandoned';
      readonly method?: Method;
      readonly from?: string;
    }
  /** A sign-in of several factors is complete: clears what a success of this method would. */
  | { readonly at: number; readonly type: 'complete'; readonly method?: Method; readonly from?: string }
  | { readonly at: number; readonly type: 'unlock' | 'reset-password' | 'nothing' };

export interface SimulatedOutcome {
  readonly at: number;
  /** What the attempt was told before verification; null where there was none. A refused one is not verified. */
  readonly decision: Decision | null;
  readonly events: readonly LockoutEvent[];
  /** What stands afterwards. */
  readonly failures: number;
  readonly escalation: number;
  readonly lock: Lock | null;
  /** Attempts that can be verified from here on before a lock, by this step's method; null: it is not counted. */
  readonly remaining: number | null;
  /** Everything that is remembered afterwards, as a store would hold it. */
  readonly state: LockoutState;
}

const ACTOR = Object.freeze({ by: 'simulation', reason: 'simulation' });

function actOf(type: 'unlock' | 'reset-password' | 'nothing'): Input {
  switch (type) {
    case 'unlock':
      return { type, via: 'admin', actor: ACTOR };
    case 'reset-password':
      return { type, actor: ACTOR, manualLock: false };
    case 'nothing':
      return { type: 'tick' };
    default:
      return type satisfies never;
  }
}

const fromOf = ({ from }: { readonly from?: string }) => (from === undefined ? {} : { from });

/** The next attempt itself is one of those that can be verified. */
function remainingOf(next: Decision): number | null {
  if (!next.allowed) return 0;
  return next.remaining === null ? null : next.remaining + 1;
}

/**
 * Plays what would happen at one key: attempts one after the other, and what others do. The same rule that decides
 * in production, without a store. Never throws.
 */
export function simulate(
  policy: LockoutPolicy,
  steps: readonly SimulatedStep[],
): readonly SimulatedOutcome[] {
  let state: LockoutState = EMPTY_STATE;
  return steps.map((step, index) => {
    const events: LockoutEvent[] = [];
    const apply = (input: Input) => {
      const next = transition(policy, state, input, step.at);
      state = next.state;
      events.push(...next.events);
      return next.decision;
    };
    let decision: Decision | null = null;
    const method = ('method' in step ? step.method : undefined) ?? 'password';
    switch (step.type) {
      case 'unlock':
      case 'reset-password':
      case 'nothing':
        apply(actOf(step.type));
        break;
      case 'complete':
        apply({ type: 'complete', method, ...fromOf(step) });
        break;
      default: {
        const { type } = step;
        const id = String(index);
        const from = fromOf(step);
        decision = apply({ type: 'charge', id, method, ...from });
        if (!decision?.allowed) break;
        if (type === 'failure') apply({ type: 'fail', id });
        else if (type === 'abandoned') apply({ type: 'abandon', id });
        else apply({ type: 'succeed', id, method, seq: decision.seq, final: type === 'success', ...from });
      }
    }
    const { failures, escalation, lock } = remember(policy, state, step.at);
    const remaining = remainingOf(judge(policy, state, method, step.at));
    return { at: step.at, decision, events, failures, escalation, lock, remaining, state };
  });
}
