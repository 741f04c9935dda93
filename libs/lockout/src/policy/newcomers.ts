import { definePolicy } from './define-policy.js';
import { hours } from './duration.js';

/** Names nobody has that one address may bring in per hour before further ones share a counter (R22). */
export const DEFAULT_NEWCOMERS_PER_ADDRESS = 100;

/** Counts the names that nobody has, by address; never locks. */
export const NEWCOMER_POLICY = definePolicy({
  name: 'newcomers',
  threshold: 1_000_000,
  scope: ['address'],
  window: { kind: 'fixed', durationMs: hours(1) },
  schedule: { kind: 'indefinite' },
});
