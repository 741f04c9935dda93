import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';

/** Built by `npm run build`, as `npm test` does first. */
const PACKAGE = join(import.meta.dirname, '../../../libs/lockout');
const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  bin: Readonly<Record<string, string>>;
};
export const PROGRAM = join(PACKAGE, bin['nestjs-lockout'] ?? '');
/** What the program does with a terminal that it is handed. */
const { runProgram } = (await import(join(dirname(PROGRAM), 'program.js'))) as {
  readonly runProgram: (args: readonly string[], terminal: object) => Promise<number>;
};

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

type Environment = Readonly<Record<string, string>>;

/** Of this machine only what a program needs: no variable of ours comes from outside. */
const environment = (env: Environment): Environment => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '/',
  ...env,
});

/** How a command is run, with nobody at the terminal. */
export type Runner = (args: readonly string[], env?: Environment) => Promise<Ended>;

/** In a process of its own, as an operator does: that it also ends is part of it. */
export const runProcess: Runner = (args, env = {}) => {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment(env) });
  child.stdin.end();
  return ended(child);
};

/** Here, with everything that a process would hand in: a command in a tenth of the time. */
export const run: Runner = async (args, env = {}) => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const [out, err] = [textOf(stdout), textOf(stderr)];
  const code = await runProgram(args, {
    ...{ stdin, stdout, stderr },
    environment: environment(env),
    fetch: globalThis.fetch,
    now: Date.now,
    monotonic: () => performance.now(),
    peakMemory: () => process.resourceUsage().maxRSS * 1024,
  });
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
};

/** The answer of a command with `--json`, whatever its exit code. */
export async function answered(
  args: readonly string[],
  env: Environment = {},
  runner: Runner = run,
): Promise<{ readonly code: number | null; readonly answer: unknown }> {
  const { code, out, err } = await runner([...args.slice(0, 1), '--json', ...args.slice(1)], env);
  if (out === '') throw new Error(`nestjs-lockout ${args.join(' ')} printed nothing: ${err}`);
  return { code, answer: JSON.parse(out) as unknown };
}

/** What somebody at a terminal types, each once the program shows what is before it. */
export type Typed = readonly (readonly [shown: string, typed: string | (() => Promise<string>)])[];

/** Runs the program at a terminal (a pseudo-terminal, by `script` of util-linux). Both streams come as one. */
export async function runAtTerminal(
  args: readonly string[],
  typed: Typed,
  env: Environment = {},
): Promise<{ readonly code: number | null; readonly screen: string }> {
  const quoted = [process.execPath, PROGRAM, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const child = spawn('script', ['-qfec', quoted.join(' '), '/dev/null'], {
    env: environment({ TERM: 'xterm', ...env }),
  });
  const waiting = [...typed];
  let screen = '';
  let answeredTo = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    screen += String(chunk);
    const [next] = waiting;
    const at = next === undefined ? -1 : screen.indexOf(next[0], answeredTo);
    if (next === undefined || at < 0) return;
    answeredTo = at + next[0].length;
    waiting.shift();
    const [, typing] = next;
    if (typeof typing === 'string') child.stdin.write(typing);
    else
      typing().then(
        (text) => child.stdin.write(text),
        (error: Error) => child.kill() && child.emit('error', error),
      );
  });
  const { code } = await ended(child);
  if (waiting.length > 0) throw new Error(`It never showed ${JSON.stringify(waiting[0]?.[0])}:\n${screen}`);
  return { code, screen };
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: await out, err: await err };
}
