import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

/**
 * Starts a server in a directory of its own and waits until it says that it is ready.
 *
 * @param {{ command: string, args: string[], dir: string, ready: string, timeoutMs?: number, stopSignal?: NodeJS.Signals,
 *   options?: import('node:child_process').SpawnOptions }} server
 * @returns {Promise<{ stop: () => Promise<void> }>} `stop` ends the server and removes its directory.
 */
export async function startChild({
  command,
  args,
  dir,
  ready,
  timeoutMs = 30_000,
  stopSignal = 'SIGTERM',
  options,
}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  await new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(
      () => reject(new Error(`${command} is not ready after ${timeoutMs} ms\n${log}`)),
      timeoutMs,
    );
    child.stderr?.on('data', (chunk) => {
      log += String(chunk);
      if (!log.includes(ready)) return;
      clearTimeout(timer);
      resolve(undefined);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} exited with ${code}\n${log}`)));
  });
  // Nothing about the server may keep the test run alive, and its log must not fill the pipe.
  child.stderr?.removeAllListeners('data');
  child.stderr?.resume();
  // @ts-expect-error It is a socket, whatever its type says.
  child.stderr?.unref();
  child.unref();
  return {
    async stop() {
      child.ref();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null) {
        child.kill(stopSignal);
        await gone;
      }
      process.removeListener('exit', killAtExit);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
