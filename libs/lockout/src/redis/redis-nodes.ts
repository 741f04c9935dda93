import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import { decodeNode, encodeNode, NODE_FIELDS, NODE_LIFE_MS } from '../store/node-row.js';
import { packRow, unpackRow } from './packed-row.js';
import { ANNOUNCE } from './policy-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';

/** The processes that share the server. */
export class RedisNodes implements NodeRegistry {
  private readonly nodes: string;
  private readonly seen: string;

  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: (() => number) | undefined,
    /** Before every name. */
    prefix: string,
  ) {
    this.nodes = `${prefix}{nodes}:reports`;
    this.seen = `${prefix}{nodes}:seen`;
  }

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    // The time is the index's, told by the server: the row's own is not read.
    const row = packRow(encodeNode(node, 0));
    const rows = await this.connection.run(
      ANNOUNCE,
      [this.nodes, this.seen],
      [this.clock?.() ?? '', NODE_LIFE_MS, withinMs, node.id, row],
    );
    return listOf(rows).map((stored) => decodeNode(unpackRow(bytesOf(stored), NODE_FIELDS.length)));
  }
}
