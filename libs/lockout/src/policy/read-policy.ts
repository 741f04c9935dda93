import { days, minutes } from './duration.js';
import { FieldReader, NAME_HINT, NAME_PATTERN, quote } from './field-reader.js';
import { MANUAL_NAME } from './manual-name.js';
import type { LockoutPolicy, PolicyCore, ScopePart, ThresholdPolicy } from './policy.js';
import type { PolicyProblem } from './policy-error.js';
import { limitProblems, readLimits } from './policy-limits.js';
import { COUNT, DURATION, DURATION_HINT, readSchedule, readWindow } from './read-rule.js';
import { MAX_TIMES } from './state.js';

/** Charges nobody settles count as failures after this long, unless a policy says otherwise. */
export const DEFAULT_ATTEMPT_TIMEOUT_MS = minutes(2);

const METHODS_HINT = '"all", or a list of method names, e.g. ["password"]';
const SCOPE_HINT = 'a list of "account", "address", "device" or { custom: "…" }';
const BUILT_IN_PARTS = ['account', 'address', 'device'] as const;

/** What is read so far: a field is undefined where it had a problem. */
type Draft<T> = { -readonly [K in keyof T]: T[K] | undefined };

function readMethods(fields: FieldReader): PolicyCore['counts'] | undefined {
  const value = fields.raw('counts');
  if (value === undefined || value === 'all') return 'all';
  if (!Array.isArray(value)) return fields.problem('counts', `must not be ${quote(value)}`, METHODS_HINT);
  const methods = fields.strings('counts', NAME_HINT, (method) => NAME_PATTERN.test(method));
  if (!methods) return undefined;
  if (methods.length === 0) return fields.problem('counts', 'is empty: nothing would count', METHODS_HINT);
  if (new Set(methods).size < methods.length)
    return fields.problem('counts', 'names a method twice', METHODS_HINT);
  return [...methods];
}

const partName = (part: ScopePart): string => (typeof part === 'string' ? part : `custom:${part.custom}`);

/** Longest scope that a store takes: the parts' names joined by `+`, custom ones with `custom:` before them. */
const MAX_SCOPE_LENGTH = 64;

function readScope(fields: FieldReader): readonly ScopePart[] | undefined {
  if (fields.raw('scope') === undefined) return ['account'];
  const items = fields.list('scope', SCOPE_HINT);
  if (!items) return undefined;
  if (items.length === 0 || items.length > 8)
    return fields.problem('scope', `has ${items.length} parts`, '1 to 8 parts');
  const parts: ScopePart[] = [];
  for (const [index, item] of items.entries()) {
    const builtIn = BUILT_IN_PARTS.find((part) => part === item);
    if (builtIn) {
      parts.push(builtIn);
      continue;
    }
    const part = new FieldReader(item, fields.at(`scope[${index}]`), fields.problems, SCOPE_HINT);
    const custom = part.name('custom');
    part.done();
    if (custom !== undefined) parts.push({ custom });
  }
  if (parts.length < items.length) return undefined;
  const names = parts.map(partName);
  if (names.join('+').length > MAX_SCOPE_LENGTH)
    return fields.problem(
      'scope',
      'has too long names',
      `at most ${MAX_SCOPE_LENGTH} characters: ${names.join('+')}`,
    );
  return new Set(names).size < names.length
    ? fields.problem('scope', 'names a part twice', SCOPE_HINT)
    : parts;
}

function readWeights(
  fields: FieldReader,
  counts: PolicyCore['counts'] | undefined,
): PolicyCore['weights'] | undefined {
  if (fields.raw('weights') === undefined) return {};
  const weights = fields.fields('weights', 'e.g. { password: 1, "recovery-code": 2 }');
  if (!weights) return undefined;
  const read: Record<string, number> = {};
  for (const method of weights.names()) {
    const weight = weights.integer(method, { min: 1, max: MAX_TIMES }, 'a whole number');
    if (!NAME_PATTERN.test(method)) weights.problem(method, 'is no method name', NAME_HINT);
    else if (counts && counts !== 'all' && !counts.includes(method)) {
      weights.problem(method, 'is not counted by this policy', 'name only methods of `counts`');
    } else if (weight !== undefined) Object.defineProperty(read, method, { value: weight, enumerable: true });
  }
  return read;
}

function readExempt(fields: FieldReader): PolicyCore['exempt'] | undefined {
  if (fields.raw('exempt') === undefined) return { accounts: [], addresses: [] };
  const exempt = fields.fields('exempt', '{ accounts: ["root"], addresses: ["10.0.0.0/8"] }');
  if (!exempt) return undefined;
  const read = (name: string, hint: string) =>
    exempt.raw(name) === undefined
      ? []
      : exempt.strings(name, hint, (item) => item.trim() !== '' && item.length <= 256);
  const accounts = read('accounts', 'account ids, 1 to 256 characters');
  const addresses = read('addresses', 'addresses or CIDR ranges, e.g. "10.0.0.0/8"');
  exempt.done();
  return accounts && addresses && { accounts: [...accounts], addresses: [...addresses] };
}

function readNotify(fields: FieldReader): PolicyCore['notify'] | undefined {
  if (fields.raw('notify') === undefined || fields.raw('notify') === null) return null;
  const notify = fields.fields('notify', '{ from: 5 }, or null');
  const has = (name: string) => notify?.raw(name) !== undefined;
  const read = {
    // Without either it would say nothing.
    ...(has('from') || !has('successAfter')
      ? { from: notify?.integer('from', COUNT, 'the first failure to tell of') }
      : {}),
    ...(has('successAfter')
      ? { successAfter: notify?.integer('successAfter', COUNT, 'failures in a row before a success') }
      : {}),
  };
  notify?.done();
  const isRead = Object.values<unknown>(read).every((value) => value !== undefined);
  return isRead ? (read as PolicyCore['notify']) : undefined;
}

function readQuickFailure(fields: FieldReader): PolicyCore['quickFailure'] | undefined {
  if (fields.raw('quickFailure') === undefined || fields.raw('quickFailure') === null) return null;
  const quick = fields.fields('quickFailure', '{ withinMs: seconds(1), lockMs: minutes(1) }, or null');
  const withinMs = quick?.integer('withinMs', DURATION, DURATION_HINT);
  const lockMs = quick?.integer('lockMs', DURATION, DURATION_HINT);
  quick?.done();
  return withinMs === undefined || lockMs === undefined ? undefined : { withinMs, lockMs };
}

function readEscalationWindow(fields: FieldReader): PolicyCore['escalationWindow'] | undefined {
  const value = fields.raw('escalationWindow');
  const hint = '"with-failures", "never" or { durationMs: hours(24) }';
  if (value === undefined) return 'with-failures';
  if (value === 'with-failures' || value === 'never') return value;
  const window = fields.fields('escalationWindow', hint);
  const durationMs = window?.integer('durationMs', DURATION, DURATION_HINT);
  window?.done();
  return durationMs === undefined ? undefined : { durationMs };
}

function readMessages(fields: FieldReader): PolicyCore['messages'] | undefined {
  if (fields.raw('messages') === undefined) return [];
  const messages = fields.strings(
    'messages',
    'sentences of 1 to 500 characters',
    (text) => text.trim() !== '' && text.length <= 500,
  );
  return messages && [...messages];
}

function notReserved(fields: FieldReader, field: string, value: string | undefined): void {
  if (value?.toLowerCase() !== MANUAL_NAME) return;
  fields.problem(
    field,
    `is reserved: "${value}"`,
    'choose another; it names the locks that administrators set',
  );
}

/** Success and reset belong to an account: on a key without one they must clear nothing (P4). */
function checkAccountFields(fields: FieldReader, core: Draft<PolicyCore>): void {
  const { scope, onSuccess, onPasswordReset, window } = core;
  if (scope && !scope.includes('account')) {
    const why = 'needs "account" in the scope: signing in to an own account would clear it for all';
    if (onSuccess && onSuccess !== 'refund')
      fields.problem('onSuccess', `"${onSuccess}" ${why}`, 'use "refund", the default here');
    if (onPasswordReset && onPasswordReset !== 'keep') {
      fields.problem('onPasswordReset', `"${onPasswordReset}" ${why}`, 'use "keep", the default here');
    }
  }
  if (onSuccess === 'clear-own-address' && window?.kind === 'sliding') {
    const hint = 'use an idle or fixed window, or onSuccess "clear"';
    fields.problem('onSuccess', '"clear-own-address" does not work with a sliding window', hint);
  }
}

function readCore(fields: FieldReader): Draft<PolicyCore> {
  const name = fields.name('name');
  const counter = fields.name('counter', name ?? 'unnamed');
  notReserved(fields, 'name', name);
  if (fields.raw('counter') !== undefined) notReserved(fields, 'counter', counter);
  const counts = readMethods(fields);
  const scope = readScope(fields);
  const hasAccount = scope?.includes('account') ?? true;
  const core: Draft<PolicyCore> = {
    name,
    counter,
    enabled: fields.boolean('enabled', true),
    enforce: fields.boolean('enforce', true),
    counts,
    refuses: fields.oneOf('refuses', ['counted', 'all'], 'counted'),
    scope,
    window: readWindow(fields),
    escalationWindow: readEscalationWindow(fields),
    indefiniteAfterLockouts: fields.integerOrNull('indefiniteAfterLockouts', COUNT, 'a number of lockouts'),
    indefiniteAfterFailures: fields.integerOrNull('indefiniteAfterFailures', COUNT, 'a number of failures'),
    onSuccess: fields.oneOf(
      'onSuccess',
      ['clear', 'refund', 'clear-own-address'],
      hasAccount ? 'clear' : 'refund',
    ),
    onPasswordReset: fields.oneOf(
      'onPasswordReset',
      ['unlock', 'unlock-timed', 'keep'],
      hasAccount ? 'unlock-timed' : 'keep',
    ),
    selfService: fields.oneOf('selfService', ['none', 'timed', 'all'], 'timed'),
    unlockKeepsEscalation: fields.boolean('unlockKeepsEscalation', false),
    unlockKeepsCount: fields.boolean('unlockKeepsCount', false),
    unknownAccounts: fields.oneOf('unknownAccounts', ['track', 'ignore'], 'track'),
    exempt: readExempt(fields),
    weights: readWeights(fields, counts),
    minIntervalMs: fields.integer('minIntervalMs', { ...DURATION, min: 0 }, DURATION_HINT, 0),
    quickFailure: readQuickFailure(fields),
    attemptTimeoutMs: fields.integer(
      'attemptTimeoutMs',
      { min: 1, max: days(1) },
      DURATION_HINT,
      DEFAULT_ATTEMPT_TIMEOUT_MS,
    ),
    abandonAllowance: undefined,
    retentionMs: fields.integerOrNull('retentionMs', DURATION, DURATION_HINT),
    notify: readNotify(fields),
    messages: readMessages(fields),
    limits: readLimits(fields),
  };
  checkAccountFields(fields, core);
  return core;
}

/** A sliding window remembers so many failures one by one: a lock that needs more could never come. */
function checkSliding(
  fields: FieldReader,
  path: string,
  window: PolicyCore['window'] | undefined,
  lockingCount: number | undefined,
): void {
  if (window?.kind !== 'sliding' || lockingCount === undefined || lockingCount <= MAX_TIMES) return;
  const hint = `at most ${MAX_TIMES} with a sliding window; use an idle or fixed one for more`;
  fields.problem(path, `needs ${lockingCount} failures to be remembered one by one`, hint);
}

const LOCKING_FIELDS = ['threshold', 'locksOn', 'afterLock'] as const;
type LockingRule = Partial<Draft<Pick<ThresholdPolicy, (typeof LOCKING_FIELDS)[number]>>>;

/** Which failure locks: the rows of a table say so themselves, every other schedule needs a threshold. */
function readLockingRule(
  fields: FieldReader,
  core: Draft<PolicyCore>,
  schedule: LockoutPolicy['schedule'] | undefined,
): LockingRule {
  const written = fields.raw('schedule');
  if (typeof written === 'object' && written !== null && 'kind' in written && written.kind === 'table') {
    for (const field of LOCKING_FIELDS) {
      if (fields.raw(field) === undefined) continue;
      fields.problem(field, 'does not go with a table', 'remove it: the rows say which failures lock');
    }
    const rows = schedule?.kind === 'table' ? schedule.rows : [];
    const last = rows.length - 1;
    checkSliding(fields, `schedule.rows[${last}].failures`, core.window, rows[last]?.failures);
    return {};
  }
  const threshold = fields.integer('threshold', COUNT, 'the failure that locks');
  const locksOn = fields.oneOf('locksOn', ['reaching', 'exceeding'], 'reaching');
  const afterLocks = [
    'relock-on-next-failure',
    'relock-at-each-multiple',
    'fresh-budget',
    'fresh-budget-at-end',
  ] as const;
  const afterLock = fields.oneOf('afterLock', afterLocks, 'relock-on-next-failure');
  const lockingCount = threshold === undefined ? undefined : threshold + (locksOn === 'exceeding' ? 1 : 0);
  checkSliding(fields, 'threshold', core.window, lockingCount);
  return { threshold, locksOn, afterLock };
}

/** Reads one policy; undefined after writing down its problems. */
export function readPolicy(
  value: unknown,
  path: string,
  problems: PolicyProblem[],
): LockoutPolicy | undefined {
  const before = problems.length;
  const fields = new FieldReader(value, path, problems, 'e.g. { name: "login", threshold: 5, schedule: … }');
  const core = readCore(fields);
  const schedule = readSchedule(fields);
  const rule = readLockingRule(fields, core, schedule);
  const first = schedule?.kind === 'table' ? schedule.rows[0]?.failures : rule.threshold;
  core.abandonAllowance = fields.integer(
    'abandonAllowance',
    { min: 0, max: COUNT.max },
    'refunds per window',
    first ?? 1,
  );
  const draft = { ...core, ...rule, schedule };
  limitProblems(fields, core.limits, draft);
  fields.done();
  // Without a new problem every field of the draft is there.
  return problems.length === before ? (draft as LockoutPolicy) : undefined;
}
