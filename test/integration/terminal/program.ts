import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Built by `npm run build`, as `npm test` does first. */
const PACKAGE = join(import.meta.dirname, '../../../libs/lockout');
const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  bin: Readonly<Record<string, string>>;
};
export const PROGRAM = join(PACKAGE, bin['nestjs-lockout'] ?? '');

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

/** Runs the program with nobody at the terminal. */
export async function run(args: readonly string[], env: Environment = {}): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment(env) });
  child.stdin.end();
  return ended(child);
}

/** The answer of a command with `--json`, whatever its exit code. */
export async function answered(
  args: readonly string[],
  env: Environment = {},
): Promise<{ readonly code: number | null; readonly answer: unknown }> {
  const { code, out, err } = await run([...args.slice(0, 1), '--json', ...args.slice(1)], env);
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
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
