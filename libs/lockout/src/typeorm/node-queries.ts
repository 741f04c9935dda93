import { text } from '../store/codec.js';
import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import {
  decodeNode,
  decodeReport,
  encodeNode,
  NODE_COLUMNS,
  NODE_FIELDS,
  NODE_LIFE_MS,
  type NodeColumn,
} from '../store/node-row.js';
import { encodeRefusals } from '../store/refusal-row.js';
import type { Dialect, Row } from './dialect.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';

/** Most rows that one call drops; the next call goes on. */
const MAX_DROPPED = 64;

/** The processes that share the database: one row each, written by nobody else until it is old. */
export class NodeQueries implements NodeRegistry {
  private readonly table: TableNames<NodeColumn>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
  ) {
    this.table = tables.node;
  }

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    const { now } = await this.dialect.load([]);
    await this.write(node, now);
    await this.drop(now - NODE_LIFE_MS);
    return (await this.seenSince(now - withinMs, NODE_FIELDS)).map(decodeNode);
  }

  async nodes(withinMs: number): Promise<readonly NodeReport[]> {
    const { now } = await this.dialect.load([]);
    return (await this.seenSince(now - withinMs, NODE_COLUMNS)).map(decodeReport);
  }

  private seenSince(time: number, fields: readonly NodeColumn[]): Promise<readonly Row[]> {
    const { path, columns } = this.table;
    return this.dialect.query(
      `SELECT ${columnList(this.table, fields)} FROM ${path} WHERE ${columns.seenAt} >= ?`,
      [Math.max(0, time)],
    );
  }

  /** In this order: once updated a row is too young to be dropped, so it cannot go in between. */
  private async write(node: NodeReport, now: number): Promise<void> {
    const { path, columns } = this.table;
    const row = [...encodeNode(node, now), encodeRefusals(node.refusals)];
    const [id, ...rest] = row;
    const assignments = NODE_COLUMNS.slice(1).map((field) => `${columns[field]} = ?`);
    await this.dialect.change(`UPDATE ${path} SET ${assignments.join(', ')} WHERE ${columns.id} = ?`, [
      ...rest,
      id ?? null,
    ]);
    await this.dialect.insertIfAbsent(
      path,
      NODE_COLUMNS.map((field) => columns[field]),
      row,
    );
  }

  /** By their ids, so that no row of a process that lives is held meanwhile. */
  private async drop(before: number): Promise<void> {
    const { path, columns } = this.table;
    const old = await this.dialect.query(
      `SELECT ${columns.id} FROM ${path} WHERE ${columns.seenAt} < ? LIMIT ${MAX_DROPPED}`,
      [before],
    );
    if (old.length === 0) return;
    await this.dialect.change(
      `DELETE FROM ${path} WHERE ${columns.id} IN (${old.map(() => '?').join(', ')}) AND ${columns.seenAt} < ?`,
      [...old.map(([id]) => text('id', id)), before],
    );
  }
}
