import type { Limit, Limits } from 'nestjs-lockout/policy';
import type { Wording } from '../wording.js';
import { durationOf, isUnit, numberOf, UNIT_MS, type Unit } from './duration-amount.js';
import { messagePart, type SettingsProblem } from './policy-body.js';
import { FIELDS, type Field, isOff, isPartOf, ON } from './policy-fields.js';
import { type Form, indexes, rowCount, rowPath, rowSwitch, unitKey } from './policy-form.js';

/** A number that is entered: where, and what it may be. */
interface Entry {
  readonly path: string;
  readonly kind: 'number' | 'duration';
  readonly min: number;
  readonly whole: boolean;
}

/** The numbers of the rule as it is entered. */
function entriesOf(field: Field, form: Form): readonly Entry[] {
  const { path, kind, min = 1, whole = true } = field;
  if (!isPartOf(field, form) || isOff(field, form)) return [];
  if (kind === 'number' || kind === 'duration') return [{ path, kind, min, whole }];
  if (kind !== 'rows') return [];
  return indexes(rowCount(form)).flatMap((index): Entry[] => [
    { path: rowPath(index, 'failures'), kind: 'number', min: 1, whole: true },
    ...(form[rowSwitch(index)] === ON
      ? [{ path: rowPath(index, 'lockMs'), kind: 'duration', min: 1, whole: true } as const]
      : []),
  ]);
}

/** A range, in words: `5 minutes to 1 hour, in steps of 1 minute`. */
export function limitWords({ min, max, multipleOf }: Limit, kind: Entry['kind'], wording: Wording): string {
  const show = (value: number) => (kind === 'duration' ? wording.duration(value) : String(value));
  return wording.text('console.policies.limit', {
    min: show(min),
    max: show(max),
    stepped: multipleOf === undefined ? 'no' : 'yes',
    step: show(multipleOf ?? 0),
  });
}

function problemOf(
  { path, kind, min, whole }: Entry,
  form: Form,
  limit: Limit | undefined,
  wording: Wording,
): string | null {
  const typed = (form[path] ?? '').trim();
  const { text } = wording;
  if (typed === '') return text('console.policies.problem.blank');
  const unit = form[unitKey(path)];
  const value = kind === 'number' ? numberOf(typed) : durationValue(typed, unit);
  if (numberOf(typed) === null) return text('console.policies.problem.number');
  if (value === null) return text('console.policies.problem.millisecond');
  if (kind === 'number' && (limit?.integer ?? whole) && !Number.isInteger(value)) {
    return text('console.policies.problem.whole');
  }
  if (!limit) {
    if (value >= min) return null;
    return kind === 'duration'
      ? text('console.policies.problem.zero')
      : text('console.policies.problem.min', { min });
  }
  const fits = limit.multipleOf === undefined || value % limit.multipleOf === 0;
  if (value >= limit.min && value <= limit.max && fits) return null;
  return text('console.policies.problem.limit', { range: limitWords(limit, kind, wording) });
}

const durationValue = (amount: string, unit: string | undefined): number | null =>
  isUnit(unit) ? durationOf({ amount, unit }) : null;

/** What can be told without the server: numbers that are none, or not within their limits. */
export function checkForm(form: Form, limits: Limits, wording: Wording): readonly SettingsProblem[] {
  return FIELDS.flatMap((field) => entriesOf(field, form)).flatMap((entry): SettingsProblem[] => {
    const message = problemOf(entry, form, limits[entry.path], wording);
    return message === null ? [] : [{ path: entry.path, message }];
  });
}

/** Ours and the server's, each field's said once: ours are in the words of the form. */
export function allProblems(
  ours: readonly SettingsProblem[],
  servers: readonly SettingsProblem[],
): readonly SettingsProblem[] {
  const said = new Set(ours.map(({ path }) => path));
  return [...ours, ...servers.filter(({ path }) => !said.has(path))];
}

/**
 * The problems to be shown at a field: at its very path, or below it where no field of the form stands (`messages.2`).
 */
export const problemsAt = (problems: readonly SettingsProblem[], path: string): readonly SettingsProblem[] =>
  problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`));

/** Every place of the form that shows problems; what is at none of them is shown above the form. */
export function isShownAtField(problem: SettingsProblem, form: Form): boolean {
  return FIELDS.some(
    (field) =>
      isPartOf(field, form) &&
      !isOff(field, form) &&
      (problem.path === field.path || problem.path.startsWith(`${field.path}.`)),
  );
}

/** Units worth offering where a number is limited: those in which something within the limits can be said. */
export const unitsWithin = (units: readonly Unit[], limit: Limit | undefined): readonly Unit[] =>
  limit === undefined
    ? units
    : units.filter(
        (unit) => UNIT_MS[unit] <= limit.max && !(limit.multipleOf && limit.multipleOf > UNIT_MS[unit]),
      );

/** A problem that is shown away from its field: named as the form names it, its range in the form's words. */
export function problemWords(
  { path, message, hint }: SettingsProblem,
  limits: Limits,
  wording: Wording,
): string {
  const field = FIELDS.find((one) => one.path === path);
  const limit = limits[path];
  const range =
    field && limit ? limitWords(limit, field.kind === 'duration' ? 'duration' : 'number', wording) : hint;
  return wording.text('console.policies.problem.general', {
    path: field ? wording.text(`console.policies.field.${messagePart(path)}`) : path,
    message: range === undefined ? message : `${message} (${range})`,
  });
}
