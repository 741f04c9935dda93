import { type ColumnValue, fromHex, nullableHash, nullableText, toHex } from '../store/codec.js';
import { listedOf } from '../store/listed.js';
import type { Dialect, Row } from './dialect.js';
import type { RecordIndex, RowField } from './listing-columns.js';
import type { IndexedTable } from './lockout-tables.js';
import { questions } from './value-list.js';

/** How often is looked for such rows, ms. */
const INTERVAL_MS = 60_000;
/** Rows that one statement completes, and statements a list. */
const PAGE = 128;
const MAX_PAGES = 8;
/** Realms whose last look is remembered. */
const MAX_REALMS = 1_000;
/** Stands for what is locked, in any realm: no realm has this name. */
const LOCKED = '';

/**
 * Rows that a node of a release before 0.4 inserted or locked after the migration: it does not know the columns by which
 * lists find them. They are completed before a list is read, once a minute at most; after the last of these nodes is gone
 * nothing is found. What such a row decides is in other columns, and stays as it is.
 */
export class UnlistedRecords {
  private readonly looked = new Map<string, number>();

  /** @param monotonic Milliseconds that never go back. */
  constructor(
    private readonly dialect: Dialect,
    private readonly table: IndexedTable<RowField, RecordIndex>,
    private readonly monotonic: () => number,
  ) {}

  /** Completes what is locked. */
  async listLocked(): Promise<void> {
    const { listed, lockedUntil, lockedFailureAt } = this.table.columns;
    const condition = `${lockedUntil} IS NOT NULL AND (${listed} IS NULL OR ${lockedFailureAt} IS NULL)`;
    await this.complete(LOCKED, 'until', condition, []);
  }

  /** Completes what a realm has. */
  async listRealm(name: string): Promise<void> {
    const { listed, realm } = this.table.columns;
    await this.complete(name, 'rest', `${realm} = ? AND ${listed} IS NULL`, [name]);
  }

  private async complete(
    what: string,
    index: RecordIndex,
    condition: string,
    values: readonly ColumnValue[],
  ): Promise<void> {
    const now = this.monotonic();
    if (now - (this.looked.get(what) ?? Number.NEGATIVE_INFINITY) < INTERVAL_MS) return;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const rows = await this.find(index, condition, values);
      if (rows.length > 0) await this.fill(rows);
      if (rows.length < PAGE) {
        if (this.looked.size >= MAX_REALMS) this.looked.clear();
        this.looked.set(what, now);
        return;
      }
    }
  }

  /** The rows are looked up by their keys alone, and seldom: no planner has a choice. */
  private async find(
    index: RecordIndex,
    condition: string,
    values: readonly ColumnValue[],
  ): Promise<readonly Row[]> {
    const { path, columns, indexes } = this.table;
    const { key, accountHash, addressHash, accountLabel, addressLabel } = columns;
    const found = await this.dialect.query(
      `SELECT ${key} FROM ${path}${this.dialect.indexHint(indexes[index])} WHERE ${condition} LIMIT ${PAGE}`,
      values,
    );
    if (found.length === 0) return [];
    return this.dialect.query(
      `SELECT ${[key, accountHash, addressHash, accountLabel, addressLabel].join(', ')} FROM ${path} ` +
        `WHERE ${key} IN (${questions(found)})`,
      found.map((row) => fromHex(toHex('key', row[0]))),
    );
  }

  /** From columns of the row itself, where it stands: whoever writes it meanwhile is not undone. */
  private async fill(rows: readonly Row[]): Promise<void> {
    const { path, columns } = this.table;
    const { key, listed, lockedUntil, lockedFailureAt, lastFailureAt } = columns;
    const keys = rows.map((row) => fromHex(toHex('key', row[0])));
    await this.dialect.change(
      `UPDATE ${path} SET ${listed} = CASE ${key} ${rows.map(() => 'WHEN ? THEN ?').join(' ')} ELSE ${listed} END, ` +
        `${lockedFailureAt} = CASE WHEN ${lockedUntil} IS NULL THEN NULL ELSE COALESCE(${lastFailureAt}, 0) END ` +
        `WHERE ${key} IN (${questions(keys)})`,
      [...rows.flatMap((row, n) => [keys[n] ?? null, listedOf(factsOf(row))]), ...keys],
    );
  }
}

function factsOf([, account, address, accountLabel, addressLabel]: Row): Parameters<typeof listedOf>[0] {
  return {
    accountHash: nullableHash('account', account),
    addressHash: nullableHash('address', address),
    accountLabel: nullableText('label', accountLabel),
    addressLabel: nullableText('label', addressLabel),
  };
}
