/** What the mails say, in English, in ICU message format: the default, and the list of all ids and their places. */
export const ENGLISH = {
  subject: '{named, select, yes {{product}: {subject}} other {{subject}}}',
  greeting: '{known, select, yes {Hello {name},} other {Hello,}}',
  footer:
    'This mail was sent automatically{named, select, yes { by {product}} other {}}, because of what happened at your account.',

  'lock.subject': 'Sign-in to your account is locked',
  'lock.lead':
    'There {failures, plural, one {was a failed attempt} other {were # failed attempts}} to sign in to your account. To protect it, signing in{where, select, there { from where they came} other {}} is refused {ends, select, yes {until {until}} other {until somebody unlocks it}}.',
  'lock.lead.over':
    'There {failures, plural, one {was a failed attempt} other {were # failed attempts}} to sign in to your account. To protect it, signing in{where, select, there { from where they came} other {}} was refused{ends, select, yes { until {until}} other {}}. That is over by now.',

  'failure.subject': 'Failed attempt to sign in to your account',
  'failure.lead':
    'Somebody failed to sign in to your account. It was the {failures, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} failed attempt.',

  'sign-in.subject':
    'Sign-in to your account after {failures, plural, one {a failed attempt} other {# failed attempts}}',
  'sign-in.lead':
    'Somebody signed in to your account after {failures, plural, one {a failed attempt} other {# failed attempts}}.',
  'sign-in.yours': 'If it was you, there is nothing to do.',
  'sign-in.not-yours':
    'If it was not you, somebody else has what it takes to sign in: change your password at once{supported, select, yes {, and turn to {support}} other {}}.',

  'unlocked.subject': 'Your account is unlocked',
  'unlocked.lead':
    'The lock of your account was lifted{via, select, link { by a link in a mail to you} password_reset {, because its password was reset} other { by an administrator}}. You can sign in again.',
  'unlocked.not-yours':
    'If that was not you, somebody may read your mails: change your password at once{supported, select, yes {, and turn to {support}} other {}}.',

  'expired.subject': 'You can sign in to your account again',
  'expired.lead': 'The lock of your account has ended. You can sign in again.',

  'help.wait': 'If it was you: try again after {until}.',
  'help.link': 'If it was you, this link lets you try again at once. It works once, until {linkEnds}.',
  'help.link.label': 'Unlock my account',
  'help.reset': 'Choosing a new password lets you in as well.',
  'help.reset.label': 'Choose a new password',
  'help.contact':
    'If it was you, {supported, select, yes {turn to {support}} other {contact an administrator}} to have it unlocked.',
  'help.not-yours': 'If it was not you: none of these attempts got in, and you need not do anything.',

  'detail.time': 'Time',
  'detail.browser': 'Browser',
  'detail.device': 'Device',
  'detail.address': 'Address',
  'detail.unknown': 'unknown',
  'detail.browser.value':
    '{hasBrowser, select, yes {{hasSystem, select, yes {{browser} on {system}} other {{browser}}}} other {{hasSystem, select, yes {unknown, on {system}} other {unknown}}}}',
  'detail.device.value':
    '{device, select, desktop {computer} mobile {phone} tablet {tablet} tv {television} bot {program} other {unknown}}',

  'budget.last':
    'This is the last mail of this kind for up to {duration}, so that nobody can flood your mailbox. What happens until then is not mailed.',

  // How a moment is put together of a day and a time of day.
  moment: '{date} at {time}',
} as const;
