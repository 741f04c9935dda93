import type { ClearedVia, LockoutEvent, StateBefore } from './event.js';
import type { Actor } from './input.js';
import type { LockoutState } from './state.js';

export const beforeOf = ({ failures, escalation, lock }: LockoutState): StateBefore => ({
  failures,
  escalation,
  since: lock?.since ?? null,
  until: lock?.until ?? null,
  cause: lock?.cause ?? null,
});

/**
 * The event of what fell from one remembered state to the next without a lock being lifted; none if neither the count,
 * the escalation nor the failures in a row did.
 */
export function clearedEvents(
  before: LockoutState,
  after: LockoutState,
  via: ClearedVia,
  at: number,
  actor?: Actor,
): LockoutEvent[] {
  const { failures, escalation, consecutive } = after;
  // Standing failures are failures in a row, too.
  if (consecutive >= before.consecutive && escalation >= before.escalation) return [];
  const left = failures > 0 || escalation > 0 ? { left: { failures, escalation } } : {};
  return [
    {
      type: 'cleared',
      at,
      via,
      before: beforeOf(before),
      consecutive: before.consecutive,
      ...left,
      ...actor,
    },
  ];
}
