/** A row by the names of its columns in releases 0.1 and 0.2, as a driver returns it. */
export type WideRow = Readonly<Record<string, unknown>>;

/** The columns that went into `detail` with 0.3. The scope is last: while it is there, others may still be. */
export const WIDE_COLUMNS = [
  'escalation',
  'consecutive',
  'failure_seq',
  'window_started_at',
  'lock_cause',
  'lock_step',
  'last_lock_ended_at',
  'abandons',
  'abandons_since',
  'updated_at',
  'scope',
] as const;

type WideColumn = (typeof WIDE_COLUMNS)[number] | 'locked_since' | 'detail';

/** The detail of 0.3 for a row of 0.2; null: the row has it already. */
export function packDetail(row: WideRow): Buffer | null {
  const at = (name: WideColumn): unknown => row[name];
  const number = (name: WideColumn): number => Number(at(name));
  const moment = (name: WideColumn): number | undefined => (at(name) === null ? undefined : number(name));
  const lists = parsed(at('detail'));
  if ('w' in lists) return null;
  return Buffer.from(
    JSON.stringify({
      w: at('scope'),
      u: number('updated_at'),
      q: number('failure_seq') || undefined,
      k: number('consecutive') || undefined,
      e: number('escalation') || undefined,
      f: moment('window_started_at'),
      l: at('lock_cause') === null ? undefined : [at('lock_cause'), number('lock_step')],
      x: moment('last_lock_ended_at'),
      a:
        number('abandons') > 0 || at('abandons_since') !== null
          ? [number('abandons'), moment('abandons_since') ?? null]
          : undefined,
      ...lists,
    }),
  );
}

/** The columns of 0.2 for a row of 0.3. */
export function unpackDetail(row: WideRow): WideRow {
  const { w, u, q = 0, k = 0, e = 0, f = null, l, x = null, a, ...lists } = parsed(row['detail']);
  const [cause = null, step = null] = Array.isArray(l) ? l : [];
  const [abandons = 0, since = null] = Array.isArray(a) ? a : [];
  return {
    scope: w,
    updated_at: u,
    failure_seq: q,
    consecutive: k,
    escalation: e,
    window_started_at: f,
    lock_cause: cause,
    lock_step: step,
    last_lock_ended_at: x,
    abandons,
    abandons_since: since,
    detail: Object.keys(lists).length > 0 ? Buffer.from(JSON.stringify(lists)) : null,
  };
}

function parsed(detail: unknown): Record<string, unknown> {
  return detail === null ? {} : JSON.parse(Buffer.from(detail as Uint8Array).toString('utf8'));
}
