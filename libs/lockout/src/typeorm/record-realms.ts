import { integer } from '../store/codec.js';
import type { LockedQuery } from '../store/directory.js';
import { listedRange } from '../store/listed.js';
import type { Dialect } from './dialect.js';
import type { RecordIndex, RowField } from './listing-columns.js';
import type { IndexedTable } from './lockout-tables.js';

/** So few records of a realm, or with a label, are rather sorted than looked for among all that is locked. */
const FEW = 1_000;
/** Realms that a search looks into before it takes the labels for many. */
const FEW_REALMS = 4;

/** The realms that have records, and how much of them a list is about. */
export class RecordRealms {
  constructor(
    private readonly dialect: Dialect,
    private readonly table: IndexedTable<RowField, RecordIndex>,
  ) {}

  /** The last realm, or the last before this one, in the order of the database. */
  async before(realm: string | null): Promise<string | null> {
    const { path, columns } = this.table;
    const [row] = await this.dialect.query(
      `SELECT MAX(${columns.realm}) FROM ${path}${realm === null ? '' : ` WHERE ${columns.realm} < ?`}`,
      realm === null ? [] : [realm],
    );
    return typeof row?.[0] === 'string' ? row[0] : null;
  }

  /**
   * The realms of a list that is about few records, locked or not: of a realm with hardly any, or with a label that few
   * have. Null: they are many, or that is not known without a look at more of them.
   */
  async ofFew(query: LockedQuery): Promise<readonly string[] | null> {
    if (query.realm === undefined && query.labelPrefix === undefined) return null;
    const realms = query.realm === undefined ? await this.all(FEW_REALMS) : [query.realm];
    let count = 0;
    for (const realm of realms ?? []) {
      count += await this.count(query, realm);
      if (count > FEW) return null;
    }
    return realms;
  }

  /** All realms; null: there are more. */
  private async all(limit: number): Promise<readonly string[] | null> {
    const realms: string[] = [];
    for (let realm = await this.before(null); realm !== null; realm = await this.before(realm)) {
      if (realms.length === limit) return null;
      realms.push(realm);
    }
    return realms;
  }

  /** As far as it matters. */
  private async count(query: LockedQuery, realm: string): Promise<number> {
    const { path, columns, indexes } = this.table;
    const { from, to } = listedRange(query.of, query.labelPrefix);
    const [row] = await this.dialect.query(
      `SELECT COUNT(*) FROM (SELECT ${columns.key} FROM ${path}${this.dialect.indexHint(indexes.rest)} ` +
        `WHERE ${columns.realm} = ? AND ${columns.listed} >= ? AND ${columns.listed} < ? ` +
        // In the index's order, so that PostgreSQL does not begin with the table.
        `ORDER BY ${columns.listed} LIMIT ${FEW + 1}) AS p`,
      [realm, from, to],
    );
    return integer('count', row?.[0]);
  }
}
