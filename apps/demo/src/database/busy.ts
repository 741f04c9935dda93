import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/** SQLite lets one connection write at a time, also between processes, and says so with this code. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');

/**
 * Runs a write, again while another connection is writing. SQLite's own waiting would block the event loop, and with
 * it whoever in this process is to finish writing; so the driver's is switched off and this waits instead.
 */
export async function whenNotBusy<T>(write: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await wait(1 + Math.random() * 20);
    }
  }
}
