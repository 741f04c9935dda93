import type { Readable, Writable } from 'node:stream';

/** Everything a command touches beside files: handed in, so that a test can give it its own. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Colours only where `isTTY` is true. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** Progress is drawn, and questions are asked, only where `isTTY` is true. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
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
  /** `simulate`: the log could not be replayed, or (`--strict`) not all of it. */
  log: 1,
  /** Not locked, so that there was nothing to do; or nobody confirmed what would have been done. */
  nothing: 1,
  /** The options are wrong; nothing was read. */
  usage: 2,
  /** The other side understood and said no. */
  refused: 3,
  /**
   * No answer, of the network, the server or the database, or none that could be written down. Of a change nobody knows
   * whether it was made.
   */
  unreachable: 4,
  /** An answer that is none of the lockout API, a database that is none of the lockout store, or a fault of either. */
  strange: 5,
});

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Whether somebody sits there who can be asked. */
export const isAttended = ({ stdin, stderr }: Terminal): boolean =>
  stdin.isTTY === true && stderr.isTTY === true;
