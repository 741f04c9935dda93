import { ON } from './policy-fields.js';
import { type Form, indexes, ROW_COUNT, rowCount, rowPath, rowSwitch, unitKey } from './policy-form.js';

const keysOfRow = (index: number): readonly string[] => {
  const lockMs = rowPath(index, 'lockMs');
  return [rowPath(index, 'failures'), lockMs, unitKey(lockMs), rowSwitch(index)];
};

/** The form with one row as another one is. */
const copied = (form: Form, from: number, to: number): Form => {
  const keys = keysOfRow(from);
  return Object.fromEntries(keysOfRow(to).map((key, index) => [key, form[keys[index] ?? ''] ?? '']));
};

/** Entries that add a row below the last: a few failures later, twice as long. */
export function withRow(form: Form): Form {
  const count = rowCount(form);
  const last = count - 1;
  const lockMs = rowPath(count, 'lockMs');
  const failures = Number(form[rowPath(last, 'failures')]);
  const amount = Number(form[rowPath(last, 'lockMs')]);
  return {
    [ROW_COUNT]: String(count + 1),
    [rowPath(count, 'failures')]: Number.isFinite(failures) ? String(failures + 5) : '',
    [lockMs]: Number.isFinite(amount) ? String(2 * amount) : '',
    [unitKey(lockMs)]: form[unitKey(rowPath(last, 'lockMs'))] ?? 'minutes',
    [rowSwitch(count)]: ON,
  };
}

/** Entries that take a row away: those below it move up. */
export function withoutRow(form: Form, removed: number): Form {
  const count = rowCount(form);
  const moved = indexes(count - 1 - removed).map((step) => copied(form, removed + step + 1, removed + step));
  const gone = Object.fromEntries(keysOfRow(count - 1).map((key) => [key, '']));
  return Object.assign({}, ...moved, gone, { [ROW_COUNT]: String(count - 1) }) as Form;
}
