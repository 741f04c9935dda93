import { LockoutUnavailableError } from '../engine/lockout-error.js';
import {
  PolicyConflictError,
  PolicyNotFoundError,
  PolicyStoreMissingError,
} from '../engine/policy-errors.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { PolicyError } from '../policy/policy-error.js';
import { CursorError } from '../store/cursor.js';
import { StoreError } from '../store/store-error.js';
import { policyBody } from './policy-view.js';
import { Problem } from './problem.js';

/** What the layers below throw, as the problem that the admin API answers; null: not ours to answer. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidSubjectError) {
    return new Problem(400, error.message, { errors: [{ path: error.field, message: error.message }] });
  }
  if (error instanceof CursorError) {
    return new Problem(400, error.message, { errors: [{ path: 'cursor', message: error.message }] });
  }
  if (error instanceof PolicyError) {
    const errors = error.problems;
    const count = errors.length === 1 ? 'One thing is' : `${errors.length} things are`;
    return new Problem(422, `${count} wrong with the settings. Nothing was changed.`, { errors });
  }
  if (error instanceof PolicyConflictError) {
    return new Problem(409, error.message, { current: policyBody(error.current) });
  }
  if (error instanceof PolicyNotFoundError) return new Problem(404, error.message);
  if (error instanceof PolicyStoreMissingError) return new Problem(501, error.message);
  if (error instanceof LockoutUnavailableError || error instanceof StoreError) {
    return new Problem(503, 'The lockout store did not answer.');
  }
  return null;
}
