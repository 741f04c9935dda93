import type { ColumnValue } from '../store/codec.js';
import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import { decodeNode, decodeReport, encodeNode, NODE_FIELDS, NODE_LIFE_MS } from '../store/node-row.js';
import { encodeRefusals } from '../store/refusal-row.js';
import { packRow, unpackRow } from './packed-row.js';
import { ANNOUNCE, NODES } from './policy-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';

/** The processes that share the server. */
export class RedisNodes implements NodeRegistry {
  /** As the scripts take them. */
  private readonly keys: readonly string[];

  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: (() => number) | undefined,
    /** Before every name. */
    prefix: string,
  ) {
    this.keys = ['reports', 'seen', 'refusals'].map((part) => `${prefix}{nodes}:${part}`);
  }

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    // The time is the index's, told by the server: the row's own is not read.
    const row = packRow(encodeNode(node, 0));
    const refusals = encodeRefusals(node.refusals) ?? '';
    const rows = await this.connection.run(ANNOUNCE, this.keys, [
      this.clock?.() ?? '',
      NODE_LIFE_MS,
      withinMs,
      node.id,
      row,
      refusals,
    ]);
    return listOf(rows).map((stored) => decodeNode(fieldsOf(stored)));
  }

  async nodes(withinMs: number): Promise<readonly NodeReport[]> {
    const found = await this.connection.run(NODES, this.keys, [this.clock?.() ?? '', withinMs]);
    return listOf(found).map((node) => {
      const [row, refusals = null] = listOf(node);
      return decodeReport([...fieldsOf(row), refusals]);
    });
  }
}

const fieldsOf = (stored: unknown): readonly ColumnValue[] => unpackRow(bytesOf(stored), NODE_FIELDS.length);
