import { execFile } from 'node:child_process';

/** What a run of `npm run torture` tells. */
export interface TortureReport {
  readonly totals: Readonly<Record<string, number>>;
  readonly violations: readonly {
    readonly promise: string;
    readonly what: string;
    readonly account: string;
  }[];
}

const SCRIPT = new URL('../torture/run.mjs', import.meta.url).pathname;

/** A run in a process of its own. `violations` with their histories where it ends with 1. */
export function tortureRun(seed: number, ...options: readonly string[]): Promise<TortureReport> {
  const args = [SCRIPT, '--json', '--seed', String(seed), ...options];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as TortureReport);
      } catch {
        reject(new Error(`the run did not report:\n${stderr}`, { cause: error }));
      }
    });
  });
}

/** What was broken; empty where everything was kept. */
export const toldOf = ({ violations }: TortureReport): string =>
  violations.map(({ promise, what, account }) => `${promise}\n${what}\n${account}`).join('\n\n');
