/** One process that shares the store, and the policies that its configuration in code says. */
export interface NodeReport {
  /** Drawn at the process's start; opaque, at most 64 characters. */
  readonly id: string;
  /** Host and process id, for people; at most 128 characters. */
  readonly label: string;
  /** For each configured policy by name (a brand's as `name@brand`) a short hash of what it says; 65,535 bytes of JSON. */
  readonly policies: Readonly<Record<string, string>>;
}

/**
 * Tells the processes that share a store of each other, so that differing configurations are noticed (OS-26).
 * `testing/node-registry-contract` is the suite every implementation passes.
 */
export interface NodeRegistry {
  /**
   * Writes down this process as alive now, and answers every process (this one too, in no order) that did so within the
   * last `withinMs` on the store's clock, both ends included. Reports older than a day are dropped, so a longer time
   * tells no more. Rejects with `StoreError` when the store cannot answer, and for a report that no row can hold (`data`).
   */
  announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]>;
}

/** Whether a store keeps a list of processes; the port is optional. */
export const isNodeRegistry = (store: object): store is NodeRegistry =>
  typeof Reflect.get(store, 'announce') === 'function';
