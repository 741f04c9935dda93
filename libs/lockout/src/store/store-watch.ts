import type { StoreFault } from './store-error.js';

/** What a decision asks of the store: records, a swap, or a swap with the records held. */
export type StoreWork = 'load' | 'swap' | 'hold';

/** Told of the work of batches at the store. Tells whoever observes the engine; does next to nothing where nobody does. */
export interface StoreWatch {
  /** False: nobody observes, so that nothing needs to be measured. */
  readonly isOn: boolean;
  /** Monotonic ms, or 0 while nobody observes. */
  now(): number;
  /** A batch leaves with so many operations. */
  batched(operations: number): void;
  /** A swap of so many rows was answered; so many of them were lost to other processes. */
  swapped(rows: number, lost: number): void;
  /** A round is decided with the records held. */
  held(): void;
  /** An operation was answered from memory. */
  answeredFromMemory(): void;
  /** The store was asked: how long, since `startedAt` (monotonic ms), and with which fault, is told when it answered. */
  timed<T>(call: StoreWork, startedAt: number, answer: Promise<T>): Promise<T>;
}

/** One question to the store. */
export interface AskedStore {
  readonly call: StoreWork;
  readonly durationMs: number;
  /** Null: it answered. */
  readonly fault: StoreFault | null;
}
