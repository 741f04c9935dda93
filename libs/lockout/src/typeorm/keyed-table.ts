import type { ColumnValue } from '../store/codec.js';
import { StoreError } from '../store/store-error.js';
import type { Dialect, Row } from './dialect.js';
import { columnList, type TableNames } from './lockout-tables.js';
import { padded, questions } from './value-list.js';

/** Rows that one call drops at most; the next one goes on. */
const MAX_DROPPED = 64;

/** A table off the hot path whose rows are found by their primary key. Every method rejects with `StoreError`. */
export class KeyedTable<Field extends string> {
  /** Escaped, for conditions and assignments; `?` stands for each value, in order. */
  readonly columns: Readonly<Record<Field, string>>;
  private readonly path: string;
  private readonly id: string;

  /** @param fields All of a row, the primary key first, in the order in which its values are bound. */
  constructor(
    private readonly dialect: Dialect,
    private readonly table: TableNames<Field>,
    private readonly fields: readonly [Field, ...Field[]],
  ) {
    this.path = table.path;
    this.columns = table.columns;
    this.id = table.columns[fields[0]];
  }

  /** The store's clock. */
  async now(): Promise<number> {
    return (await this.dialect.load([])).now;
  }

  /** The row of this key; null: there is none. */
  async find(id: ColumnValue): Promise<Row | null> {
    const [row] = await this.select(this.fields, `${this.id} = ?`, [id]);
    return row ?? null;
  }

  select(
    fields: readonly Field[],
    condition: string,
    values: readonly ColumnValue[],
  ): Promise<readonly Row[]> {
    return this.dialect.query(
      `SELECT ${columnList(this.table, fields)} FROM ${this.path} WHERE ${condition}`,
      values,
    );
  }

  /** Adds a row unless there is one of its key. Whether it did no database tells for certain (R23). */
  async insert(row: readonly ColumnValue[]): Promise<void> {
    await this.dialect.change(this.dialect.insertIfAbsentSql(this.table, this.fields), row);
  }

  /** Writes a whole row over the one of its key, if that is as the condition says. Returns how many rows it changed. */
  replace(
    [id = null, ...rest]: readonly ColumnValue[],
    condition?: string,
    values: readonly ColumnValue[] = [],
  ): Promise<number> {
    const assignments = this.fields.slice(1).map((field) => `${this.columns[field]} = ?`);
    const isIt = `${this.id} = ?`;
    return this.update(assignments.join(', '), condition === undefined ? isIt : `${isIt} AND ${condition}`, [
      ...rest,
      id,
      ...values,
    ]);
  }

  /** Returns how many rows it changed. */
  update(assignments: string, condition: string, values: readonly ColumnValue[]): Promise<number> {
    return this.dialect.change(`UPDATE ${this.path} SET ${assignments} WHERE ${condition}`, values);
  }

  /** Returns how many rows it deleted. */
  delete(condition: string, values: readonly ColumnValue[]): Promise<number> {
    return this.dialect.change(`DELETE FROM ${this.path} WHERE ${condition}`, values);
  }

  /**
   * Drops a few of the rows that ended by then, as the field says, epoch ms: by their ids, so that no row that somebody is
   * at is held meanwhile.
   */
  async dropEnded(field: Field, by: number): Promise<void> {
    const endsAt = this.columns[field];
    const ended = await this.dialect.query(
      `SELECT ${this.id} FROM ${this.path} WHERE ${endsAt} <= ? ORDER BY ${endsAt} LIMIT ${MAX_DROPPED}`,
      [by],
    );
    if (ended.length === 0) return;
    // Always as many, so that it is one statement text.
    const ids = padded(
      ended.map(([id]) => id as ColumnValue),
      MAX_DROPPED,
    );
    await this.delete(`${this.id} IN (${questions(ids)}) AND ${endsAt} <= ?`, [...ids, by]);
  }

  /** The same beside something else that was done: that it fails is nobody's failure. */
  async tidy(field: Field, by: number): Promise<void> {
    try {
      await this.dropEnded(field, by);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
