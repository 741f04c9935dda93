/**
 * The console's texts about policies: the list, what a policy says in words, its history and what it is tried with. Times
 * and lengths come in as text, already in the reader's language.
 */
export const CONSOLE_POLICIES_MESSAGES = {
  'console.policies.title': 'Policies',
  'console.policies.intro':
    'What locks, for how long, and what lifts it. Code gives each policy; what is saved here governs instead, on every server within a second.',
  'console.policies.empty': 'No policy is configured.',
  'console.policies.source.configured': 'as in code',
  'console.policies.source.saved': 'saved, version {version, number}',
  'console.policies.source.global': 'as the policy for all brands',
  'console.policies.saved-by': 'by {by}',
  'console.policies.reason': 'Reason: {reason}',
  'console.policies.mode.enforced': 'Enforced',
  'console.policies.mode.monitor': 'Only watches',
  'console.policies.mode.disabled': 'Off',
  'console.policies.brand': 'Brand {brand}',
  'console.policies.brands': 'Brands with rules of their own',
  'console.policies.brands.none': 'Every brand uses this policy as it is.',
  'console.policies.brands.intro':
    'A brand with rules of its own uses them instead of these. Failures and locks still belong to the account, whatever brand it signs in through.',
  'console.policies.brands.add': 'Add rules for a brand',
  'console.policies.brands.name': 'Brand, as the application names it',
  'console.policies.brands.go': 'Enter its rules',
  'console.policies.brands.blank': 'Enter the name of a brand.',
  'console.policies.brands.differs':
    '{count, plural, =0 {Same as for all brands} one {# setting differs} other {# settings differ}}',
  'console.policies.brands.all': 'All brands',
  'console.policies.brands.this': 'This brand',
  'console.policies.brands.against-global': 'Other than for all brands',
  'console.policies.warnings': '{count, plural, one {# warning} other {# warnings}}',
  'console.policies.tabs': 'About this policy',
  'console.policies.tab.rule': 'Rule',
  'console.policies.tab.edit': 'Edit',
  'console.policies.tab.edit-draft': 'Edit (not saved)',
  'console.policies.tab.try': 'What if',
  'console.policies.tab.history': 'History',
  'console.policies.words.title': 'What governs',
  'console.policies.all-settings': 'All settings',
  'console.policies.setting': 'Setting',
  'console.policies.value': 'Now',
  'console.policies.in-code': 'In code',
  'console.policies.limits': 'May be',
  'console.policies.counter': 'Counter',
  'console.policies.scope': 'Counts by',
  'console.policies.key-parts':
    'Counter and scope are part of every stored count and can only be changed in code.',
  'console.policies.read-only': 'You may look at policies, but not change them.',
  'console.policies.not-found': 'There is no policy of this name.',
  'console.policies.back': 'All policies',
  'console.policies.lint.title': 'What the linter says',
  'console.policies.lint.none': 'The linter finds nothing odd.',
  'console.policies.lint.policy': 'This policy',
  'console.policies.lint.warning': 'Warning',
  'console.policies.lint.info': 'Note',
  'console.policies.lint.hint': 'Instead: {hint}',

  'console.policies.part.account': 'account',
  'console.policies.part.address': 'address',
  'console.policies.part.device': 'device',

  'console.policies.words.disabled': 'It is off: it neither counts nor refuses.',
  'console.policies.words.monitor': 'It only watches: it counts and reports, and refuses nobody.',
  'console.policies.words.counts':
    'Failures {methods, select, all {of every method} other {by {list}}} are counted, for each {scope} apart.',
  'console.policies.words.locks.reaching':
    'The {threshold, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} failure locks.',
  'console.policies.words.locks.exceeding':
    '{threshold, plural, one {# failure is} other {# failures are}} allowed; the {next, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} locks.',
  'console.policies.words.length.fixed': 'A lock lasts {duration}.',
  'console.policies.words.length.exponential':
    'The first lock lasts {first}; each further {by, select, failures {failure} other {lock}} makes it {factor, number} times as long{capped, select, yes {, up to {maximum}} other {}}.',
  'console.policies.words.length.linear':
    'The first lock lasts {first}; each further {by, select, failures {failure} other {lock}} adds {step}{capped, select, yes {, up to {maximum}} other {}}.',
  'console.policies.words.length.multiples':
    'The first lock lasts {step}; {by, select, failures {each multiple of the threshold} other {each further lock}} adds as much again{capped, select, yes {, up to {maximum}} other {}}.',
  'console.policies.words.length.indefinite': 'A lock lasts until somebody lifts it.',
  'console.policies.words.row':
    'the {failures, selectordinal, one {#st} two {#nd} few {#rd} other {#th}} failure {ends, select, yes {for {duration}} other {until somebody lifts it}}',
  'console.policies.words.table':
    'These failures lock: {rows}. Each further one locks like the last of these.',
  'console.policies.words.after.relock-on-next-failure': 'After a lock the very next failure locks again.',
  'console.policies.words.after.relock-at-each-multiple':
    'After a lock, every {threshold, plural, one {failure} other {# failures}} lock again.',
  'console.policies.words.after.fresh-budget': 'After a lock all attempts are there again.',
  'console.policies.words.after.fresh-budget-at-end': 'When a lock ends, all attempts are there again.',
  'console.policies.words.refuses.counted': 'While locked, other methods still work.',
  'console.policies.words.refuses.all': 'While locked, every method is refused.',
  'console.policies.words.window.none': 'Time does not make failures forgotten.',
  'console.policies.words.window.idle': 'Failures are forgotten {duration} after the last one.',
  'console.policies.words.window.idle-or-lock':
    'Failures are forgotten {duration} after the last one, or after the end of the last lock.',
  'console.policies.words.window.fixed': 'Failures are forgotten {duration} after the first one.',
  'console.policies.words.window.sliding': 'Each failure is forgotten after {duration}.',
  'console.policies.words.escalation.never': 'Time does not make locks shorter again.',
  'console.policies.words.escalation.duration': 'Locks are short again {duration} after the last one ended.',
  'console.policies.words.success.clear': 'A successful sign-in clears the count.',
  'console.policies.words.success.refund': 'A successful sign-in clears nothing.',
  'console.policies.words.success.clear-own-address':
    'A successful sign-in clears what failed from its own address.',
  'console.policies.words.password-reset.unlock': 'A completed password reset lifts any lock.',
  'console.policies.words.password-reset.unlock-timed':
    'A completed password reset lifts a lock, except one without an end.',
  'console.policies.words.password-reset.keep': 'A completed password reset lifts no lock.',
  'console.policies.words.endless.lockouts':
    'After {count, plural, one {# lock} other {# locks}} in a row the next one lasts until somebody lifts it.',
  'console.policies.words.endless.failures':
    '{count, plural, one {# failure} other {# failures}} without a success, however slow, lock until somebody lifts it.',
  'console.policies.words.pause': 'After each failure, attempts are refused for {duration}.',
  'console.policies.words.quick': 'Two failures within {within} lock for {duration}.',
  'console.policies.words.weights': 'Some failures weigh more: {list}.',
  'console.policies.words.exempt': 'Never counted or refused: {list}.',
  'console.policies.words.unknown.ignore': 'Names that nobody has are not counted.',
  'console.policies.words.retention': 'A count ends {duration} after its last failure or lock.',

  'console.policies.changes': '{count, plural, =0 {No changes} one {# change} other {# changes}}',
  'console.policies.changes.none': 'Nothing differs from what governs.',
  'console.policies.changes.caption': 'What saving would change',
  'console.policies.changes.before': 'Before',
  'console.policies.changes.after': 'After',
  'console.policies.changes.absent': '–',
  'console.policies.change': '{label}: {before} → {after}',

  'console.policies.history.title': 'History',
  'console.policies.history.empty': 'Never saved: it is as in code.',
  'console.policies.history.version': 'Version {version, number}',
  'console.policies.history.now': 'governs now',
  'console.policies.history.removed': 'Back to what code says',
  'console.policies.history.removed-brand': 'Back to the policy for all brands',
  'console.policies.history.same': 'No setting differs from the version before.',
  'console.policies.history.against': 'Compared with the version before',
  'console.policies.history.against-code': 'Compared with code, as it is today',
  'console.policies.history.show': 'Show changes',
  'console.policies.history.revert': 'Bring back version {version, number}',
  'console.policies.history.more': 'Show earlier versions',
  'console.policies.revert.title': 'Bring back version {version, number}?',
  'console.policies.revert.none': 'It says the same as what governs now.',
  'console.policies.revert.confirm': 'Bring it back',
  'console.policies.remove.title': 'Back to what code says?',
  'console.policies.remove.title-brand': 'Back to the policy for all brands?',
  'console.policies.remove.open': 'Back to code …',
  'console.policies.remove.open-brand': 'Remove the rules of this brand …',
  'console.policies.remove.confirm': 'Go back',
  'console.policies.remove.intro':
    'What was saved stays in the history. Locks in force keep their end; counts stay.',
  'console.policies.cancel': 'Cancel',
} as const;
