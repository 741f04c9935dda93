import type { AttemptRequest } from './attempt-request.js';
import type { AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { judgeOperation } from './charge.js';
import type { LivePolicies } from './live-policies.js';
import { unavailable } from './lockout-error.js';
import type { Refusal } from './refusal.js';
import type { StoreAccess } from './store-access.js';

export interface JudgingParts {
  readonly access: StoreAccess;
  readonly policies: LivePolicies;
  readonly builder: SlotBuilder;
}

/**
 * What an attempt would be told now; null: it would be admitted. Charges nothing. `given`: its slots, as they were built
 * before anything was asked. Rejects with LockoutUnavailableError.
 */
export async function judgeAttempt(
  { access, policies, builder }: JudgingParts,
  request: AttemptRequest,
  given: AttemptSlots,
): Promise<Refusal | null> {
  let slots = given;
  if (!access.isBridged) {
    try {
      const { generation } = policies;
      await policies.fresh();
      if (generation !== policies.generation) slots = builder.forAttempt(request);
      const operation = judgeOperation(slots, request.method);
      const known = access.answerFromMemory(operation);
      return known === undefined ? await access.apply(operation) : known;
    } catch (error) {
      if (!(await access.covers(error))) throw unavailable(error);
    }
  }
  if (!access.countsApart) return access.knownLock(slots, request.method);
  try {
    return await access.applyApart(judgeOperation(slots, request.method));
  } catch (error) {
    throw unavailable(error);
  }
}
