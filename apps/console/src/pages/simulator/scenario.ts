import type { SimulatedStep } from 'nestjs-lockout/policy';

/** How an attempt's verification ends. */
export type AttemptOutcome = 'failure' | 'success' | 'first-factor' | 'abandoned';

/** One thing that is tried: some attempts, a while without any, or what somebody else does. */
export type Act =
  | {
      readonly kind: 'attempts';
      readonly outcome: AttemptOutcome;
      readonly times: number;
      readonly everyMs: number;
      readonly method: string;
    }
  | { readonly kind: 'wait'; readonly forMs: number }
  /** Until this moment, or not at all if it is past. */
  | { readonly kind: 'until'; readonly at: number }
  | { readonly kind: 'unlock' | 'reset-password' };

/** Where the scenario's clock begins; only what lies between two moments is ever shown. */
export const START_MS = Date.UTC(2030, 0, 1);

/** As many as the server plays. */
export const MOST_STEPS = 1000;

/** One line of the scenario. */
export interface ScenarioStep {
  readonly step: SimulatedStep;
  /** How long was waited before it, where it is a waiting. */
  readonly waitedMs: number | null;
}

/** The acts as timed steps. An attempt takes its interval: the next act begins after it. */
export function stepsOf(acts: readonly Act[]): {
  readonly steps: readonly ScenarioStep[];
  readonly end: number;
} {
  const steps: ScenarioStep[] = [];
  let at = START_MS;
  for (const act of acts) {
    switch (act.kind) {
      case 'attempts':
        for (let time = 0; time < act.times; time += 1) {
          steps.push({ step: { at, type: act.outcome, method: act.method }, waitedMs: null });
          at += act.everyMs;
        }
        break;
      case 'wait':
      case 'until': {
        const before = at;
        at = act.kind === 'wait' ? at + act.forMs : Math.max(at, act.at);
        steps.push({ step: { at, type: 'nothing' }, waitedMs: at - before });
        break;
      }
      case 'unlock':
      case 'reset-password':
        steps.push({ step: { at, type: act.kind }, waitedMs: null });
        break;
      default:
        act satisfies never;
    }
  }
  return { steps, end: at };
}

/** Whether an act still fits what the server plays. */
export function fits(acts: readonly Act[], act: Act): boolean {
  return stepsOf([...acts, act]).steps.length <= MOST_STEPS;
}

/** The methods worth trying: those the policy names, and one that it does not count where it counts only some. */
export function methodsOf(settings: Readonly<Record<string, unknown>>): {
  readonly named: readonly string[];
  readonly hasOthers: boolean;
} {
  const { counts, weights } = settings;
  const listed = Array.isArray(counts) ? counts.map(String) : ['password'];
  const weighed = typeof weights === 'object' && weights !== null ? Object.keys(weights) : [];
  return { named: [...new Set([...listed, ...weighed])], hasOthers: Array.isArray(counts) };
}

/** Stands for any method that a policy does not count. Chosen by in templates, whose names have no hyphen. */
export const OTHER_METHOD = 'other_method';
