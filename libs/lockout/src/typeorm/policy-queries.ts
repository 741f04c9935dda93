import { randomBytes } from 'node:crypto';
import { type ColumnValue, fromHex, integer, toHex } from '../store/codec.js';
import type { Page, PageRequest } from '../store/directory.js';
import { limitOf } from '../store/page.js';
import { appendUntilKnown } from '../store/policy-append.js';
import {
  decodeRevision,
  encodeRevision,
  historyCursor,
  REVISION_FIELDS,
  targetHash,
  versionBefore,
} from '../store/policy-row.js';
import type {
  PolicyRevision,
  PolicySave,
  PolicyStore,
  PolicyTarget,
  SavedPolicies,
} from '../store/policy-store.js';
import { StoreError } from '../store/store-error.js';
import type { Dialect } from './dialect.js';
import { POLICY_FIELDS, type PolicyField } from './entities.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';

/** Saved policies: rows are added, never changed or deleted, so what was once seen stays true. */
export class PolicyQueries implements PolicyStore {
  private readonly table: TableNames<PolicyField>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    /** Milliseconds. */
    private readonly monotonic: () => number,
  ) {
    this.table = tables.policy;
  }

  /** Counted, not the highest number of anything: numbers drawn early may be committed late, a row more is a row more. */
  async policyCount(): Promise<number> {
    const [row] = await this.dialect.query(`SELECT COUNT(*) FROM ${this.table.path}`, []);
    return integer('count', row?.[0]);
  }

  async savedPolicies(): Promise<SavedPolicies> {
    // Counted first: a revision that comes in between is read, and counted by the next who asks.
    const count = await this.policyCount();
    const { path, columns } = this.table;
    const { target, version } = columns;
    const rows = await this.dialect.query(
      `SELECT ${columnList(this.table, REVISION_FIELDS, 'r.')} FROM ${path} AS r ` +
        `JOIN (SELECT ${target} AS target, MAX(${version}) AS version FROM ${path} GROUP BY ${target}) AS latest ` +
        `ON latest.target = r.${target} AND latest.version = r.${version}`,
      [],
    );
    return { count, revisions: rows.map(decodeRevision) };
  }

  /**
   * The primary key decides who wins. That `expected` is the latest version cannot become untrue other than by somebody
   * taking `expected + 1`, so it needs no transaction around it.
   */
  async savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    if ((await this.latestVersion(save)) !== save.expected) return null;
    const { now } = await this.dialect.load([]);
    const row = encodeRevision(save, now);
    return (await this.append(row)) ? decodeRevision(row) : null;
  }

  async policyHistory(target: PolicyTarget, { limit, cursor }: PageRequest): Promise<Page<PolicyRevision>> {
    const { path, columns } = this.table;
    const before = cursor === undefined ? null : versionBefore(target, cursor);
    const rows = await this.dialect.query(
      `SELECT ${columnList(this.table, REVISION_FIELDS)} FROM ${path} WHERE ${columns.target} = ? ` +
        `${before === null ? '' : `AND ${columns.version} < ? `}` +
        `ORDER BY ${columns.version} DESC LIMIT ${limitOf(limit) + 1}`,
      [fromHex(targetHash(target)), ...(before === null ? [] : [before])],
    );
    const items = rows.slice(0, limit).map(decodeRevision);
    const last = items.at(-1);
    return { items, nextCursor: last && rows.length > limit ? historyCursor(target, last.version) : null };
  }

  /** 0 where nothing was ever saved. */
  private async latestVersion(save: PolicyTarget): Promise<number> {
    const { target, version } = this.table.columns;
    const [row] = await this.dialect.query(
      `SELECT COALESCE(MAX(${version}), 0) FROM ${this.table.path} WHERE ${target} = ?`,
      [fromHex(targetHash(save))],
    );
    return integer('version', row?.[0]);
  }

  /**
   * Whether the row is ours. Counts of changed rows do not tell (R23), nor does an error while committing (R4): the
   * token in the row does. Sent again with the same token a save is still the same one.
   */
  private append(row: readonly ColumnValue[]): Promise<boolean> {
    const token = randomBytes(16);
    return appendUntilKnown(() => this.insert(row, token), this.monotonic);
  }

  private async insert(row: readonly ColumnValue[], token: Buffer): Promise<boolean> {
    const columns = POLICY_FIELDS.map((field) => this.table.columns[field]);
    let failure: StoreError | null = null;
    try {
      await this.dialect.insertIfAbsent(this.table.path, columns, [...row, token]);
    } catch (error) {
      failure = StoreError.from(error);
    }
    try {
      const owner = await this.owner(row);
      if (owner !== null) return owner === token.toString('hex');
    } catch (error) {
      failure ??= StoreError.from(error);
    }
    throw (
      failure ??
      new StoreError('data', 'A policy was saved and is not there: is the connection in a transaction?')
    );
  }

  /** The token in the row that has the target and version of this one; null: there is none. */
  private async owner(row: readonly ColumnValue[]): Promise<string | null> {
    const { target, version, token } = this.table.columns;
    const [found] = await this.dialect.query(
      `SELECT ${token} FROM ${this.table.path} WHERE ${target} = ? AND ${version} = ?`,
      row.slice(0, 2),
    );
    return found ? toHex('token', found[0]) : null;
  }
}
