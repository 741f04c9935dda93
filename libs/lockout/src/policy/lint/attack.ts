import type { DurationMs } from '../duration.js';
import { countsMethod, type LockoutPolicy, type Method } from '../policy.js';
import { EMPTY_STATE, type LockoutState } from '../state.js';
import { judge, transition } from '../transition.js';
import type { AttackTrace, Stop, Volley } from './attack-trace.js';
import { allFadesAt, nextFadesAt } from './fading.js';
import { steadyShape } from './steady-state.js';

/** How an attacker goes about it. */
export interface Tactic {
  /**
   * So many locks are taken; then, just before the next, it waits, and in any case before one without end. Infinity:
   * never waits, guesses whenever it is let.
   */
  readonly locks: number;
  /** What it waits for: that something fades, or that everything has. */
  readonly until: 'something-fades' | 'everything-faded';
  /** Shortest time it leaves between two guesses. */
  readonly spacingMs: DurationMs;
}

/** Guesses whenever it is let. */
export const AT_ONCE: Tactic = Object.freeze({
  locks: Number.POSITIVE_INFINITY,
  until: 'everything-faded',
  spacingMs: 0,
});

export interface AttackLimits {
  /** Guesses at this moment or later are not made. */
  readonly untilMs: number;
  readonly steps: number;
}

/** What happened before the attack: states at `now`, which is its moment 0. */
export interface Beginning {
  readonly states: readonly LockoutState[];
  readonly now: number;
}

const GUESS = 'guess';

/** One wrong guess after the other at a key of each policy, by the rule itself. */
export class Attack {
  private readonly shapes: readonly ((state: LockoutState, now: number) => string)[];
  /** Whether guesses at the same moment are as good as one by one. */
  private readonly inVolleys: boolean;

  /** `policies`: enabled, enforcing, and counting the method. */
  constructor(
    private readonly policies: readonly LockoutPolicy[],
    private readonly method: Method,
  ) {
    this.shapes = policies.map(steadyShape);
    this.inVolleys = policies.every(
      (policy) => policy.minIntervalMs === 0 && policy.quickFailure === null && countsMethod(policy, method),
    );
  }

  /** A key nobody failed at. */
  untouched(): Beginning {
    return { states: this.policies.map(() => EMPTY_STATE), now: 0 };
  }

  play(tactic: Tactic, limits: AttackLimits, from: Beginning = this.untouched()): AttackTrace {
    const volleys: Volley[] = [];
    const stops: Stop[] = [];
    const waits = tactic.locks !== Number.POSITIVE_INFINITY;
    let made = 0;
    const seen = new Map<string, number>();
    let { states, now } = from;
    let ready = now;
    let locks = 0;
    const ending = (end: AttackTrace['end']): AttackTrace => ({ volleys, stops, cycle: null, end });
    for (let step = 0; step < limits.steps; step += 1) {
      const { at, free } = this.admission(states, ready);
      if (at === Number.POSITIVE_INFINITY) return ending('locked');
      const moment = at - from.now;
      if (moment >= limits.untilMs) return ending('time');
      if (at > now || step === 0) {
        states = this.pass(states, at);
        const shape = this.shapeOf(states, at, waits ? locks : 0);
        const startMs = seen.get(shape);
        if (startMs !== undefined)
          return { volleys, stops, cycle: { startMs, periodMs: moment - startMs }, end: 'cycle' };
        seen.set(shape, moment);
      }
      now = at;
      const guesses = this.inVolleys && tactic.spacingMs === 0 ? Math.max(1, free) : 1;
      const failed = this.fail(states, now, guesses);
      const lockMs = this.lockedFor(failed, now);
      const enough = locks >= tactic.locks || lockMs === Number.POSITIVE_INFINITY;
      if (free < 1 && enough && waits) {
        const faded = this.fadesAt(tactic.until, states, now);
        // Where nothing fades there is nothing to wait for.
        if (faded !== Number.POSITIVE_INFINITY) {
          ready = faded;
          locks = 0;
          continue;
        }
      }
      if (free < 1 && !waits) {
        const after = (until: Tactic['until']) => this.fadesAt(until, states, now) - from.now;
        const fadedMs = after('everything-faded');
        stops.push({ locks, guesses: made, fadedMs, fadesMs: after('something-fades') });
      }
      states = failed;
      made += guesses;
      if (lockMs > 0) locks = Math.min(locks + 1, tactic.locks);
      volleys.push({ at: moment, guesses, lockMs });
      if (lockMs === Number.POSITIVE_INFINITY) return ending('locked');
      ready = now + Math.max(tactic.spacingMs, lockMs);
    }
    return ending('steps');
  }

  private shapeOf(states: readonly LockoutState[], now: number, locks: number): string {
    return `${locks} ${states.map((state, index) => this.shapes[index]?.(state, now)).join()}`;
  }

  /**
   * When the next guess is let in, at `from` or later (infinity: never), and how many can be made then before one of
   * them locks.
   */
  private admission(states: readonly LockoutState[], from: number): { at: number; free: number } {
    let at = from;
    for (;;) {
      let latest = at;
      let free = Number.POSITIVE_INFINITY;
      for (const [index, policy] of this.policies.entries()) {
        const decision = judge(policy, states[index] ?? null, this.method, at);
        if (!decision.allowed) latest = Math.max(latest, decision.retryAt ?? Number.POSITIVE_INFINITY);
        // `remaining` is the room that this guess leaves, and the last of the room locks.
        else free = Math.min(free, Math.ceil((decision.remaining ?? free) / this.weightOf(policy)));
      }
      if (latest === at || latest === Number.POSITIVE_INFINITY) return { at: latest, free };
      at = latest;
    }
  }

  private weightOf(policy: LockoutPolicy): number {
    return Object.hasOwn(policy.weights, this.method) ? (policy.weights[this.method] ?? 1) : 1;
  }

  /** So many wrong guesses at one moment: one charge of their weight, which is the same as long as none but the last locks. */
  private fail(states: readonly LockoutState[], now: number, guesses: number): readonly LockoutState[] {
    return this.policies.map((policy, index) => {
      const { state } = transition(
        policy,
        states[index] ?? null,
        { type: 'charge', id: GUESS, method: this.method },
        now,
      );
      const pending = state.pending.map((charge) => ({ ...charge, weight: charge.weight * guesses }));
      return transition(policy, { ...state, pending }, { type: 'fail', id: GUESS }, now).state;
    });
  }

  private pass(states: readonly LockoutState[], now: number): readonly LockoutState[] {
    return this.policies.map(
      (policy, index) => transition(policy, states[index] ?? null, { type: 'tick' }, now).state,
    );
  }

  private lockedFor(states: readonly LockoutState[], now: number): DurationMs {
    return Math.max(
      0,
      ...states.map(({ lock }) => (lock ? (lock.until ?? Number.POSITIVE_INFINITY) - now : 0)),
    );
  }

  private fadesAt(until: Tactic['until'], states: readonly LockoutState[], now: number): number {
    const next = states.map((state, index) => {
      const policy = this.policies[index];
      if (!policy) return Number.POSITIVE_INFINITY;
      return until === 'everything-faded' ? allFadesAt(policy, state) : nextFadesAt(policy, state, now);
    });
    const fades = until === 'everything-faded' ? Math.max(...next) : Math.min(...next);
    // Everything has faded, and still the next guess would lock: a threshold of 1.
    return fades > now ? fades : Number.POSITIVE_INFINITY;
  }
}
