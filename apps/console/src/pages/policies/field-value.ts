import type { Wording } from '../wording.js';
import { durationOf, isUnit } from './duration-amount.js';
import { messagePart } from './policy-body.js';
import { type Field, isOff, ON } from './policy-fields.js';
import {
  ALL_METHODS,
  type Form,
  indexes,
  lines,
  rowCount,
  rowPath,
  rowSwitch,
  unitKey,
} from './policy-form.js';

/** A duration as it is entered, in words; what is none as it was typed. */
function durationText(form: Form, path: string, wording: Wording): string {
  const unit = form[unitKey(path)];
  const typed = form[path] ?? '';
  const durationMs = isUnit(unit) ? durationOf({ amount: typed, unit }) : null;
  return durationMs === null ? typed : wording.duration(durationMs);
}

function rowsText(form: Form, wording: Wording): string {
  const rows = indexes(rowCount(form)).map((index) =>
    wording.text('console.policies.row', {
      failures: form[rowPath(index, 'failures')] ?? '',
      ends: form[rowSwitch(index)] === ON ? 'yes' : 'no',
      duration: durationText(form, rowPath(index, 'lockMs'), wording),
    }),
  );
  return rows.join('; ');
}

/** What a field says, as it is entered, in words. */
export function fieldValue(field: Field, form: Form, wording: Wording): string {
  const { path, kind } = field;
  const typed = form[path] ?? '';
  if (isOff(field, form)) return wording.text('console.policies.off');
  switch (kind) {
    case 'switch':
      return wording.text(typed === ON ? 'console.policies.yes' : 'console.policies.no');
    case 'choice':
      return wording.text(`console.policies.option.${messagePart(path)}.${typed}`);
    case 'number':
      return typed;
    case 'duration':
      return durationText(form, path, wording);
    case 'methods':
      if (form[ALL_METHODS] === ON) return wording.text('console.policies.all-methods');
      return wording.list(lines(typed));
    case 'lines':
    case 'weights':
      return lines(typed).length === 0 ? wording.text('console.policies.none') : lines(typed).join(', ');
    case 'rows':
      return rowsText(form, wording);
    default:
      return kind satisfies never;
  }
}
