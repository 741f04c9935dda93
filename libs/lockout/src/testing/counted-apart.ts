import { EMPTY_STATE, type LockoutState } from '../policy/state.js';

/** When what was counted apart is brought back, epoch ms. */
export const NOW = 1_000_000;

/** So many failures in a row, all at once. */
export const failed = (failures: number, at = NOW): LockoutState => ({
  ...EMPTY_STATE,
  failures,
  failureSeq: failures,
  consecutive: failures,
  windowStartedAt: at,
  lastFailureAt: at,
  updatedAt: at,
});
