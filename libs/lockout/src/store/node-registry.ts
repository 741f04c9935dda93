/** Attempts that one process refused, by realm, in slices of time. */
export interface RefusalCounts {
  /** Start of the first slice, epoch ms: a multiple of `sliceMs`. */
  readonly from: number;
  /** How long a slice is, ms. */
  readonly sliceMs: number;
  /** For each realm the counts of its slices from `from` on; those that a list is too short for are 0. */
  readonly realms: Readonly<Record<string, readonly number[]>>;
}

/** One process that shares the store, and the policies that its configuration in code says. */
export interface NodeReport {
  /** Drawn at the process's start; opaque, at most 64 characters. */
  readonly id: string;
  /** Host and process id, for people; at most 128 characters. */
  readonly label: string;
  /** For each configured policy by name (a brand's as `name@brand`) a short hash of what it says; 65,535 bytes of JSON. */
  readonly policies: Readonly<Record<string, string>>;
  /** What it refused of late; absent in releases before 0.4. At most 65,535 bytes of JSON with counts to the base of 36. */
  readonly refusals?: RefusalCounts;
}

/**
 * Tells the processes that share a store of each other, so that differing configurations are noticed (OS-26).
 * `testing/node-registry-contract` is the suite every implementation passes.
 */
export interface NodeRegistry {
  /**
   * Writes down this process as alive now, and answers every process (this one too, in no order) that did so within the
   * last `withinMs` on the store's clock, both ends included. Reports older than a day are dropped, so a longer time
   * tells no more. What they refused is not among it: that is for `nodes`. Rejects with `StoreError` when the store cannot
   * answer, and for a report that no row can hold (`data`).
   */
  announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]>;
  /**
   * Every process that announced itself within the last `withinMs`, whole, as it last did. Writes nothing. Rejects with
   * `StoreError` when the store cannot answer, and for a report that cannot be read (`data`).
   */
  nodes(withinMs: number): Promise<readonly NodeReport[]>;
}

/** Whether a store keeps a list of processes; the port is optional. */
export const isNodeRegistry = (store: object): store is NodeRegistry =>
  (['announce', 'nodes'] as const).every((method) => typeof Reflect.get(store, method) === 'function');
