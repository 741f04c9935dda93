import type { LockoutEvent } from '../policy/event.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockCause } from '../policy/state.js';
import type { RecordFacts } from '../store/record.js';

/**
 * What a mail tells.
 *
 * - `lock`: too many failures locked the account
 * - `failure`: somebody failed to sign in, and it did not lock; from the policy's `notify.from` on
 * - `signIn`: somebody signed in after many failures; from the policy's `notify.successAfter` on
 * - `unlocked`: a lock that a mail had told of was lifted
 * - `expired`: such a lock ended by itself
 */
export type MailKind = 'lock' | 'failure' | 'signIn' | 'unlocked' | 'expired';

export const MAIL_KINDS: readonly MailKind[] = ['lock', 'failure', 'signIn', 'unlocked', 'expired'];

/** An event that a mail can be about. */
export type MailedEvent = Extract<
  LockoutEvent,
  { readonly type: 'locked' | 'failed' | 'succeeded-after-failures' | 'unlocked' | 'expired' }
>;

/** Locks that came of attempts. An administrator's is his to tell of, and `monitor` refuses nobody. */
const fromAttempts = (cause: LockCause | null): boolean => cause === 'failures' || cause === 'quick';

/**
 * Which mail an event asks for; null: none. Only what was counted for an account has an owner to tell: the lock of an
 * address is no lock of whoever was tried there last.
 */
export function mailKindOf(event: LockoutEvent, facts: RecordFacts): MailKind | null {
  if (facts.accountHash === null) return null;
  switch (event.type) {
    case 'locked':
      return fromAttempts(event.cause) ? 'lock' : null;
    case 'failed':
      return 'failure';
    case 'succeeded-after-failures':
      return 'signIn';
    case 'unlocked':
      return fromAttempts(event.before.cause) ? 'unlocked' : null;
    case 'expired':
      return facts.counter === MANUAL_POLICY.counter ? null : 'expired';
    default:
      return null;
  }
}

/** Which mails an application sends. */
export type SentKinds = Readonly<Record<MailKind, boolean>>;

/** The event itself, where a mail is sent about it; else null. */
export function mailedEvent(event: LockoutEvent, facts: RecordFacts, send: SentKinds): MailedEvent | null {
  const kind = mailKindOf(event, facts);
  // What has a kind is one of these.
  return kind !== null && send[kind] ? (event as MailedEvent) : null;
}
