import { FieldReader } from './field-reader.js';
import type { Limit, Limits } from './policy.js';

const LIMITS_HINT = 'e.g. { "schedule.initialMs": { min: minutes(1), max: minutes(60) } }';
const FINITE = { min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

function readLimit(limits: FieldReader, path: string): Limit | undefined {
  const fields = limits.fields(path, '{ min, max }');
  if (!fields) return undefined;
  const min = fields.number('min', FINITE, 'a number');
  const max = fields.number('max', FINITE, 'a number');
  const integer = fields.raw('integer') === undefined ? {} : { integer: fields.boolean('integer', false) };
  const multipleOf =
    fields.raw('multipleOf') === undefined
      ? {}
      : { multipleOf: fields.integer('multipleOf', { min: 1, max: FINITE.max }, 'a whole number') };
  const required =
    fields.raw('required') === undefined ? {} : { required: fields.boolean('required', false) };
  fields.done();
  if (min === undefined || max === undefined) return undefined;
  if (min > max) return fields.problem('min', `is above max: ${min} > ${max}`, 'min at most max');
  return { min, max, ...integer, ...multipleOf, ...required } as Limit;
}

/** Reads `limits`; none where absent. */
export function readLimits(policy: FieldReader): Limits | undefined {
  if (policy.raw('limits') === undefined) return {};
  const fields = policy.fields('limits', LIMITS_HINT);
  if (!fields) return undefined;
  const entries = fields.names().map((path) => [path, readLimit(fields, path)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, Limit] => entry[1] !== undefined));
}

/**
 * The value at a dotted path (`schedule.rows.0.lockMs`); undefined where there is none, null where it, or what it belongs
 * to (`quickFailure`), is switched off.
 */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    if (at === null) return null;
    return typeof at === 'object' && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined;
  }, value);
}

/** A range in words. */
export const hintOf = ({ min, max, integer, multipleOf }: Limit): string =>
  `${integer ? 'a whole number ' : ''}from ${min} to ${max}${multipleOf ? `, in steps of ${multipleOf}` : ''}`;

/** Writes down every number of the draft that its own limits forbid (OW-1..4, OW-14, R5-9). */
export function limitProblems(
  fields: FieldReader,
  limits: Limits | undefined,
  draft: Readonly<Record<string, unknown>>,
): void {
  for (const [path, limit] of Object.entries(limits ?? {})) {
    const value = valueAt(draft, path);
    const [field = ''] = path.split('.');
    const isAbsent = value === undefined && Object.hasOwn(draft, field);
    // Optional, of another kind of schedule or window, or (the whole field) with a problem of its own.
    if (isAbsent && !(limit.required && draft[field] !== undefined)) continue;
    if (value === null || isAbsent) {
      if (limit.required) fields.problem(path, 'must not be switched off', hintOf(limit));
    } else if (typeof value !== 'number') {
      fields.problem(`limits.${path}`, 'names no number of this policy', LIMITS_HINT);
    } else if (value < limit.min || value > limit.max) {
      fields.problem(path, `is outside its limits: ${value}`, hintOf(limit));
    } else if (
      (limit.integer && !Number.isInteger(value)) ||
      (limit.multipleOf && value % limit.multipleOf !== 0)
    ) {
      fields.problem(path, `is not a whole step: ${value}`, hintOf(limit));
    }
  }
}
