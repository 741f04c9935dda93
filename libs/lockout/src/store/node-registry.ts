/** One process that shares the store, and the policies that its configuration in code says. */
export interface NodeReport {
  /** Drawn at the process's start; opaque, at most 64 characters. */
  readonly id: string;
  /** Host and process id, for people; at most 128 characters. */
  readonly label: string;
  /** For each configured policy by name (a brand's as `name@brand`) a short hash of what it says. */
  readonly policies: Readonly<Record<string, string>>;
}

/** Tells the processes that share a store of each other, so that differing configurations are noticed (OS-26). */
export interface NodeRegistry {
  /**
   * Writes down this process as alive now, and answers every process (this one too) that did so within the last
   * `withinMs` on the store's clock. Reports older than a day are dropped.
   */
  announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]>;
}

/** Whether a store keeps a list of processes; the port is optional. */
export const isNodeRegistry = (store: object): store is NodeRegistry =>
  typeof Reflect.get(store, 'announce') === 'function';
