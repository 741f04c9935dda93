import { existsSync } from 'node:fs';

/** A program that some suites need, and that npm does not bring. */
export interface Program {
  /** As a sentence begins with it. */
  readonly name: string;
  /** Where it is: where Debian's package puts it, unless this run was told otherwise. */
  readonly path: string;
  /** What is not tested without it. */
  readonly what: string;
  /** How to have it. */
  readonly advice: string;
}

/** Whether it is there. Says so where it is not; with `CI` set that fails the run. */
export function hasProgram({ name, path, what, advice }: Program): boolean {
  if (existsSync(path)) return true;
  const line = `${name} is not at ${path}: ${what} are skipped (${advice})`;
  if (process.env['CI']) throw new Error(line);
  // Not console.warn: jest keeps what skipped suites say to itself.
  process.stderr.write(`${line}\n`);
  return false;
}
