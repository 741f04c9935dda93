import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import { contractKey } from './contract-swap.js';
import type { OpenedPort, PortLaw } from './port-law.js';

export const MINUTE = 60_000;
export const DAY = 86_400_000;

export type NodeLaw = PortLaw<OpenedPort<NodeRegistry>>;

/** A process that no other test uses. */
export function report(policies: Readonly<Record<string, string>> = { account: '1f' }): NodeReport {
  const id = contractKey();
  return { id, label: `host-${id.slice(0, 6)}:4711`, policies };
}

/** Those of an answer that are of this test, in the order given. */
export function among(answer: readonly NodeReport[], ...reports: readonly NodeReport[]): NodeReport[] {
  return reports.flatMap(({ id }) => answer.filter((node) => node.id === id));
}
