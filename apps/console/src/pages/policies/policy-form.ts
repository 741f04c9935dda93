import { amountOf, durationOf, isUnit, numberOf } from './duration-amount.js';
import type { Settings } from './policy-body.js';
import { FIELDS, type Field, isOff, isPartOf, ON, switchKey } from './policy-fields.js';

/**
 * A policy as it is being entered: by dotted path, everything as it was typed, so that nothing typed is ever lost or
 * mended. Beside the paths: `<path>#unit` of a duration, `<path>#on` of a switch, `counts#all`, and
 * `schedule.rows#count`.
 */
export type Form = Readonly<Record<string, string>>;

export const ALL_METHODS = 'counts#all';
export const ROW_COUNT = 'schedule.rows#count';
export const unitKey = (path: string): string => `${path}#unit`;
export const rowPath = (index: number, name: 'failures' | 'lockMs'): string =>
  `schedule.rows.${index}.${name}`;
/** Whether a row's lock has an end. */
export const rowSwitch = (index: number): string => `${rowPath(index, 'lockMs')}#on`;
export const rowCount = (form: Form): number => Number(form[ROW_COUNT] ?? 0);
export const indexes = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);

/** What a new field begins with when another kind of lock or window is chosen. */
const BEGINNINGS: Form = {
  threshold: '5',
  locksOn: 'reaching',
  afterLock: 'relock-on-next-failure',
  'schedule.durationMs': '15',
  'schedule.durationMs#unit': 'minutes',
  'schedule.initialMs': '1',
  'schedule.initialMs#unit': 'minutes',
  'schedule.factor': '2',
  'schedule.stepMs': '1',
  'schedule.stepMs#unit': 'minutes',
  'schedule.by': 'lockouts',
  'schedule.maximumMs': '24',
  'schedule.maximumMs#unit': 'hours',
  [ROW_COUNT]: '1',
  [rowPath(0, 'failures')]: '5',
  [rowPath(0, 'lockMs')]: '15',
  [`${rowPath(0, 'lockMs')}#unit`]: 'minutes',
  [rowSwitch(0)]: ON,
  'window.durationMs': '24',
  'window.durationMs#unit': 'hours',
  'escalationWindow.durationMs': '24',
  'escalationWindow.durationMs#unit': 'hours',
  retentionMs: '90',
  'retentionMs#unit': 'days',
  indefiniteAfterLockouts: '10',
  indefiniteAfterFailures: '100',
  minIntervalMs: '1',
  'minIntervalMs#unit': 'seconds',
  'quickFailure.withinMs': '1',
  'quickFailure.withinMs#unit': 'seconds',
  'quickFailure.lockMs': '1',
  'quickFailure.lockMs#unit': 'minutes',
  'notify.from': '1',
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The value at a dotted path; undefined: there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), settings);
}

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.map(String).join('\n') : '');

function durationEntries(path: string, value: unknown): Form {
  if (typeof value !== 'number') return {};
  const { amount, unit } = amountOf(value);
  return { [path]: amount, [unitKey(path)]: unit };
}

function rowEntries(rows: unknown): Form {
  if (!Array.isArray(rows)) return {};
  const entries = rows.map((row: unknown, index): Form => {
    const lockMs = valueAt(row, 'lockMs');
    return {
      [rowPath(index, 'failures')]: String(valueAt(row, 'failures')),
      [rowPath(index, 'lockMs')]: '15',
      [unitKey(rowPath(index, 'lockMs'))]: 'minutes',
      ...durationEntries(rowPath(index, 'lockMs'), lockMs),
      [rowSwitch(index)]: lockMs === null ? '' : ON,
    };
  });
  return Object.assign({ [ROW_COUNT]: String(rows.length) }, ...entries) as Form;
}

/** A field's part of the form. */
function entriesOf({ path, kind, fallback, offSwitch }: Field, settings: Settings): Form {
  const value = valueAt(settings, path);
  const off = offSwitch && valueAt(settings, offSwitch.at);
  const isSwitchedOn = off !== undefined && off !== null && !(offSwitch?.off === 'zero' && off === 0);
  const state: Form = offSwitch ? { [switchKey(offSwitch)]: isSwitchedOn ? ON : '' } : {};
  if (offSwitch && !isSwitchedOn) return state;
  switch (kind) {
    case 'switch':
      return { [path]: value === true ? ON : '' };
    case 'choice': {
      const chosen = typeof value === 'string' ? value : fallback;
      return chosen === undefined ? {} : { [path]: chosen };
    }
    case 'number':
      return typeof value === 'number' ? { ...state, [path]: String(value) } : state;
    case 'duration':
      return { ...state, ...durationEntries(path, value) };
    case 'lines':
      return { [path]: linesOf(value) };
    case 'methods':
      return { [ALL_METHODS]: value === 'all' ? ON : '', [path]: linesOf(value) };
    case 'weights':
      return {
        [path]: Object.entries(isObject(value) ? value : {})
          .map(([method, weight]) => `${method} ${String(weight)}`)
          .join('\n'),
      };
    case 'rows':
      return rowEntries(value);
    default:
      return kind satisfies never;
  }
}

/** A choice of kind that is a text of its own in the settings: `with-failures`, or `{ durationMs }`. */
const escalationKind = (value: unknown): string => (typeof value === 'string' ? value : 'duration');

/** Settings as a form. */
export function formOf(settings: Settings): Form {
  const entries = FIELDS.map((field) => entriesOf(field, settings));
  const kind = { 'escalationWindow.kind': escalationKind(settings['escalationWindow']) };
  return Object.assign({}, BEGINNINGS, ...entries, kind) as Form;
}

/** The lines of a list, without blank ones. */
export const lines = (text: string | undefined): readonly string[] =>
  (text ?? '').split('\n').flatMap((line) => line.trim() || []);

/** Numbers as numbers; what is none stays as it was typed, and the server says what it thinks of it. */
const numberAt = (form: Form, path: string): unknown => numberOf(form[path] ?? '') ?? form[path] ?? '';

function durationAt(form: Form, path: string): unknown {
  const unit = form[unitKey(path)];
  return (isUnit(unit) ? durationOf({ amount: form[path] ?? '', unit }) : null) ?? form[path] ?? '';
}

function weightsAt(form: Form, path: string): unknown {
  const pairs = lines(form[path]).map((line): [string, unknown] => {
    const [, method = line, weight = ''] = /^(\S+)\s*[=:]?\s*(\S*)$/.exec(line) ?? [];
    return [method, numberOf(weight) ?? weight];
  });
  return Object.fromEntries(pairs);
}

/** What the settings say for a field, as it is entered; undefined: nothing. */
function settingOf(field: Field, form: Form, base: Settings): unknown {
  const { path, kind, fallback } = field;
  const typed = form[path] ?? '';
  switch (kind) {
    case 'switch':
      return typed === ON;
    case 'choice':
      // What is meant anyhow is written where it was written before.
      return typed === fallback && valueAt(base, path) === undefined ? undefined : typed;
    case 'number':
      return numberAt(form, path);
    case 'duration':
      return durationAt(form, path);
    case 'lines':
      return lines(typed);
    case 'methods':
      return form[ALL_METHODS] === ON ? 'all' : lines(typed);
    case 'weights':
      return weightsAt(form, path);
    case 'rows':
      return indexes(rowCount(form)).map((index) => ({
        failures: numberAt(form, rowPath(index, 'failures')),
        lockMs: form[rowSwitch(index)] === ON ? durationAt(form, rowPath(index, 'lockMs')) : null,
      }));
    default:
      return kind satisfies never;
  }
}

function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    if (value !== undefined) into[name] = value;
    return;
  }
  const before = into[name];
  const inner: Record<string, unknown> = isObject(before) && !Array.isArray(before) ? { ...before } : {};
  put(inner, rest.join('.'), value);
  into[name] = inner;
}

const OFF = { null: null, absent: undefined, zero: 0 } as const;

/**
 * The whole of the settings that a form says, without what no save may change. Fields that this console does not know
 * stay as `base` has them.
 */
export function settingsOf(form: Form, base: Settings): Settings {
  const known = new Set(FIELDS.map(({ path }) => path.split('.')[0]));
  const fixed = ['name', 'counter', 'scope'];
  const unknown = Object.entries(base).filter(([name]) => !known.has(name) && !fixed.includes(name));
  const settings: Record<string, unknown> = Object.fromEntries(unknown);
  for (const field of FIELDS) {
    if (!isPartOf(field, form)) continue;
    const { offSwitch, path } = field;
    if (offSwitch && isOff(field, form)) put(settings, offSwitch.at, OFF[offSwitch.off]);
    else put(settings, path, settingOf(field, form, base));
  }
  const kind = form['escalationWindow.kind'];
  if (kind !== 'duration') settings['escalationWindow'] = kind;
  else settings['escalationWindow'] = { durationMs: durationAt(form, 'escalationWindow.durationMs') };
  return settings;
}

/** What `POST /simulate` wants: the whole policy with name, counter, scope and limits. */
export const draftPolicy = (form: Form, body: { readonly settings: Settings; readonly limits: unknown }) => {
  const { name, counter, scope } = body.settings;
  return { ...settingsOf(form, body.settings), name, counter, scope, limits: body.limits };
};
