import type { LockoutEventType } from '../policy/event.js';

/** Every type of event. */
export const EVENT_TYPES: readonly LockoutEventType[] = Object.keys({
  locked: true,
  expired: true,
  unlocked: true,
  failed: true,
  'refund-refused': true,
  cleared: true,
  'succeeded-after-failures': true,
  'policy-changed': true,
  administered: true,
} satisfies Record<LockoutEventType, true>) as LockoutEventType[];
