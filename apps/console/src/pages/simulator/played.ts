import type { SimulationOutcome } from 'nestjs-lockout/admin';
import type { Wording } from '../wording.js';
import { type ScenarioStep, START_MS } from './scenario.js';

/** What became of one step under one policy. */
export interface Played {
  /** Epoch ms on the scenario's clock. */
  readonly at: number;
  /** `none`: nobody tried anything. */
  readonly verdict: 'failed' | 'signed-in' | 'refused' | 'abandoned' | 'none';
  /** A lock was set at this step. */
  readonly locks: boolean;
  readonly failures: number;
  readonly escalation: number;
  readonly lock: { readonly since: number; readonly until: number | null } | null;
  /** Null: not counted. */
  readonly remaining: number | null;
  /** When a refused attempt could be tried again; null: not by waiting. */
  readonly retryAt: number | null;
  readonly isPause: boolean;
  readonly ended: boolean;
  readonly lifted: boolean;
}

/** What one policy makes of a whole story. */
export interface Lane {
  readonly id: 'governing' | 'draft';
  readonly name: string;
  readonly played: readonly Played[];
}

const momentOf = (value: string | number | null): number | null =>
  typeof value === 'string' ? Date.parse(value) : value;

function verdictOf({ step }: ScenarioStep, { decision }: SimulationOutcome): Played['verdict'] {
  if (decision === null) return 'none';
  if (!decision.allowed) return 'refused';
  if (step.type === 'failure') return 'failed';
  return step.type === 'abandoned' ? 'abandoned' : 'signed-in';
}

/** Steps with what the rule said of each. */
export function playedOf(
  steps: readonly ScenarioStep[],
  outcomes: readonly SimulationOutcome[],
): readonly Played[] {
  return outcomes.flatMap((outcome, index): Played[] => {
    const step = steps[index];
    if (!step) return [];
    const { decision, events, lock } = outcome;
    const refusal = decision && !decision.allowed ? decision : null;
    const has = (type: string) => events.some((event) => event.type === type);
    return [
      {
        at: step.step.at,
        verdict: verdictOf(step, outcome),
        locks: has('locked'),
        failures: outcome.failures,
        escalation: outcome.escalation,
        lock: lock && { since: momentOf(lock.since) ?? 0, until: momentOf(lock.until) },
        remaining: outcome.remaining,
        retryAt: refusal ? momentOf(refusal.retryAt) : null,
        isPause: refusal?.reason === 'locked' && refusal.cause === 'pause',
        ended: has('expired'),
        lifted: has('unlocked'),
      },
    ];
  });
}

const two = (count: number): string => String(count).padStart(2, '0');

/** `+0:05`, `+1:00:00`, `+2 d 0:00:00`: how long after the beginning. */
export function offsetText(at: number): string {
  const seconds = Math.round((at - START_MS) / 1000);
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  ) as [number, number, number];
  const clock =
    days > 0 || hours > 0
      ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
      : `${minutes}:${two(seconds % 60)}`;
  return days > 0 ? `+${days} d ${clock}` : `+${clock}`;
}

/** What is done at a step, in words. */
export function stepWords({ step, waitedMs }: ScenarioStep, { text, duration }: Wording): string {
  if (waitedMs !== null) return text('console.simulator.step.wait', { duration: duration(waitedMs) });
  const method = 'method' in step ? (step.method ?? '') : '';
  return text(`console.simulator.step.${step.type}`, { method });
}

/** What came of it, in words. */
export function playedWords(played: Played, { text, duration }: Wording): string {
  const { verdict, lock, locks, retryAt, isPause, ended, lifted, remaining, failures, at } = played;
  const id = (name: string) => `console.simulator.result.${name}`;
  const left = { counted: remaining === null ? 'no' : 'yes', remaining: remaining ?? 0, failures };
  switch (verdict) {
    case 'refused':
      return retryAt === null
        ? text(id('refused-endless'))
        : text(id(isPause ? 'refused-pause' : 'refused'), { duration: duration(retryAt - at) });
    case 'failed':
      if (!locks || !lock) return text(id('failed'), left);
      return lock.until === null
        ? text(id('locks-endless'))
        : text(id('locks'), { duration: duration(lock.until - at) });
    case 'signed-in':
      return text(id('signed-in'), left);
    case 'abandoned':
      return text(id('abandoned'), left);
    case 'none':
      if (lifted) return text(id('lifted'));
      if (ended) return text(id('ended'), left);
      if (lock === null) return text(id('free'), left);
      return lock.until === null
        ? text(id('still-endless'))
        : text(id('still'), { duration: duration(Math.max(0, lock.until - at)) });
    default:
      return verdict satisfies never;
  }
}

/** Totals of a scenario: what an attacker got, and what it cost. */
export function totalsOf(played: readonly Played[]): {
  readonly verified: number;
  readonly refused: number;
  readonly locks: number;
} {
  return {
    verified: played.filter(({ verdict }) => verdict === 'failed').length,
    refused: played.filter(({ verdict }) => verdict === 'refused').length,
    locks: played.filter(({ locks }) => locks).length,
  };
}
