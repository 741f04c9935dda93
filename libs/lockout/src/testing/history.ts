import type { Decision } from '../policy/decision.js';
import type { LockoutEvent } from '../policy/event.js';
import type { Input } from '../policy/input.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { type Transition, transition } from '../policy/transition.js';

/** Something that happens `after` so many milliseconds. Attempts are known by number. */
export type Step = { readonly after: number } & (
  | { readonly do: 'charge'; readonly attempt: number; readonly method: string; readonly from: string }
  | { readonly do: 'fail' | 'succeed' | 'partial' | 'abandon' | 'withdraw'; readonly attempt: number }
  | { readonly do: 'complete'; readonly method: string; readonly from: string }
  | { readonly do: 'unlock' | 'reset' | 'tick' }
  | { readonly do: 'lock'; readonly forMs: number | null }
);

/** One step as it was played. */
export interface Played {
  readonly input: Input;
  readonly now: number;
  readonly before: LockoutState | null;
  readonly after: Transition;
}

export interface History {
  readonly steps: readonly Played[];
  readonly state: LockoutState;
  readonly now: number;
  readonly events: readonly LockoutEvent[];
  readonly decisions: readonly (Decision | null)[];
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}

const ACTOR = Object.freeze({ by: 'administrator', reason: 'asked to' });

/** What an attempt remembers between its charge and its settling. */
interface Begun {
  readonly seq: number;
  readonly method: string;
  readonly from: string;
}

function inputOf(step: Step, now: number, begun: ReadonlyMap<number, Begun>): Input {
  switch (step.do) {
    case 'charge':
      return { type: 'charge', id: String(step.attempt), method: step.method, from: step.from };
    case 'fail':
    case 'abandon':
    case 'withdraw':
      return { type: step.do, id: String(step.attempt) };
    case 'succeed':
    case 'partial': {
      const { seq, method, from } = begun.get(step.attempt) ?? { seq: 0, method: 'password', from: 'A' };
      return { type: 'succeed', id: String(step.attempt), method, seq, final: step.do === 'succeed', from };
    }
    case 'complete':
      return { type: 'complete', method: step.method, from: step.from };
    case 'unlock':
      return { type: 'unlock', via: 'admin', actor: ACTOR };
    case 'reset':
      return { type: 'reset-password', actor: ACTOR, manualLock: false };
    case 'lock':
      return { type: 'lock', until: step.forMs === null ? null : now + step.forMs, actor: ACTOR };
    case 'tick':
      return { type: 'tick' };
    default:
      return step satisfies never;
  }
}

/** Plays a history with everything frozen, so that a rule that mutates its input throws. */
export function playHistory(
  policy: LockoutPolicy,
  history: readonly Step[],
  start: { readonly state?: LockoutState | null; readonly now?: number } = {},
): History {
  const begun = new Map<number, Begun>();
  const steps: Played[] = [];
  let state = freeze(start.state ?? null);
  let now = start.now ?? 1000;
  for (const step of history) {
    now += step.after;
    const input = freeze(inputOf(step, now, begun));
    const after = freeze(transition(policy, state, input, now));
    steps.push({ input, now, before: state, after });
    state = after.state;
    if (step.do === 'charge' && after.decision?.allowed) {
      begun.set(step.attempt, { seq: after.decision.seq, method: step.method, from: step.from });
    }
  }
  return {
    steps,
    state: state ?? EMPTY_STATE,
    now,
    events: steps.flatMap((step) => step.after.events),
    decisions: steps.map((step) => step.after.decision),
  };
}
