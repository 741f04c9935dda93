import type { Decision } from '../policy/decision.js';
import { definePolicy } from '../policy/define-policy.js';
import type { LockoutEvent } from '../policy/event.js';
import { isTablePolicy, type LockoutPolicy } from '../policy/policy.js';
import { remember } from '../policy/window.js';
import { type Played, playHistory, type Step } from './history.js';

/** Fields that {@link tellPolicy} writes in words. */
const IN_WORDS = new Set(['name', 'counter', 'threshold', 'schedule', 'window', 'locksOn', 'afterLock']);

const inWords = ({ kind, ...fields }: { readonly kind: string }): string =>
  [kind, ...Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`)].join(' ');

/** A policy in a line: its rule, its window, and every field that is not at its default. */
export function tellPolicy(policy: LockoutPolicy): string {
  const { name, schedule, window } = policy;
  const plain: LockoutPolicy = isTablePolicy(policy)
    ? definePolicy({ name, schedule: policy.schedule })
    : definePolicy({ name, schedule: policy.schedule, threshold: policy.threshold });
  const others = Object.entries(policy).filter(
    ([field, value]) =>
      !IN_WORDS.has(field) && JSON.stringify(value) !== JSON.stringify(plain[field as keyof LockoutPolicy]),
  );
  const rule = isTablePolicy(policy)
    ? `table ${schedule.kind === 'table' ? schedule.rows.map((row) => `${row.failures}: ${row.lockMs ?? '∞'}`).join(', ') : ''}`
    : `threshold ${policy.threshold} ${policy.locksOn}, ${policy.afterLock}; ${inWords(schedule)}`;
  return [
    rule,
    `window ${inWords(window)}`,
    ...others.map(([field, value]) => `${field} ${JSON.stringify(value)}`),
  ].join('; ');
}

const at = (time: number | null, start: number): string => (time === null ? '∞' : String(time - start));

function tellDecision(decision: Decision | null, start: number): string {
  if (decision === null || decision.allowed) return '';
  return decision.reason === 'exhausted' ? ' exhausted' : ` refused ${at(decision.retryAt, start)}`;
}

function tellEvent(event: LockoutEvent, now: number, start: number): string {
  const when = event.at === now ? '' : ` (at ${event.at - start})`;
  return event.type === 'locked' ? `: ${at(event.until, start)}${when}` : `, ${event.type}${when}`;
}

const WHAT: Readonly<Record<Step['do'], string>> = {
  charge: 'charge',
  fail: '–',
  succeed: 'ok',
  partial: 'partial',
  abandon: 'abandon',
  withdraw: 'withdraw',
  complete: 'complete',
  unlock: 'unlock',
  reset: 'reset',
  lock: 'lock',
  tick: 'tick',
};

function tellStep(policy: LockoutPolicy, step: Step, played: Played, start: number): string {
  const { now, after } = played;
  const tags = 'method' in step ? ` @${step.from} #${step.method}` : '';
  const attempt = 'attempt' in step ? ` ${step.attempt}` : '';
  const events = after.events.map((event) => tellEvent(event, now, start)).join('');
  const count = remember(policy, after.state, now).failures;
  return `  ${now - start}${tags} ${WHAT[step.do]}${attempt}${tellDecision(after.decision, start)}${events} (${count})`;
}

/**
 * A history as a timeline, one line a step: when (ms since its start), who, what, and what came of it.
 * `0 @A #otp charge 3` is attempt 3; `5 – 3: 25 (2)` its failure at 5, which locks until 25, with 2 that stand;
 * `9 @A #otp charge 4 refused 25` an attempt that the lock refuses; `30 tick, expired (at 25)` an end found later.
 */
export function tellHistory(policy: LockoutPolicy, history: readonly Step[]): readonly string[] {
  const START = 1000;
  if (history.length === 0) return ['  (nothing happens)'];
  const { steps } = playHistory(policy, history, { now: START });
  return history.map((step, index) => tellStep(policy, step, steps[index] as Played, START));
}
