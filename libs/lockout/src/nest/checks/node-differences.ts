import type { NodeReport } from '../../store/node-registry.js';

/** Another process whose code says something else, and about which policies. */
export interface NodeDifference {
  readonly label: string;
  /** Names of the policies that differ or that only one of the two has; a brand's as `name@brand`. Sorted. */
  readonly policies: readonly string[];
}

/** Who among `nodes` is configured otherwise than `own`. */
export function nodeDifferences(own: NodeReport, nodes: readonly NodeReport[]): readonly NodeDifference[] {
  return nodes
    .filter(({ id }) => id !== own.id)
    .map(({ label, policies }) => {
      const names = new Set([...Object.keys(own.policies), ...Object.keys(policies)]);
      const differing = Array.from(names).filter((name) => own.policies[name] !== policies[name]);
      return { label, policies: differing.sort() };
    })
    .filter(({ policies }) => policies.length > 0);
}
