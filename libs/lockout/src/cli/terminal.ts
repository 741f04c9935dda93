import type { Readable, Writable } from 'node:stream';

/** Everything a command touches beside files: handed in, so that a test can give it its own. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Progress is drawn only where `isTTY` is true. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Epoch ms. */
  readonly now: () => number;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
  /** Most memory the process ever held, in bytes. */
  readonly peakMemory: () => number;
}

/** How a command ended, as the process's exit code. */
export const EXIT = Object.freeze({
  done: 0,
  /** The log could not be replayed, or (`--strict`) not all of it. */
  log: 1,
  /** The options are wrong; nothing was read. */
  usage: 2,
});

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
