/**
 * What the admin API says of counters, accounts, addresses and attempts, by id, in ICU message format. Values whose
 * names end in `At` are times (ISO-8601 in the API; the console puts them as its reader does); counts are numbers;
 * everything else is text.
 */
export const EXPLAIN_MESSAGES = Object.freeze({
  /** BCP 47 tag of the language that all messages are in: chooses plurals and how lists are joined. */
  language: 'en',

  'duration.milliseconds': '{count, plural, one {# millisecond} other {# milliseconds}}',
  'duration.seconds': '{count, plural, one {# second} other {# seconds}}',
  'duration.minutes': '{count, plural, one {# minute} other {# minutes}}',
  'duration.hours': '{count, plural, one {# hour} other {# hours}}',
  'duration.days': '{count, plural, one {# day} other {# days}}',
  /** One and a half minutes: 1 minute 30 seconds. */
  'duration.two': '{larger} {smaller}',

  'method.password': 'passwords',
  'method.otp': 'one-time codes',
  'method.totp': 'codes of an authenticator app',
  'method.recovery-code': 'recovery codes',
  'method.magic-link': 'sign-in links',
  'method.passkey': 'passkeys',
  /** Every other method, by the application's own name for it. */
  'method.other': 'sign-in by {method}',

  'part.account': 'the account',
  'part.address': 'the address',
  'part.device': 'the device',
  /** A scope part of the application's own. */
  'part.custom': '{name}',

  // Who refuses what until when.
  'explain.locked':
    'Locked by the policy {policy} since {sinceAt} until {untilAt}{failures, plural, =0 {} one {, after # failure} other {, after # failures}}.',
  'explain.locked.indefinitely':
    'Locked by the policy {policy} since {sinceAt}{failures, plural, =0 {} one {, after # failure} other {, after # failures}}, until somebody unlocks it.',
  'explain.locked.quick':
    'Locked by the policy {policy} since {sinceAt} until {untilAt}: two failures came faster than a person types.',
  'explain.locked.by-hand': 'Locked by an administrator since {sinceAt} until {untilAt}.',
  'explain.locked.by-hand.indefinitely':
    'Locked by an administrator since {sinceAt}, until an administrator unlocks it.',
  'explain.locked.by-hand.why': '{by} gave the reason: {reason}',
  'explain.locked.monitor':
    'The policy {policy} only watches: it would have locked since {sinceAt} until {untilAt}, and refuses nobody.',
  'explain.locked.monitor.indefinitely':
    'The policy {policy} only watches: it would have locked since {sinceAt} until somebody unlocks it, and refuses nobody.',
  'explain.locked.idle':
    'A lock stands since {sinceAt}, but the policy {policy} is switched off or only watches now: it refuses nobody.',
  'explain.locked.orphan':
    'A lock stands since {sinceAt}, but no policy counts in {policy} any more: it refuses nobody.',
  'explain.refuses.all': 'It refuses every way to sign in.',
  'explain.refuses.methods': 'It refuses {methods}.',
  'explain.pause':
    'The policy {policy} makes everybody wait after a failure: the next attempt is taken from {untilAt} on.',
  'explain.exhausted':
    'All attempts that the policy {policy} leaves are being verified right now: further ones are refused for a moment.',

  // What it concerns.
  'explain.where.account-address':
    'It concerns the account from the address {address} only, not from others.',
  'explain.where.account-one-address': 'It concerns the account from one address only, not from others.',
  'explain.where.account-device': 'It concerns the account on one device only, not on others.',
  'explain.where.address': 'It concerns the address, whatever the account.',
  'explain.where.shared': 'It is shared by names that nobody has, tried from one address.',
  'explain.where.parts': 'It counts by {parts} together.',

  // What counts now.
  'explain.count.none': 'No failure counts under the policy {policy}.',
  'explain.count':
    '{failures, plural, one {# failure counts} other {# failures count}} under the policy {policy}, the last at {lastAt}.',
  'explain.escalation': 'It has locked {lockouts, plural, one {once} other {# times in a row}}.',
  'explain.in-flight': '{attempts, plural, one {# attempt is} other {# attempts are}} being verified.',
  'explain.off': 'The policy {policy} is switched off: it neither counts nor refuses.',
  'explain.orphan': 'No policy counts in {policy} any more.',
  'explain.watches': 'The policy {policy} only watches: it refuses nobody.',

  // What the next failure does, now or once what refuses is over.
  'explain.failure.locks': 'One more failure locks for {lockFor}.',
  'explain.failure.locks.indefinitely': 'One more failure locks until somebody unlocks it.',
  'explain.failure.more': '{failures, plural, one {# more failure locks} other {# more failures lock}}.',
  'explain.failure.later.locks': 'Once that is over, one more failure locks for {lockFor}.',
  'explain.failure.later.locks.indefinitely':
    'Once that is over, one more failure locks until somebody unlocks it.',
  'explain.failure.later.more':
    'Once that is over, {failures, plural, one {# more failure locks} other {# more failures lock}}.',

  // What clears it.
  'explain.success.clears': 'A successful sign-in clears this count.',
  'explain.success.own-address': 'A successful sign-in clears only the failures from its own address.',
  'explain.success.keeps': 'A successful sign-in does not clear it.',
  'explain.unlock.clears': 'Unlocking lifts the lock and clears the count.',
  'explain.unlock.keeps-count': 'Unlocking lifts the lock; the failures stay counted.',
  'explain.unlock.keeps-escalation':
    'Unlocking lifts the lock and clears the count; the next lock is as long as if this one had ended by itself.',
  'explain.reset.clears': 'A completed password reset lifts it too.',
  'explain.reset.keeps': 'A password reset does not lift it.',
  'explain.forgotten': 'Without another failure the count is forgotten at {forgottenAt}.',
  'explain.forgotten.one-by-one': 'Each failure is forgotten by itself, the last at {forgottenAt}.',
  'explain.forgotten.never': 'Time alone does not clear the count.',

  // An account, an address or an attempt as a whole: whether and why it is refused, then what to do.
  'summary.account.free': 'The account is not locked.',
  'summary.account.elsewhere': 'If it is refused all the same, look at the address that it comes from.',
  'summary.account.locked': 'The account is locked: nobody can sign in to it.',
  'summary.account.locked.methods': 'The account is locked for {methods}.',
  'summary.account.locked.addresses':
    'The account is locked from {addresses} only: from other addresses it is not refused.',
  'summary.account.locked.some-addresses':
    'The account is locked from {count, plural, one {# address} other {# addresses}} only: from others it is not refused.',
  'summary.account.locked.devices':
    'The account is locked on some devices only: on others it is not refused.',
  'summary.account.waits': 'The account is not locked, but its next attempt has to wait.',
  'summary.address.free': 'The address is not blocked.',
  'summary.address.blocked': 'The address is blocked: nobody can sign in from it.',
  'summary.address.blocked.methods': 'The address is blocked for {methods}.',
  'summary.address.waits': 'The address is not blocked, but the next attempt from it has to wait.',
  'summary.allowed': 'An attempt would be verified.',
  'summary.refused': 'An attempt is refused before its credential is looked at.',
  'summary.refused.methods': 'An attempt with {methods} is refused before it is looked at.',
  'summary.refused.address-only': 'Refused from this address only: the account itself is not locked.',
  'summary.more-locks': '{count, plural, one {# more lock stands} other {# more locks stand}}.',
  'summary.unwatched': 'No policy watches such an attempt.',
  'summary.unseen': 'Not looked at, for want of {parts}: {policies}.',
  'summary.crowded': 'The address has tried so many names that nobody has that further ones share one count.',
  'summary.do.wait': 'Wait until {untilAt}.',
  'summary.do.account': 'Unlock the account, or wait until {untilAt}.',
  'summary.do.account.only': 'Unlock the account: waiting does not help.',
  'summary.do.address': 'Unlock the address, or wait until {untilAt}.',
  'summary.do.address.only': 'Unlock the address: waiting does not help.',
  'summary.do.both': 'Unlock the account and the address, or wait until {untilAt}.',
  'summary.do.both.only': 'Unlock the account and the address: waiting does not help.',
  'summary.do.counter': 'Unlock what refuses it, or wait until {untilAt}.',
  'summary.do.counter.only': 'Unlock what refuses it: waiting does not help.',
  'summary.do.not-permitted': 'You may not unlock it.',
  'summary.do.ineligible': 'It cannot be unlocked here: {reasons}.',
  'summary.do.support': 'Turn to {support}.',
} as const);
