import { randomBytes } from 'node:crypto';
import type { AuditEntry } from '../store/audit-log.js';
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
import type { Dialect, Row } from './dialect.js';
import { POLICY_FIELDS, type PolicyField } from './entities.js';
import type { EntrySteps } from './entry-steps.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';
import { changedBy, rowsOf, type Transaction } from './transaction.js';

/** What else is written if a save wins; null: nothing. Asked in each try. */
type Recording = () => Transaction<unknown> | null;

/** Saved policies: rows are added, never changed or deleted, so what was once seen stays true. */
export class PolicyQueries implements PolicyStore {
  private readonly table: TableNames<PolicyField>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
    private readonly entries: EntrySteps,
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
   * taking `expected + 1`, so it is looked up before the transaction.
   */
  async savePolicy(save: PolicySave, entry?: AuditEntry): Promise<PolicyRevision | null> {
    if ((await this.latestVersion(save)) !== save.expected) return null;
    const { now } = await this.dialect.load([]);
    const row = encodeRevision(save, now);
    const isOurs = await this.append(row, (): Transaction<unknown> | null =>
      entry ? this.entries.record(entry, now) : null,
    );
    return isOurs ? decodeRevision(row) : null;
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
  private append(row: readonly ColumnValue[], recording: Recording): Promise<boolean> {
    const token = randomBytes(16);
    return appendUntilKnown(() => this.insert(row, token, recording), this.monotonic);
  }

  private async insert(row: readonly ColumnValue[], token: Buffer, recording: Recording): Promise<boolean> {
    let failure: StoreError;
    try {
      return await this.dialect.transact(() => this.saving(row, token, recording));
    } catch (error) {
      failure = StoreError.from(error);
    }
    try {
      const owner = ownerIn(await this.dialect.query(this.ownerSql, row.slice(0, 2)));
      if (owner !== null) return owner === token.toString('hex');
    } catch {
      // What failed first says more.
    }
    throw failure;
  }

  /** The row and what is recorded of it, or neither. Whether the row is ours. */
  private *saving(row: readonly ColumnValue[], token: Buffer, recording: Recording): Transaction<boolean> {
    yield* changedBy(this.dialect.insertIfAbsentSql(this.table, POLICY_FIELDS), [...row, token]);
    // Whoever was at the same row has come to an end by now.
    const owner = ownerIn(yield* rowsOf(this.ownerSql, row.slice(0, 2)));
    if (owner === null) throw new StoreError('data', 'A policy was saved and is not there');
    if (owner !== token.toString('hex')) return false;
    const recorded = recording();
    if (recorded) yield* recorded;
    return true;
  }

  /** The token in the row that has this target and version. */
  private get ownerSql(): string {
    const { target, version, token } = this.table.columns;
    return `SELECT ${token} FROM ${this.table.path} WHERE ${target} = ? AND ${version} = ?`;
  }
}

/** Null: there is no such row. */
const ownerIn = ([found]: readonly Row[]): string | null => (found ? toHex('token', found[0]) : null);
