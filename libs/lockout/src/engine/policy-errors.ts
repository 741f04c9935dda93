import type { PolicyTarget } from '../store/policy-store.js';
import type { LockoutErrorCode } from './lockout-error.js';
import type { PolicyEntry } from './policy-entry.js';

const called = ({ policy, brand }: PolicyTarget): string =>
  brand === null ? `"${policy}"` : `"${policy}" of the brand "${brand}"`;

/** The configuration has no policy of this name, or the policy never had this version. */
export class PolicyNotFoundError extends Error {
  override readonly name = 'PolicyNotFoundError';
  readonly code = 'LOCKOUT_NOT_FOUND' satisfies LockoutErrorCode;

  /** `version`: the one that is missing; absent: the policy itself is. */
  constructor(target: PolicyTarget, version?: number) {
    super(
      version === undefined
        ? `There is no policy "${target.policy}".`
        : `The policy ${called(target)} has no version ${version}.`,
    );
  }
}

/** Somebody saved the policy meanwhile. Nothing was changed; `current` is what it says now. */
export class PolicyConflictError extends Error {
  override readonly name = 'PolicyConflictError';
  readonly code = 'LOCKOUT_CONFLICT' satisfies LockoutErrorCode;

  constructor(readonly current: PolicyEntry) {
    const { name, brand, version } = current;
    super(
      `The policy ${called({ policy: name, brand })} was saved meanwhile: it has version ${version} now. Nothing was changed.`,
    );
  }
}

/** The store keeps no policies, so only configuration in code says what they are. Nothing was changed. */
export class PolicyStoreMissingError extends Error {
  override readonly name = 'PolicyStoreMissingError';
  readonly code = 'LOCKOUT_UNSUPPORTED' satisfies LockoutErrorCode;

  constructor() {
    super(
      'Policies cannot be saved here: the store keeps none. Change them in code, or use a store that does, as ours do.',
    );
  }
}
