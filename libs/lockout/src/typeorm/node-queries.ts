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
import type { Row } from './dialect.js';
import type { KeyedTable } from './keyed-table.js';

/** The processes that share the database: one row each, written by nobody else until it is old. */
export class NodeQueries implements NodeRegistry {
  constructor(private readonly rows: KeyedTable<NodeColumn>) {}

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    const now = await this.rows.now();
    await this.write(node, now);
    await this.rows.dropEnded('seenAt', now - NODE_LIFE_MS - 1);
    return (await this.seenSince(now - withinMs, NODE_FIELDS)).map(decodeNode);
  }

  async nodes(withinMs: number): Promise<readonly NodeReport[]> {
    const now = await this.rows.now();
    return (await this.seenSince(now - withinMs, NODE_COLUMNS)).map(decodeReport);
  }

  private seenSince(time: number, fields: readonly NodeColumn[]): Promise<readonly Row[]> {
    return this.rows.select(fields, `${this.rows.columns.seenAt} >= ?`, [Math.max(0, time)]);
  }

  /** In this order: once updated a row is too young to be dropped, so it cannot go in between. */
  private async write(node: NodeReport, now: number): Promise<void> {
    const row = [...encodeNode(node, now), encodeRefusals(node.refusals)];
    await this.rows.replace(row);
    await this.rows.insert(row);
  }
}
