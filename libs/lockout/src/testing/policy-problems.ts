import { definePolicy } from '../policy/define-policy.js';
import type { PolicyInput } from '../policy/policy.js';
import { PolicyError } from '../policy/policy-error.js';

/** What somebody is told who defines this policy: a line a problem, `path: message (hint)`. Empty: it is a policy. */
export function problemsIn(value: unknown): readonly string[] {
  try {
    definePolicy(value as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError)
      return error.problems.map(({ path, message, hint }) => `${path}: ${message} (${hint})`);
    throw error;
  }
  return [];
}
