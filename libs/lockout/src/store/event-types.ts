import type { LockoutEventType } from '../policy/event.js';

/** Every type of event. */
export const EVENT_TYPES: readonly LockoutEventType[] = Object.keys({
  locked: true,
  expired: true,
  unlocked: true,
  failed: true,
  'refund-refused': true,
} satisfies Record<LockoutEventType, true>) as LockoutEventType[];
