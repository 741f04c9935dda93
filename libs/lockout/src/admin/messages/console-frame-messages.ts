/** The console's texts that belong to no single page: its frame, its controls, and what can go wrong. */
export const CONSOLE_FRAME_MESSAGES = {
  'console.name': 'Lockout',
  'console.page-title': '{page} · Lockout',
  'console.skip': 'Skip to the content',
  'console.side': 'Sections and session',

  'console.nav.label': 'Sections',
  'console.nav.overview': 'Overview',
  'console.nav.accounts': 'Accounts',
  'console.nav.addresses': 'Addresses',
  'console.nav.history': 'History',
  'console.nav.policies': 'Policies',

  'console.search.label': 'Find an account by its name, or an address',
  'console.search.placeholder': 'Name or address',

  'console.who': 'Signed in as',
  'console.who.nobody': 'a name the application does not tell',
  'console.version': 'nestjs-lockout {version}',

  'console.live.live': 'Live',
  'console.live.polling': 'Every 10 seconds',
  'console.live.paused': 'Paused',
  'console.live.offline': 'No connection',

  'console.offline.title': 'The server does not answer',
  'console.offline.text': 'What you see is as of {time}. It is read again as soon as there is an answer.',

  'console.theme.label': 'Appearance: {theme}',
  'console.theme.system': 'as the system has it',
  'console.theme.light': 'light',
  'console.theme.dark': 'dark',

  'console.signed-out.title': 'You are signed out',
  'console.signed-out.text':
    'What you see may be out of date, and nothing can be changed until you sign in again.',
  'console.signed-out.action': 'Sign in again',

  'console.not-found.title': 'Nothing here',
  'console.not-found.text': 'This address belongs to no page of the console.',

  'console.close': 'Close',
  'console.cancel': 'Cancel',
  'console.undo': 'Undo',
  'console.try-again': 'Try again',
  'console.loading': 'Loading',
  'console.toasts': 'Messages',
  'console.stale': 'As of {time}: the latest state could not be read.',

  'console.pager.label': 'Pages',
  'console.pager.first': 'First page',
  'console.pager.next': 'Next page',

  // Times. {duration} comes as text.
  'console.time.in': 'in {duration}',
  'console.time.ago': '{duration} ago',
  'console.time.just-now': 'just now',
  'console.time.over': 'over',
  'console.time.ends': 'ends',
  'console.time.until-unlocked': 'until unlocked',

  'console.reason.label': 'Reason',
  'console.reason.choices': 'Usual reasons',
  'console.reason.hint': 'Recorded with your name in the history.',
  'console.support.short': 'Turn to: {support}',
  'console.support': 'If you cannot solve it here, turn to: {support}',

  // By status; 0: no answer came.
  'console.problem.0': 'The server did not answer.',
  'console.problem.400': 'The server did not understand this.',
  'console.problem.401': 'You are signed out.',
  'console.problem.403': 'You may not see or do this.',
  'console.problem.404': 'There is nothing of this name.',
  'console.problem.409': 'Nothing was changed.',
  'console.problem.412': 'It has changed since you looked. Nothing was changed by you.',
  'console.problem.422': 'This cannot be done as it stands. Nothing was changed.',
  'console.problem.429': 'Too many requests. Wait a moment.',
  'console.problem.500': 'Something failed on the server.',
  'console.problem.501': 'This installation does not offer that.',
  'console.problem.503': 'The lockout store does not answer.',
  'console.problem.other': 'It did not work.',

  // Why something cannot be unlocked.
  'console.ineligible.not-locked': 'Not locked',
  'console.ineligible.not-permitted': 'You may not unlock in this realm',
  'console.ineligible.not-unlockable': 'The application does not allow it',
} as const;
