/** A server that a test started, and may kill. */
export interface ChildServer {
  /** Ends the server and removes its directory. */
  stop(): Promise<void>;
  /** SIGKILL, as when the machine fails; the directory stays. */
  kill(): Promise<void>;
  /** After `kill`: starts it again, in the same directory and on the same port. */
  restart(): Promise<void>;
}
