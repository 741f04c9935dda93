import type { AccountRef } from '../key/account.js';
import type { RecordFacts } from '../store/record.js';
import type { WebhookMap } from './webhook-options.js';

/** The user event that ReachFive sends when an account is locked (R5-14). */
export interface ProfileLockout {
  readonly type: 'profile_lockout';
  /** The account's id, plain; its keyed hash where the application keeps no labels. */
  readonly profile: string;
  /** ISO-8601: when it was locked. */
  readonly date: string;
  /** ISO-8601; null: until unlocked. */
  readonly lockout_end_date: string | null;
}

/**
 * A {@link WebhookMap} that sends `profile_lockout` each time an account is locked, again or by an administrator too, and
 * nothing else: no failure, no refusal, no address, no name that no account has, and no lock that only watches.
 */
export const profileLockout = (): WebhookMap => (event, facts, account) => {
  const profile = profileOf(facts, account);
  if (event.type !== 'locked' || event.cause === 'monitor' || profile === null) return null;
  return {
    type: 'profile_lockout',
    profile,
    date: new Date(event.at).toISOString(),
    lockout_end_date: event.until === null ? null : new Date(event.until).toISOString(),
  } satisfies ProfileLockout;
};

/** Without labels nobody can tell a name that no account has; its hash is that of no account, either. */
function profileOf({ accountHash }: RecordFacts, account: AccountRef | null): string | null {
  if (account === null) return accountHash;
  return typeof account === 'string' ? account : null;
}
