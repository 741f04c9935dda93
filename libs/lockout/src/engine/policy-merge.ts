import { addressProblem } from '../key/address-set.js';
import { definePolicy } from '../policy/define-policy.js';
import { isTablePolicy, type LockoutPolicy, type PolicyInput } from '../policy/policy.js';
import { PolicyError, type PolicyProblem } from '../policy/policy-error.js';
import { hintOf, valueAt } from '../policy/policy-limits.js';

/** What a save may not change: the first three make stored keys and rows (R17), the last is set in code (OW-14). */
const FIXED = {
  name: 'make another policy in code',
  counter: 'it is part of every stored key (R17)',
  scope: 'it is part of every stored key (R17)',
  limits: 'only code sets what may be entered (OW-14)',
} as const;

/** Fields of a threshold; a table says by its rows which failures lock. */
const LOCKING_FIELDS: readonly string[] = ['threshold', 'locksOn', 'afterLock'];

/** A policy's settings as they are saved and shown: everything that it says, except its limits. */
export function settingsOf(policy: LockoutPolicy): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(policy).filter(([field]) => field !== 'limits'));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Equal as JSON; order of fields does not matter. */
function equals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    x.length === y.length &&
    x.every(([key, value]) => Object.hasOwn(b, key) && equals(value, Reflect.get(b, key)))
  );
}

/** The base's own fields that the new settings leave standing. */
function standing(base: LockoutPolicy, settings: Readonly<Record<string, unknown>>): [string, unknown][] {
  const { schedule } = settings;
  const becomesTable = isObject(schedule) && schedule['kind'] === 'table' && !isTablePolicy(base);
  return Object.entries(base).filter(([field]) => !becomesTable || !LOCKING_FIELDS.includes(field));
}

/**
 * Limited numbers that the new policy does without: a lock of another kind would have none (OW-14). Where the limits name
 * numbers of kinds that the base is not, code has thought of those: one of them will do.
 */
function evadedLimits(base: LockoutPolicy, policy: LockoutPolicy): readonly PolicyProblem[] {
  return Object.entries(base.limits).flatMap(([path, limit]): PolicyProblem[] => {
    if (valueAt(base, path) === undefined || valueAt(policy, path) !== undefined) return [];
    const [field] = path.split('.');
    const siblings = Object.keys(base.limits).filter((other) => other.split('.')[0] === field);
    const namesOtherKinds = siblings.some((other) => valueAt(base, other) === undefined);
    if (namesOtherKinds && siblings.some((other) => typeof valueAt(policy, other) === 'number')) return [];
    return [{ path, message: 'must not be left out: code limits it', hint: hintOf(limit) }];
  });
}

/** Exempt addresses that are none: they would otherwise show at the next attempt, as an exception at every one. */
export function exemptProblems({ exempt }: LockoutPolicy): readonly PolicyProblem[] {
  return exempt.addresses.flatMap((entry, index): PolicyProblem[] => {
    const problem = addressProblem(entry);
    const path = `exempt.addresses[${index}]`;
    return problem ? [{ path, message: `is no address: ${problem}`, hint: 'e.g. "10.0.0.0/8"' }] : [];
  });
}

function problemsOf(input: unknown): { policy: LockoutPolicy | null; problems: readonly PolicyProblem[] } {
  try {
    return { policy: definePolicy(input as PolicyInput), problems: [] };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { policy: null, problems: error.problems };
  }
}

/**
 * The policy that `settings`, whatever they are, make of `base`: a field that is left out keeps what the base says, name,
 * counter, scope and limits are the base's, and everything is checked as in code, against the limits too.
 *
 * @throws PolicyError with every problem at once.
 */
export function mergePolicy(base: LockoutPolicy, settings: unknown): LockoutPolicy {
  if (!isObject(settings)) {
    const hint = 'the whole policy, or the fields that differ, e.g. { "threshold": 5 }';
    throw new PolicyError([{ path: 'settings', message: 'must be an object', hint }]);
  }
  const fixed = Object.entries(FIXED).flatMap(([field, why]): PolicyProblem[] => {
    const wanted = Object.hasOwn(settings, field) ? settings[field] : undefined;
    if (wanted === undefined || equals(wanted, Reflect.get(base, field))) return [];
    return [{ path: field, message: 'cannot be changed by a save', hint: `leave it out: ${why}` }];
  });
  const kept = Object.fromEntries(Object.keys(FIXED).map((field) => [field, Reflect.get(base, field)]));
  // Entries, not a spread: a field named `__proto__` has to stay a field, and be refused as one.
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const fields = new Map([...standing(base, settings), ...given, ...Object.entries(kept)]);
  const { policy, problems } = problemsOf(Object.fromEntries(fields));
  const further = policy ? [...evadedLimits(base, policy), ...exemptProblems(policy)] : [];
  if (!policy || fixed.length + further.length > 0)
    throw new PolicyError([...fixed, ...problems, ...further]);
  return policy;
}
