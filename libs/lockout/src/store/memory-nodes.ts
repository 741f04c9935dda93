import type { ColumnValue } from './codec.js';
import type { NodeRegistry, NodeReport } from './node-registry.js';
import { decodeNode, encodeNode, NODE_LIFE_MS } from './node-row.js';

interface Announced {
  readonly row: ColumnValue[];
  readonly seenAt: number;
}

/** The processes that share a memory store: engines in one process. */
export class MemoryNodes implements NodeRegistry {
  private readonly nodes = new Map<string, Announced>();

  constructor(private readonly clock: () => number) {}

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    const now = this.clock();
    this.nodes.set(node.id, { row: encodeNode(node, now), seenAt: now });
    for (const [id, { seenAt }] of this.nodes) {
      if (seenAt < now - NODE_LIFE_MS) this.nodes.delete(id);
    }
    return [...this.nodes.values()]
      .filter(({ seenAt }) => seenAt >= now - withinMs)
      .map(({ row }) => decodeNode(row));
  }
}
