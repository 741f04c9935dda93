import type { Wording } from '../wording.js';
import { fieldValue } from './field-value.js';
import { messagePart, type Settings } from './policy-body.js';
import { FIELDS, type Field, isPartOf, switchKey } from './policy-fields.js';
import { ALL_METHODS, type Form, formOf, ROW_COUNT, unitKey } from './policy-form.js';

/** One field that two policies say differently; null: the rule has no such field. */
export interface Change {
  readonly path: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

const wordsOf = (field: Field, form: Form, wording: Wording): string | null =>
  isPartOf(field, form) ? fieldValue(field, form, wording) : null;

export const fieldLabel = ({ path }: Field, { text }: Wording): string =>
  text(`console.policies.field.${messagePart(path)}`);

/** What `after` says otherwise than `before`, field by field, as the reader would be told. */
export function changes(before: Form, after: Form, wording: Wording): readonly Change[] {
  return FIELDS.flatMap((field): Change[] => {
    const [was, is] = [wordsOf(field, before, wording), wordsOf(field, after, wording)];
    return was === is
      ? []
      : [{ path: field.path, label: fieldLabel(field, wording), before: was, after: is }];
  });
}

/** {@link changes} between settings as they are saved. */
export const settingsChanges = (before: Settings, after: Settings, wording: Wording): readonly Change[] =>
  changes(formOf(before), formOf(after), wording);

/** The keys of a form that belong to a field. */
export function keysOf({ path, kind, offSwitch }: Field, ...forms: readonly Form[]): readonly string[] {
  const keys = [path];
  if (offSwitch) keys.push(switchKey(offSwitch));
  if (kind === 'duration') keys.push(unitKey(path));
  if (kind === 'methods') keys.push(ALL_METHODS);
  if (kind !== 'rows') return keys;
  const rows = forms.flatMap((form) => Object.keys(form).filter((key) => key.startsWith('schedule.rows.')));
  return [ROW_COUNT, ...new Set(rows)];
}

/** `into` with one field as `from` has it. */
export function withField(into: Form, field: Field, from: Form): Form {
  const keys = keysOf(field, into, from);
  return { ...into, ...Object.fromEntries(keys.map((key) => [key, from[key] ?? into[key] ?? ''])) };
}

/** A field that somebody else saved otherwise than it is entered here. */
export interface Disagreement extends Change {
  /** `mine`: only I changed it since I began. `theirs`: only they did. `both`: both did, each otherwise. */
  readonly changedBy: 'mine' | 'theirs' | 'both';
}

/**
 * Where a draft and what was saved meanwhile differ: `before` is theirs, `after` mine. `base` is what both began with.
 */
export function disagreements(
  base: Form,
  mine: Form,
  theirs: Form,
  wording: Wording,
): readonly Disagreement[] {
  const byMe = new Set(changes(base, mine, wording).map(({ path }) => path));
  const byThem = new Set(changes(base, theirs, wording).map(({ path }) => path));
  return changes(theirs, mine, wording).map((change) => ({
    ...change,
    changedBy: byMe.has(change.path) ? (byThem.has(change.path) ? 'both' : 'mine') : 'theirs',
  }));
}

/** Their settings with those fields as they are entered here. */
export function merged(mine: Form, theirs: Form, keepMine: ReadonlySet<string>): Form {
  return FIELDS.filter(({ path }) => keepMine.has(path)).reduce(
    (form, field) => withField(form, field, mine),
    theirs,
  );
}
