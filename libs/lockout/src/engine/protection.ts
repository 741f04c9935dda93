import type { Attempt } from './attempt.js';
import type { Refusal } from './refusal.js';
import type { Settlement } from './settlement.js';

/** An attempt that may be verified, or why it may not. */
export type Begun =
  | { readonly allowed: true; readonly attempt: Attempt }
  | { readonly allowed: false; readonly refusal: Refusal };

/** What {@link LockoutEngine.protect} did. */
export type Protected<T> =
  | { readonly outcome: 'success'; readonly value: T }
  | { readonly outcome: 'failure'; readonly value: T; readonly settlement: Settlement }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

export interface ProtectOptions<T> {
  /** Whether this result means a right credential. Default: anything but null, undefined and false. */
  readonly isSuccess?: (value: T) => boolean;
  /** Whether this exception means a wrong credential. Default: none; exceptions are faults of ours. */
  readonly isFailure?: (error: unknown) => boolean;
  /** `false` for a first factor (R11). Default `true`. */
  readonly final?: boolean;
}

/** Verifies an attempt that was admitted, and settles it by what that comes to: {@link LockoutEngine.protect}. */
export async function verifyBegun<T>(
  begun: Begun,
  verify: (attempt: Attempt) => T | Promise<T>,
  options: ProtectOptions<T>,
): Promise<Protected<T>> {
  if (!begun.allowed) return { outcome: 'refused', refusal: begun.refusal };
  const { attempt } = begun;
  let value: T;
  try {
    value = await verify(attempt);
  } catch (error) {
    await (options.isFailure?.(error) ? attempt.fail() : attempt.abandon());
    throw error;
  }
  const isSuccess =
    options.isSuccess ?? ((result: T) => result !== null && result !== undefined && result !== false);
  if (!isSuccess(value)) return { outcome: 'failure', value, settlement: await attempt.fail() };
  const { refusal } = await attempt.succeed({ final: options.final ?? true });
  return refusal ? { outcome: 'refused', refusal } : { outcome: 'success', value };
}
