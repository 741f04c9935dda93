import type { RefusedDecision } from '../policy/decision.js';
import type { LockoutPolicy } from '../policy/policy.js';

/** Why an attempt is not verified: a value, until the edge turns it into an answer. */
export interface Refusal {
  readonly reason: 'locked' | 'exhausted';
  /** Free at exactly this moment, epoch ms on the store's clock; null: not by waiting (or, exhausted, at any moment). */
  readonly retryAt: number | null;
  /** Milliseconds from the decision to `retryAt`; null with it. */
  readonly retryInMs: number | null;
  /** Name of the strictest policy that refuses; for administrators and logs, never for the person. */
  readonly policy: string;
  /** What the policy tells the person (its `messages`); null: the library's sentence. */
  readonly message: string | null;
}

const MINUTE_MS = 60_000;

/** The policy's sentence for a lock's step; the last one serves all later steps. */
function messageOf(policy: LockoutPolicy, step: number, retryInMs: number | null): string | null {
  const template = policy.messages[Math.min(step, policy.messages.length - 1)];
  if (template === undefined) return null;
  return template.replaceAll('{minutes}', retryInMs === null ? '' : String(Math.ceil(retryInMs / MINUTE_MS)));
}

export function toRefusal(policy: LockoutPolicy, decision: RefusedDecision, now: number): Refusal {
  const { reason, retryAt } = decision;
  const retryInMs = retryAt === null ? null : Math.max(0, retryAt - now);
  const message = decision.reason === 'locked' ? messageOf(policy, decision.step, retryInMs) : null;
  return { reason, retryAt, retryInMs, policy: policy.name, message };
}
