/**
 * Why a mutant may live: known by its file, part of its line and (where given) what the code becomes. `report.mjs`
 * fails for a survivor that is not here, and tells of entries that nothing survives by any more.
 */
const NEVER =
  'a branch for what no type allows; it is there so that the compiler finds a case that was forgotten.';
const DROPPED =
  'a problem was written down before, so what is read here is thrown away with the rest; the check is for the compiler.';
const PRESENT = 'always there when this line is reached; the check is for the compiler.';
const SAME = 'the same result by the longer way: this only saves work.';

const never = (file) => ({ file, line: 'default:', reason: NEVER });

export const REASONS = [
  ...['clearing.ts', 'schedule.ts', 'transition.ts', 'window.ts', 'read-rule.ts', 'simulate.ts'].map(never),
  { file: 'decision.ts', line: 'x === y ? 0', reason: 'equal ones were told apart before.' },
  { file: 'failure.ts', line: 'policy.quickFailure?.lockMs', reason: `\`quickFailure\` is ${PRESENT}` },
  {
    file: 'passage.ts',
    line: 'deadlineOf(policy, charge) < deadlineOf(policy, first)',
    reason:
      'charges are kept in the order in which they came, and one policy gives all the same time: the first is always the first that is overdue. The comparison says so where a reader looks for it.',
  },
  { file: 'passage.ts', line: 'state.lock?.cause', reason: `a lock is ${PRESENT}` },
  { file: 'schedule.ts', line: 'rows[0]?.failures ?? 1', reason: `a table’s first row is ${PRESENT}` },
  { file: 'schedule.ts', line: 'rows[last]?.failures', reason: `a table’s last row is ${PRESENT}` },
  {
    file: 'window.ts',
    line: "window.kind !== 'none' && window.end",
    reason: `a window \`none\` has no end, so it is not inclusive either way; ${'the check is for the compiler.'}`,
  },
  {
    file: 'window.ts',
    line: "case 'never':",
    reason: '`never` has no duration, and no time is past one that is not a number.',
  },
  {
    file: 'window.ts',
    line: 'missing < 0',
    to: ['missing <= 0'],
    reason: 'nothing missing was answered a line before.',
  },
  {
    file: 'window.ts',
    line: 'if (state.lock) return state.lock.until',
    reason:
      'while a lock holds, nothing that is measured from its end is over, whether it ends or not; what comes after it is asked of the state without it.',
  },
  {
    file: 'window.ts',
    line: 'policy.minIntervalMs > 0',
    to: ['true', 'policy.minIntervalMs >= 0'],
    reason:
      'a pause of nothing is over at the failure itself, and a record is always kept to its last change.',
  },
  { file: 'field-reader.ts', line: 'items?.length', reason: `the list is ${PRESENT}` },
  {
    file: 'policy-limits.ts',
    line: 'fields.boolean(',
    reason: `the field is ${PRESENT} The default is never taken.`,
  },
  { file: 'policy-limits.ts', line: 'min === undefined', reason: DROPPED },
  { file: 'policy-limits.ts', line: 'if (!fields)', reason: `the object is ${PRESENT}` },
  {
    file: 'policy-limits.ts',
    line: "const [field = '']",
    reason: 'a text split has a first part; the default is for the compiler.',
  },
  { file: 'read-rule.ts', line: 'if (!fields)', reason: `the object is ${PRESENT}` },
  { file: 'read-rule.ts', line: 'return by && maximumMs', reason: DROPPED },
  { file: 'read-rule.ts', line: 'return initialMs === undefined', reason: DROPPED },
  { file: 'read-rule.ts', line: 'return stepMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: 'if (!weights)', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'if (!exempt)', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'else if (weight !== undefined)', reason: DROPPED },
  { file: 'read-policy.ts', line: 'notify?.', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'quick?.', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'window?.integer', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'window?.done', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'return withinMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: 'return durationMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: "name ?? 'unnamed'", reason: DROPPED },
  { file: 'read-policy.ts', line: 'const hasAccount', reason: DROPPED },
  { file: 'read-policy.ts', line: "schedule?.kind === 'table' ? schedule.rows : []", reason: DROPPED },
  { file: 'read-policy.ts', line: 'schedule.rows[0]?.failures', reason: `a table’s first row is ${PRESENT}` },
  {
    file: 'schedule.ts',
    line: "window.kind !== 'sliding' && windowStartedAt !== null",
    to: ['true'],
    reason: `the beginning of a count that stands is ${PRESENT}`,
  },
  {
    file: 'simulate.ts',
    line: 'from === undefined',
    to: ['false'],
    reason: 'an address that is undefined is one that is left out.',
  },
  {
    file: 'simulate.ts',
    line: 'if (!decision?.allowed)',
    to: ['false', 'decision.allowed'],
    reason:
      'what was refused has no charge, and settling one that is not there changes nothing; the answer to a charge is never missing.',
  },
  {
    file: 'presets/one-welcome.ts',
    line: 'maximumLockMs === undefined',
    to: ['false'],
    reason: 'a field that is undefined is one that is left out.',
  },
  {
    file: 'presets/out-systems.ts',
    line: '.enabled ?? true',
    to: ['user.enabled && true', 'address.enabled && true'],
    reason: 'left out, it is on by default.',
  },
  {
    file: 'presets/authgear.ts',
    line: "type = 'any-device'",
    reason: 'only `same-address` is asked for; whatever else it says counts by the account alone.',
  },
  {
    file: 'replay/lock-ledger.ts',
    line: "withoutOwn(lock, '') ??",
    reason: 'no scope part is called so, and a subject has at least one part.',
  },
  {
    file: 'replay/replay-slot.ts',
    line: "known ? 'id' : 'unknown'",
    reason: 'any two words that differ keep the names apart.',
  },
  {
    file: 'replay/replay-slot.ts',
    line: 'const crowdParts',
    reason: 'keys are only compared with one another: a part that all shared counters have tells none apart.',
  },
  {
    file: 'replay/fading-calendar.ts',
    line: 'current <= this.next',
    to: ['current < this.next'],
    reason: 'in the same minute no bucket is over either way.',
  },
  { file: 'replay/fading-calendar.ts', line: 'current - this.next > this.buckets.size', reason: SAME },
  {
    file: 'replay/replay-records.ts',
    line: 'if (!record)',
    reason: `the record of a key in the calendar is ${PRESENT}`,
  },
  {
    file: 'replay/replay-records.ts',
    line: 'if (policy)',
    reason: `a policy that reads the record is ${PRESENT}`,
  },
  { file: 'replay/replay-records.ts', line: 'state === (known?.state ?? EMPTY_STATE)', reason: SAME },
  {
    file: 'replay/replay-records.ts',
    line: 'state.pending.length === 0',
    to: ['true'],
    reason: 'a state with a charge in flight has not faded, so it is not over either.',
  },
  {
    file: 'replay/replay-records.ts',
    line: 'bucket !== null',
    to: ['true'],
    reason: 'the calendar has nothing under null; the check is for the compiler.',
  },
  never('replay/replay.ts'),
  {
    file: 'replay/replay.ts',
    line: 'isExempt: () => false',
    reason: 'never asked: without `addresses`, a policy that exempts some is refused.',
  },
  { file: 'replay/replay.ts', line: 'this.sharesCounters = ', reason: SAME },
  { file: 'replay/replay.ts', line: 'if (!this.sharesCounters)', to: ['false'], reason: SAME },
  {
    file: 'replay/replay.ts',
    line: 'brand === undefined',
    reason: 'no brand has the name undefined, so none is found.',
  },
  {
    file: 'replay/replay.ts',
    line: "method: 'newcomer'",
    reason: 'the policy of new names counts every method, whatever it is called.',
  },
  {
    file: 'replay/replay.ts',
    line: "decision.reason === 'locked'",
    to: ['true', "!decision.allowed || decision.reason === 'locked'"],
    reason:
      'a replay has no attempts in flight, so every refusal is `locked`; the check is for the compiler.',
  },
  {
    file: 'replay/replay.ts',
    line: 'record?.lock',
    to: ['record.lock'],
    reason: `the record of a key that is locked is ${PRESENT}`,
  },
  never('lint/lock-lengths.ts'),
  never('lint/steady-state.ts'),
  {
    file: 'lint-policy.ts',
    line: 'scopeWarnings(policy, [policy])',
    to: ['[]'],
    reason: 'a policy is not another beside itself.',
  },
  {
    file: 'lint/amount-text.ts',
    line: 'count >= 10',
    to: ['count > 10'],
    reason: 'ten is written alike either way.',
  },
  {
    file: 'lint/attack-trace.ts',
    line: 'volleys[middle]?.at',
    reason: `a volley in the middle is ${PRESENT}`,
  },
  {
    file: 'lint/attack-trace.ts',
    line: 'moment <= startMs',
    to: ['moment < startMs'],
    reason: 'at its start no round of the cycle is over.',
  },
  {
    file: 'lint/attack-warnings.ts',
    line: 'policy.schedule.rows[0]?.failures',
    reason: `a table’s first row is ${PRESENT}`,
  },
  {
    file: 'lint/attack-warnings.ts',
    line: '/guesss$/',
    to: ['/guesss/'],
    reason: 'the noun stands at the end.',
  },
  {
    file: 'lint/attack.ts',
    line: 'policy.quickFailure === null',
    to: ['true'],
    reason: 'where quick failures lock there is never room for two at once.',
  },
  {
    file: 'lint/attack.ts',
    line: "after('something-fades')",
    reason: 'there are two ways to wait, and only the other one is asked for by its name.',
  },
  { file: 'lint/attack.ts', line: 'this.shapes[index]?.', reason: `the shape of each policy is ${PRESENT}` },
  { file: 'lint/attack.ts', line: 'if (!policy)', reason: `a policy for each state is ${PRESENT}` },
  {
    file: 'lint/best-pace.ts',
    line: 'policies.some(',
    to: [
      "policies.every(({\n  window,\n  escalationWindow,\n  indefiniteAfterFailures\n}) => window.kind === 'sliding' || escalationWindow !== 'with-failures' || indefiniteAfterFailures !== null)",
    ],
    reason: 'asked of one policy alone: some are all of them.',
  },
  {
    file: 'lint/best-pace.ts',
    line: '!Number.isFinite(roundMs)',
    to: ['false'],
    reason: 'rounds without an end give a number that is none, and that is never the most.',
  },
  {
    file: 'lint/best-pace.ts',
    line: 'Math.min(MOST_STEPS',
    to: ['Math.max(MOST_STEPS, 100 + 4 * atOnce.trace.volleys.length)'],
    reason:
      'two rounds need no more steps than that; the bound saves work where rounds never come to be alike.',
  },
  {
    file: 'lint/fading.ts',
    line: 'const none = {',
    reason: 'without failures, when they were is not asked.',
  },
  {
    file: 'lint/fading.ts',
    line: 'oldest !== undefined',
    to: ['true'],
    reason: 'no time is later than one that is not a number.',
  },
  {
    file: 'lint/guess-rate.ts',
    line: 'states.some(({ lock }) => lock !== null)',
    reason:
      'an opening failure that locks is not played on, which saves work: such a beginning is seldom the best, and playing it would find no fewer guesses.',
  },
  {
    file: 'lint/guess-rate.ts',
    line: "window.end === 'inclusive'",
    to: ['false', '""'],
    reason: 'a millisecond before its last one is late enough: as many guesses come after it.',
  },
  {
    file: 'lint/guess-rate.ts',
    line: 'volleys.at(-1)?.at ?? 0) >= days(365)',
    to: ['(best.trace.volleys.at(-1)?.at ?? 0) > days(365)', 'best.trace.volleys.at(-1).at'],
    reason:
      'an attack of thousands of steps has a last one; that it comes at exactly a year to the millisecond is of no account.',
  },
  {
    file: 'lint/guess-rate.ts',
    line: 'a.perYear >= b.perYear',
    to: ['a.perYear > b.perYear'],
    reason: 'of two tactics that are as good as each other either is told.',
  },
  {
    file: 'lint/guess-rate.ts',
    line: 'a.perYear <= b.perYear',
    to: ['a.perYear < b.perYear'],
    reason: 'of two tactics that are as good as each other either is told.',
  },
  {
    file: 'lint/steady-state.ts',
    line: 'windowStartedAt === null || lastLockEndedAt > windowStartedAt',
    to: ['false'],
    reason: 'every moment is past a beginning that is none, which compares as zero; the check says so.',
  },
  { file: 'lint/guess-rate.ts', line: 'perAddress.length === 0', to: ['false'], reason: SAME },
  { file: 'lint/guess-rate.ts', line: 'shared.length === 0', to: ['false'], reason: SAME },
  {
    file: 'lint/holding-cost.ts',
    line: 'a.requestsFirstDay < b.requestsFirstDay',
    to: ['a.requestsFirstDay <= b.requestsFirstDay'],
    reason: 'of two that cost the same either is told.',
  },
  {
    file: 'lint/holding-cost.ts',
    line: 'a.requestsPerDay < b.requestsPerDay',
    to: ['a.requestsPerDay <= b.requestsPerDay'],
    reason: 'equal ones were told apart before.',
  },
  {
    file: 'lint/lock-profile.ts',
    line: 'playUnwaiting(watch).at(-1)?.trace',
    reason: `an attack to look at is ${PRESENT}`,
  },
  { file: 'lint/lock-profile.ts', line: 'trace?.volleys', reason: `an attack to look at is ${PRESENT}` },
  {
    file: 'lint/lock-profile.ts',
    line: 'until.at(-1)?.lockMs',
    reason: `the volley that locks is ${PRESENT}`,
  },
  { file: 'lint/nist-verdict.ts', line: 'watch.policies.filter(canBeIndefinite)', reason: SAME },
  {
    file: 'lint/pci-verdict.ts',
    line: 'if (watch.policies.length === 0)',
    to: ['false'],
    reason: SAME,
  },
  {
    file: 'lint/pci-verdict.ts',
    line: 'longestLockMs: 0, shorter: false',
    reason: 'where nothing limits attempts, shorter locks are not told of.',
  },
  {
    file: 'lint/pci-verdict.ts',
    line: 'attempts === Number.POSITIVE_INFINITY',
    to: ['true'],
    reason: 'where a number of attempts ends with a long lock, the longest is long.',
  },
  {
    file: 'lint/rule-warnings.ts',
    line: "if (window.kind === 'none')",
    reason:
      'a window `none` has no length, and nothing is shorter or longer than that; the check is for the compiler.',
  },
  {
    file: 'lint/rule-warnings.ts',
    line: "window.kind === 'idle' && window.anchor",
    to: ['true'],
    reason: 'no other window has an anchor; the check is for the compiler.',
  },
  {
    file: 'lint/rule-warnings.ts',
    line: 'longest !== null',
    to: ['true'],
    reason: 'no window is as short as none; the check is for the compiler.',
  },
  {
    file: 'lint/steady-state.ts',
    line: "case 'linear':",
    reason: 'the next case says the same.',
  },
  {
    file: 'lint/steady-state.ts',
    line: 'policy.schedule.rows.at(-1)?.failures',
    reason: `a table’s last row is ${PRESENT}`,
  },
  {
    file: 'lint/steady-state.ts',
    line: 'state.failures <= failures',
    to: ['state.failures < failures'],
    reason: 'at the border the longer way gives the border, too.',
  },
  {
    file: 'stricter-state.ts',
    line: 'a === null || b === null ? (a ?? b)',
    reason: 'without a moment the other is the later one: compared, none counts as 1970.',
  },
  {
    file: 'stricter-state.ts',
    line: 'a === b || (a !== null && b !== null',
    to: ['false', 'true', 'a !== null && b !== null'],
    reason: 'it is asked for a lock that was set here; whether both are missing is then not the question.',
  },
  {
    file: 'stricter-state.ts',
    line: 'if (a === null || b === null) return a ?? b',
    to: ['false'],
    reason: `the lock that was set here is ${PRESENT}`,
  },
  {
    file: 'stricter-state.ts',
    line: 'end(a) > end(b)',
    to: ['end(a) >= end(b)'],
    reason: 'equal ones were told apart before.',
  },
  {
    file: 'stricter-state.ts',
    line: 'a.length >= b.length',
    to: ['a.length > b.length'],
    reason: 'of two lists that are as long either may be called the longer.',
  },
  {
    file: 'stricter-state.ts',
    line: 'state?.pending ?? []',
    reason: 'no charge has the name undefined.',
  },
  {
    file: 'stricter-state.ts',
    line: 'added.length === 0 ? state',
    to: ['false'],
    reason: SAME,
  },
  {
    file: 'stricter-state.ts',
    line: "field === 'updatedAt' ||",
    to: ['false', '""'],
    reason: 'the time of the last change only moves where something else does.',
  },
  {
    file: 'stricter-state.ts',
    line: 'ours.state.lock !== null',
    to: ['true'],
    reason: 'no lock here is never the stricter one.',
  },
];
