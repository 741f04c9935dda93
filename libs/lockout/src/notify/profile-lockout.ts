import type { WebhookMap } from './webhook-options.js';

/** The user event that ReachFive sends when an account is locked (R5-14). */
export interface ProfileLockout {
  readonly type: 'profile_lockout';
  /** The account, plain; its keyed hash where the application keeps no labels. */
  readonly profile: string;
  /** ISO-8601: when it was locked. */
  readonly date: string;
  /** ISO-8601; null: until unlocked. */
  readonly lockout_end_date: string | null;
}

/**
 * A {@link WebhookMap} that sends `profile_lockout` each time an account is locked, again or by an administrator too, and
 * nothing else: no failure, no refusal, no address, and no lock that only watches.
 */
export const profileLockout = (): WebhookMap => (event, facts) => {
  const profile = facts.accountLabel ?? facts.accountHash;
  if (event.type !== 'locked' || event.cause === 'monitor' || profile === null) return null;
  return {
    type: 'profile_lockout',
    profile,
    date: new Date(event.at).toISOString(),
    lockout_end_date: event.until === null ? null : new Date(event.until).toISOString(),
  } satisfies ProfileLockout;
};
