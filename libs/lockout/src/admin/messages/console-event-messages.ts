/** The console's texts about recorded events, wherever they are shown. Times and lengths come in as text. */
export const CONSOLE_EVENT_MESSAGES = {
  'console.event.type.locked': 'Locked',
  'console.event.type.unlocked': 'Unlocked',
  'console.event.type.expired': 'Lock ended',
  'console.event.type.failed': 'Failure',
  'console.event.type.refund-refused': 'Fault counted',
  'console.event.type.cleared': 'Cleared',
  'console.event.type.succeeded-after-failures': 'Success after failures',
  'console.event.type.policy-changed': 'Policy changed',
  'console.event.type.administered': 'Administration',
  'console.event.locked':
    '{cause, select, admin {Locked by {by}} monitor {Would have been locked, but the policy only watches: {failures, plural, one {# failure} other {# failures}}} quick {Locked: failures too fast for a person} other {Locked after {failures, plural, one {# failure} other {# failures}}}}{ends, select, yes {, until {until} ({duration})} other {, until somebody unlocks it}}.',
  'console.event.in-a-row':
    'The {escalation, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} lock in a row.',
  'console.event.unlocked':
    '{via, select, password_reset {Unlocked by a completed password reset} link {Unlocked by a link in a mail} other {Unlocked by {by}}}.',
  'console.event.before.locked':
    'Before: locked since {since}{cause, select, admin { by an administrator} other {}}, {ends, select, yes {until {until}} other {without an end}}, with {failures, plural, one {# failure} other {# failures}}.',
  'console.event.before.counted':
    'Before: not locked, {failures, plural, one {# failure} other {# failures}}.',
  'console.event.expired': 'The lock ended by itself.',
  'console.event.failed':
    'A failed attempt: {failures, plural, one {# failure counts} other {# failures count}} now.',
  'console.event.refund-refused':
    'A fault of the application was counted as a failure: {failures, plural, one {# failure counts} other {# failures count}} now.',
  'console.event.change.relocked': 'Not longer than the lock before.',
  'console.event.change.escalated': 'Longer than the lock before.',
  'console.event.cleared':
    '{via, select, success {Cleared by a right sign-in} completed {Cleared by a sign-in that was completed} password_reset {Cleared by a completed password reset} other {Cleared by {by}}}: {failures, plural, one {# failure} other {# failures}}.',
  'console.event.cleared.in-a-row':
    '{failures, plural, one {# failure} other {# failures}} in a row, however long ago.',
  'console.event.cleared.left': 'Still counted: {failures, plural, one {# failure} other {# failures}}.',
  'console.event.succeeded-after-failures':
    'A right sign-in after {failures, plural, one {# failure} other {# failures}} in a row: its owner, or somebody who found the password.',
  'console.event.policy-changed':
    'The policy {policy}{branded, select, yes { for the brand {brand}} other {}} was {deleted, select, yes {taken back to what code says} other {saved}} by {by}: version {version}.',
  'console.event.administered':
    '{action, select, erase {{by} erased an account{count, plural, =0 {} one { from one event} other { from # events}}} retry_deliveries {{by} had {count, plural, one {one delivery} other {# deliveries}} tried again} drop_deliveries {{by} gave {count, plural, one {one delivery} other {# deliveries}} up} other {{by} changed something: {action}}}.',
  'console.event.previous': 'The failure before was at {at}.',
  'console.event.origin.account': 'Tried: {account}.',
  'console.event.origin.address': 'From {address}.',
  'console.event.origin.device': 'Device: {device}.',
  'console.event.origin.agent': 'Browser: {agent}.',
  'console.event.reason': 'Reason: {reason}',
  'console.event.at-address': 'at {address}',
  'console.event.unnamed': 'not named',
  'console.event.realm': 'realm {realm}',
  'console.event.policy': 'Policy {policy}',
  'console.event.policy.manual': 'Lock by hand',
  'console.event.list': 'Events, latest first',
} as const;
