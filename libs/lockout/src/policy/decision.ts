import type { LockCause } from './state.js';

/** May the credential be verified? Refusal reasons are a closed union (R2). */
export type Decision =
  | {
      readonly allowed: true;
      /** Further failures that can be verified after this one before a lock; null: not counted here. */
      readonly remaining: number | null;
      /** What the charge saw; `succeed` carries it back. */
      readonly seq: number;
    }
  | {
      readonly allowed: false;
      readonly reason: 'locked';
      /** Free at exactly this moment, epoch ms; null: not until unlocked. */
      readonly retryAt: number | null;
      readonly cause: LockCause | 'pause';
      readonly step: number;
    }
  /** The budget is taken by attempts in flight: writes nothing, is not a lock, may be tried again at once. */
  | { readonly allowed: false; readonly reason: 'exhausted'; readonly retryAt: null };

export type RefusedDecision = Extract<Decision, { allowed: false }>;

/** Orders refusals: indefinite, then the latest end, then exhausted (R13). Positive: `a` is stricter. */
export function compareRefusals(a: RefusedDecision, b: RefusedDecision): number {
  const rank = (d: RefusedDecision) =>
    d.reason === 'exhausted' ? -1 : (d.retryAt ?? Number.POSITIVE_INFINITY);
  const [x, y] = [rank(a), rank(b)];
  return x === y ? 0 : x > y ? 1 : -1;
}
