import { MAX_DURATION_MS } from './duration.js';
import { FieldReader, type Range } from './field-reader.js';
import type { DrivenBy, Schedule, TableRow, TableSchedule, Window } from './policy.js';

/** Counts of failures and lockouts. */
export const COUNT: Range = { min: 1, max: 1_000_000 };
/** Durations. */
export const DURATION: Range = { min: 1, max: MAX_DURATION_MS };
export const DURATION_HINT = 'whole milliseconds, e.g. minutes(5) = 300000';
/** Most rows a table can have. */
const MAX_ROWS = 64;

const ENDS = ['exclusive', 'inclusive'] as const;
const WINDOW_HINT = 'e.g. { kind: "idle", durationMs: minutes(15) }';

/** Reads `window`; `none` where absent. Undefined: it has problems, which were written down. */
export function readWindow(policy: FieldReader): Window | undefined {
  if (policy.raw('window') === undefined) return { kind: 'none' };
  const fields = policy.fields('window', WINDOW_HINT);
  if (!fields) return undefined;
  const kind = fields.oneOf('kind', ['none', 'idle', 'fixed', 'sliding']);
  if (kind === undefined) return undefined;
  if (kind === 'none') {
    fields.done();
    return { kind };
  }
  const durationMs = fields.integer('durationMs', DURATION, DURATION_HINT);
  const end = fields.raw('end') === undefined ? {} : { end: fields.oneOf('end', ENDS) };
  const anchors = ['last-failure', 'later-of-failure-and-lock-end'] as const;
  const anchor =
    kind !== 'idle' || fields.raw('anchor') === undefined ? {} : { anchor: fields.oneOf('anchor', anchors) };
  fields.done();
  return durationMs === undefined ? undefined : ({ kind, durationMs, ...anchor, ...end } as Window);
}

function readRows(fields: FieldReader): readonly TableRow[] | undefined {
  const items = fields.list('rows', '[{ failures: 5, lockMs: minutes(5) }, …]');
  if (!items) return undefined;
  if (items.length === 0 || items.length > MAX_ROWS) {
    return fields.problem('rows', `has ${items.length} rows`, `1 to ${MAX_ROWS} rows`);
  }
  const rows: TableRow[] = [];
  for (const [index, item] of items.entries()) {
    const hint = '{ failures: 5, lockMs: minutes(5) }, or lockMs: null for until unlocked';
    const row = new FieldReader(item, fields.at(`rows[${index}]`), fields.problems, hint);
    const failures = row.integer('failures', COUNT, 'the failure that locks');
    const indefinite = row.raw('lockMs') === null;
    const lockMs = indefinite ? null : row.integer('lockMs', DURATION, `${DURATION_HINT}, or null`);
    row.done();
    if (failures !== undefined && lockMs !== undefined) rows.push({ failures, lockMs });
  }
  if (rows.length < items.length) return undefined;
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (!before) continue;
    if (row.failures <= before.failures) {
      const hint = `more than the ${before.failures} of the row before`;
      fields.problem(`rows[${index}].failures`, `does not ascend: ${row.failures}`, hint);
    }
    if (before.lockMs === null) {
      const hint = 'make the indefinite row the last one';
      fields.problem(`rows[${index}]`, 'is never reached: the row before locks until unlocked', hint);
    }
  }
  return rows;
}

interface Growth {
  readonly by: DrivenBy;
  readonly maximumMs?: number;
}

function readGrowth(fields: FieldReader): Growth | undefined {
  const by = fields.oneOf('by', ['failures', 'lockouts']);
  if (fields.raw('maximumMs') === undefined) return by && { by };
  const maximumMs = fields.integer('maximumMs', DURATION, DURATION_HINT);
  return by && maximumMs !== undefined ? { by, maximumMs } : undefined;
}

/** A cap below the first lock would shorten even that: more likely two numbers were exchanged (AG-8, R5-9). */
function checkCap(fields: FieldReader, name: string, firstMs: number | undefined): void {
  const maximumMs = fields.raw('maximumMs');
  if (typeof maximumMs !== 'number' || firstMs === undefined || maximumMs >= firstMs) return;
  fields.problem(
    name,
    `is longer than maximumMs: ${firstMs} > ${maximumMs}`,
    `at most maximumMs (${maximumMs})`,
  );
}

/** Reads `schedule`. Undefined: it has problems, which were written down. */
export function readSchedule(policy: FieldReader): Schedule | TableSchedule | undefined {
  const fields = policy.fields('schedule', 'e.g. { kind: "fixed", durationMs: minutes(15) }');
  const kind = fields?.oneOf('kind', ['fixed', 'exponential', 'linear', 'multiples', 'table', 'indefinite']);
  if (!fields || !kind) return undefined;
  const schedule = readKind(fields, kind);
  fields.done();
  return schedule;
}

function readKind(
  fields: FieldReader,
  kind: (Schedule | TableSchedule)['kind'],
): Schedule | TableSchedule | undefined {
  const duration = (name: string) => fields.integer(name, DURATION, DURATION_HINT);
  switch (kind) {
    case 'indefinite':
      return { kind };
    case 'fixed': {
      const durationMs = duration('durationMs');
      return durationMs === undefined ? undefined : { kind, durationMs };
    }
    case 'exponential': {
      const initialMs = duration('initialMs');
      const factor = fields.number('factor', { min: 1, max: 1000 }, 'a number');
      const growth = readGrowth(fields);
      checkCap(fields, 'initialMs', initialMs);
      return initialMs === undefined || factor === undefined || !growth
        ? undefined
        : { kind, initialMs, factor, ...growth };
    }
    case 'linear': {
      const initialMs = duration('initialMs');
      const stepMs = fields.integer('stepMs', { ...DURATION, min: 0 }, DURATION_HINT);
      const growth = readGrowth(fields);
      checkCap(fields, 'initialMs', initialMs);
      return initialMs === undefined || stepMs === undefined || !growth
        ? undefined
        : { kind, initialMs, stepMs, ...growth };
    }
    case 'multiples': {
      const stepMs = duration('stepMs');
      const growth = readGrowth(fields);
      checkCap(fields, 'stepMs', stepMs);
      return stepMs === undefined || !growth ? undefined : { kind, stepMs, ...growth };
    }
    case 'table': {
      const rows = readRows(fields);
      return rows && { kind, rows };
    }
    default:
      return kind satisfies never;
  }
}
