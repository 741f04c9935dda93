import type { ColumnValue } from './codec.js';
import type { NodeRegistry, NodeReport } from './node-registry.js';
import { decodeNode, decodeReport, encodeNode, NODE_LIFE_MS } from './node-row.js';
import { encodeRefusals } from './refusal-row.js';

interface Announced {
  readonly row: ColumnValue[];
  readonly seenAt: number;
}

/** The processes that share a memory store: engines in one process. */
export class MemoryNodes implements NodeRegistry {
  private readonly announced = new Map<string, Announced>();

  constructor(private readonly clock: () => number) {}

  async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    const now = this.clock();
    const row = [...encodeNode(node, now), encodeRefusals(node.refusals)];
    this.announced.set(node.id, { row, seenAt: now });
    for (const [id, { seenAt }] of this.announced) {
      if (seenAt < now - NODE_LIFE_MS) this.announced.delete(id);
    }
    return this.seenSince(now - withinMs).map(({ row }) => decodeNode(row));
  }

  async nodes(withinMs: number): Promise<readonly NodeReport[]> {
    return this.seenSince(this.clock() - withinMs).map(({ row }) => decodeReport(row));
  }

  private seenSince(time: number): Announced[] {
    return [...this.announced.values()].filter(({ seenAt }) => seenAt >= time);
  }
}
