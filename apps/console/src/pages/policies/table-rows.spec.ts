import { describe, expect, it } from '@jest/globals';
import { type Form, formOf, settingsOf } from './policy-form.js';
import { withoutRow, withRow } from './table-rows.js';

const settings = {
  schedule: {
    kind: 'table',
    rows: [
      { failures: 3, lockMs: 30_000 },
      { failures: 6, lockMs: 1_800_000 },
      { failures: 9, lockMs: null },
    ],
  },
};
const rowsOf = (form: Form) => (settingsOf(form, {})['schedule'] as { readonly rows: unknown }).rows;

describe('the rows of a table', () => {
  const form = formOf(settings);

  it('move up when one is taken away', () => {
    expect(rowsOf({ ...form, ...withoutRow(form, 0) })).toEqual(settings.schedule.rows.slice(1));
    expect(rowsOf({ ...form, ...withoutRow(form, 1) })).toEqual([
      settings.schedule.rows[0],
      settings.schedule.rows[2],
    ]);
    expect(rowsOf({ ...form, ...withoutRow(form, 2) })).toEqual(settings.schedule.rows.slice(0, 2));
  });

  it('grow by one that goes on from the last', () => {
    const two = { ...form, ...withoutRow(form, 2) };
    expect(rowsOf({ ...two, ...withRow(two) })).toEqual([
      ...settings.schedule.rows.slice(0, 2),
      { failures: 11, lockMs: 3_600_000 },
    ]);
  });

  it('come back as they were when a new one is taken away again', () => {
    const more = { ...form, ...withRow(form) };
    expect(rowsOf({ ...more, ...withoutRow(more, 3) })).toEqual(settings.schedule.rows);
  });
});
