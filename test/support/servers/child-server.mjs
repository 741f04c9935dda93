import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';

/** Pause before a server that could not start again is tried once more, ms. */
const RESTART_PAUSE_MS = 250;

/** How often it is looked, each millisecond, whether a server that is about to be killed has stopped. */
const STOP_TRIES = 1_000;

/**
 * @typedef {object} ChildServer
 * @property {() => Promise<void>} stop Ends the server and removes its directory.
 * @property {() => Promise<void>} kill SIGKILL to it and to its children, as when the machine fails; the directory stays.
 * @property {() => Promise<void>} restart After `kill`: starts it again, in the same directory and with the same arguments.
 */

/**
 * Starts a server in a directory of its own and waits until it says that it is ready.
 *
 * @param {{ command: string, args: string[], dir: string, ready: string, timeoutMs?: number, stopSignal?: NodeJS.Signals,
 *   options?: import('node:child_process').SpawnOptions }} server
 * @returns {Promise<ChildServer>}
 */
export async function startChild(server) {
  const { command, dir, timeoutMs = 30_000, stopSignal = 'SIGTERM' } = server;
  let child = await launch(server, timeoutMs);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  /** @param {() => void | Promise<void>} end */
  const endBy = async (end) => {
    if (isGone()) return;
    child.ref();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await end();
    await gone;
  };
  return {
    async stop() {
      await endBy(() => child.kill(stopSignal));
      process.removeListener('exit', killAtExit);
      rmSync(dir, { recursive: true, force: true });
    },
    async kill() {
      await endBy(async () => {
        // Stopped, it makes no child that would be missed, and no other one for a child that is gone.
        child.kill('SIGSTOP');
        await stopped(child.pid);
        const children = childrenOf(child.pid);
        child.kill('SIGKILL');
        for (const pid of children) killIfThere(pid);
      });
    },
    async restart() {
      if (!isGone()) throw new Error(`${command} still runs`);
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        try {
          child = await launch(server, timeoutMs);
          return;
        } catch (error) {
          // What the killed one held (shared memory, the port) can take a moment to go.
          if (Date.now() > deadline) throw error;
          await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
        }
      }
    },
  };
}

/**
 * @param {Parameters<typeof startChild>[0]} server
 * @param {number} timeoutMs
 */
async function launch({ command, args, ready, options }, timeoutMs) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await new Promise((resolve, reject) => {
      let log = '';
      const timer = setTimeout(
        () => reject(new Error(`${command} is not ready after ${timeoutMs} ms\n${log}`)),
        timeoutMs,
      );
      const settle = (/** @type {(value: any) => void} */ end) => (/** @type {any} */ value) => {
        clearTimeout(timer);
        end(value);
      };
      child.stderr?.on('data', (chunk) => {
        log += String(chunk);
        if (log.includes(ready)) settle(resolve)(undefined);
      });
      child.once('error', settle(reject));
      child.once('exit', (code) => settle(reject)(new Error(`${command} exited with ${code}\n${log}`)));
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  // Nothing about the server may keep the test run alive, and its log must not fill the pipe.
  child.stderr?.removeAllListeners('data');
  child.stderr?.resume();
  // @ts-expect-error It is a socket, whatever its type says.
  child.stderr?.unref();
  child.unref();
  return child;
}

/**
 * PostgreSQL serves each connection by a process of its own. Where there is no /proc they end by themselves, when they
 * notice that the first one is gone.
 *
 * @param {number | undefined} parent
 */
function childrenOf(parent) {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === parent);
  } catch {
    return [];
  }
}

/** @param {number} pid */
const parentOf = (pid) => Number(statusOf(pid)?.[1]);

/**
 * `SIGSTOP` takes hold between two steps of the process; in the one before it may still make a child. Where there is no
 * /proc nothing is awaited.
 *
 * @param {number | undefined} pid
 */
async function stopped(pid) {
  const isRunning = () => pid !== undefined && /[^TtZ]/.test(statusOf(pid)?.[0] ?? 'Z');
  for (let tries = 0; tries < STOP_TRIES && isRunning(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 1));
}

/**
 * State, parent and so on, of `pid (name) state ppid …`: the name may hold anything.
 *
 * @param {number} pid
 */
function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function killIfThere(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
