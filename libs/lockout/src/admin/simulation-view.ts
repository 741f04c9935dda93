import type { EntryWarning } from '../engine/policy-entry.js';
import type { Decision } from '../policy/decision.js';
import { definePolicy } from '../policy/define-policy.js';
import type { LockoutEvent } from '../policy/event.js';
import { lintPolicy } from '../policy/lint-policy.js';
import type { LockoutPolicy, PolicyInput } from '../policy/policy.js';
import { PolicyError, type PolicyProblem } from '../policy/policy-error.js';
import { type SimulatedOutcome, type SimulatedStep, simulate } from '../policy/simulate.js';
import type { LockCause } from '../policy/state.js';
import { factsOf } from './event-view.js';
import { iso, isoOrNull } from './moment.js';

/** What an attempt is told in a simulation. */
export type SimulatedDecision =
  | { readonly allowed: true; readonly remaining: number | null }
  | {
      readonly allowed: false;
      readonly reason: 'locked';
      /** Null: not until unlocked. */
      readonly retryAt: string | null;
      readonly cause: LockCause | 'pause';
      readonly step: number;
    }
  | { readonly allowed: false; readonly reason: 'exhausted'; readonly retryAt: null };

/** What one step did under one policy. */
export interface SimulationOutcome {
  readonly at: string;
  /** Null where there was no attempt. */
  readonly decision: SimulatedDecision | null;
  readonly events: readonly {
    readonly type: LockoutEvent['type'];
    readonly at: string;
    readonly [fact: string]: unknown;
  }[];
  /** What stands afterwards. */
  readonly failures: number;
  readonly escalation: number;
  readonly lock: { readonly since: string; readonly until: string | null; readonly cause: LockCause } | null;
  /** Attempts that can be verified from here on before a lock; null: the method is not counted. */
  readonly remaining: number | null;
}

/** One policy's part of a simulation. */
export interface SimulationResult {
  /** Its name. */
  readonly policy: string;
  /** What the linter says of it. */
  readonly warnings: readonly EntryWarning[];
  /** One for each step. */
  readonly outcomes: readonly SimulationOutcome[];
}

export interface SimulateAnswer {
  /** In the order of the policies that were sent. */
  readonly results: readonly SimulationResult[];
}

/**
 * Plays the steps against each policy by itself.
 * @throws PolicyError every problem of every policy; paths begin `policies[0]`.
 */
export function simulateAnswer(
  inputs: readonly Readonly<Record<string, unknown>>[],
  steps: readonly SimulatedStep[],
): SimulateAnswer {
  return {
    results: definedEach(inputs).map((policy) => ({
      policy: policy.name,
      warnings: lintPolicy(policy),
      outcomes: simulate(policy, steps).map(outcomeView),
    })),
  };
}

/** Each by itself: two drafts of one policy have the same name. */
function definedEach(inputs: readonly Readonly<Record<string, unknown>>[]): readonly LockoutPolicy[] {
  const problems: PolicyProblem[] = [];
  const policies = inputs.flatMap((input, index) => {
    try {
      return [definePolicy(input as unknown as PolicyInput)];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      problems.push(
        ...error.problems.map((one) => ({ ...one, path: `policies[${index}]${one.path && `.${one.path}`}` })),
      );
      return [];
    }
  });
  if (problems.length > 0) throw new PolicyError(problems);
  return policies;
}

function outcomeView(outcome: SimulatedOutcome): SimulationOutcome {
  const { at, decision, events, failures, escalation, lock, remaining } = outcome;
  return {
    at: iso(at),
    decision: decision && decisionView(decision),
    events: events.map((event) => ({ ...factsOf(event), type: event.type, at: iso(event.at) })),
    failures,
    escalation,
    lock: lock && { since: iso(lock.since), until: isoOrNull(lock.until), cause: lock.cause },
    remaining,
  };
}

function decisionView(decision: Decision): SimulatedDecision {
  if (decision.allowed) return { allowed: true, remaining: decision.remaining };
  if (decision.reason === 'exhausted') return { allowed: false, reason: 'exhausted', retryAt: null };
  const { reason, retryAt, cause, step } = decision;
  return { allowed: false, reason, retryAt: isoOrNull(retryAt), cause, step };
}
