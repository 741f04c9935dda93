/** The console's texts of the simulator: what a policy makes of some attempts. Lengths come in as text. */
export const CONSOLE_SIMULATOR_MESSAGES = {
  'console.simulator.title': 'What would happen?',
  'console.simulator.intro':
    'Attempts at one account, one after the other, against the rule that decides in production. Nothing is stored and nobody is locked.',
  'console.simulator.quick': 'Add to the story',
  'console.simulator.add.wrong': 'A wrong password',
  'console.simulator.add.five': '5 wrong, one a second',
  'console.simulator.add.right': 'The right password',
  'console.simulator.add.until': 'Wait until the lock ends',
  'console.simulator.add.quarter': 'Wait 15 minutes',
  'console.simulator.add.day': 'Wait a day',
  'console.simulator.add.unlock': 'An administrator unlocks',
  'console.simulator.add.reset-password': 'A password reset',
  'console.simulator.custom': 'Something else',
  'console.simulator.custom.times': 'How many',
  'console.simulator.custom.every': 'One every',
  'console.simulator.custom.outcome': 'Attempts',
  'console.simulator.custom.method': 'By',
  'console.simulator.custom.other': 'a method that is not counted',
  'console.simulator.custom.add': 'Add',
  'console.simulator.custom.bad': 'Enter how many (1 to 500) and how far apart.',
  'console.simulator.outcome.failure': 'wrong',
  'console.simulator.outcome.success': 'right',
  'console.simulator.outcome.first-factor': 'right, a second factor to come',
  'console.simulator.outcome.abandoned': 'not answered: a fault of ours',
  'console.simulator.undo': 'Take back the last',
  'console.simulator.clear': 'Start over',
  'console.simulator.full': 'This story is as long as it can be.',
  'console.simulator.empty': 'Nothing happens yet',
  'console.simulator.empty-text': 'Add an attempt to see what the policy makes of it.',

  'console.simulator.governing': 'Governs now',
  'console.simulator.draft': 'Your draft',
  'console.simulator.draft.none': 'Change something under Edit to see it beside what governs now.',
  'console.simulator.draft.wrong': 'The draft has something to put right before it can be tried.',
  'console.simulator.table': 'What happens, step by step',
  'console.simulator.at': 'Time',
  'console.simulator.what': 'What is tried',
  'console.simulator.lanes': 'Timeline, not to scale',
  'console.simulator.lanes.summary':
    '{name}: {verified, plural, =0 {no wrong guess is} one {# wrong guess is} other {# wrong guesses are}} verified, {refused, plural, one {# attempt} other {# attempts}} refused, {locks, plural, =0 {no lock} one {# lock} other {# locks}}.',
  'console.simulator.legend.verified': 'verified',
  'console.simulator.legend.refused': 'refused',
  'console.simulator.legend.locked': 'locked',
  'console.simulator.legend.signed-in': 'signed in',

  'console.simulator.step.failure':
    '{method, select, other_method {A wrong guess by another method} other {A wrong {method}}}',
  'console.simulator.step.success':
    '{method, select, other_method {Signs in by another method} other {The right {method}}}',
  'console.simulator.step.first-factor':
    '{method, select, other_method {A first factor by another method} other {The right {method}, as a first factor}}',
  'console.simulator.step.abandoned': 'A fault of the application during an attempt',
  'console.simulator.step.complete': 'All factors are complete',
  'console.simulator.step.unlock': 'An administrator unlocks',
  'console.simulator.step.reset-password': 'A password reset is completed',
  'console.simulator.step.nothing': 'Nothing',
  'console.simulator.step.wait': '{duration} pass',

  'console.simulator.result.failed':
    'Wrong. {counted, select, yes {{remaining, plural, one {# attempt} other {# attempts}} left before a lock} other {Not counted}}.',
  'console.simulator.result.locks': 'Wrong, and locks for {duration}.',
  'console.simulator.result.locks-endless': 'Wrong, and locks until somebody unlocks.',
  'console.simulator.result.refused': 'Refused without a look: locked for {duration} more.',
  'console.simulator.result.refused-pause': 'Refused without a look: a pause of {duration} more.',
  'console.simulator.result.refused-endless': 'Refused without a look: locked until somebody unlocks.',
  'console.simulator.result.signed-in':
    'Signed in. {failures, plural, =0 {No failure counts} one {# failure counts} other {# failures count}} now.',
  'console.simulator.result.abandoned':
    'Not judged. {failures, plural, =0 {No failure counts} one {# failure counts} other {# failures count}} now.',
  'console.simulator.result.lifted': 'The lock is lifted.',
  'console.simulator.result.ended':
    'The lock has ended.{counted, select, yes { {remaining, plural, one {# attempt} other {# attempts}} left before the next.} other {}}',
  'console.simulator.result.free':
    'Not locked. {failures, plural, =0 {No failure counts} one {# failure counts} other {# failures count}} now.',
  'console.simulator.result.still': 'Still locked, for {duration} more.',
  'console.simulator.result.still-endless': 'Still locked, until somebody unlocks.',
} as const;
