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
    line: "policy.escalationWindow === 'never'",
    reason: 'as above: no number, so no end.',
  },
  { file: 'window.ts', line: 'missing === 0', reason: SAME },
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
  { file: 'define-policy.ts', line: 'Object.isFrozen', reason: SAME },
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
  { file: 'read-rule.ts', line: 'return durationMs === undefined', reason: DROPPED },
  { file: 'read-rule.ts', line: 'return initialMs === undefined', reason: DROPPED },
  { file: 'read-rule.ts', line: 'return stepMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: 'if (!weights)', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'if (!exempt)', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'else if (weight !== undefined)', reason: DROPPED },
  { file: 'read-policy.ts', line: 'notify?.', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'quick?.', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'window?.integer', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'window?.done', reason: `the object is ${PRESENT}` },
  { file: 'read-policy.ts', line: 'return from === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: 'return withinMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: 'return durationMs === undefined', reason: DROPPED },
  { file: 'read-policy.ts', line: "name ?? 'unnamed'", reason: DROPPED },
  { file: 'read-policy.ts', line: 'const hasAccount', reason: DROPPED },
  { file: 'read-policy.ts', line: "schedule?.kind === 'table' ? schedule.rows : []", reason: DROPPED },
  { file: 'read-policy.ts', line: 'schedule.rows[0]?.failures', reason: `a table’s first row is ${PRESENT}` },
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
  {
    file: 'replay/replay.ts',
    line: '!isLoss ? charged',
    to: ['this.records.get(slot.key).state'],
    reason: `after a loss, the record is ${PRESENT}`,
  },
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
];
