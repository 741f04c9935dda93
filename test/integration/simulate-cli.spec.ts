import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { oneWelcome, type ReplayAttempt, type ReplayReport, reachFive, whatIf } from 'nestjs-lockout/policy';
import { attemptLines, writeAttemptLog } from './attempt-log.js';

/** Built by `npm run build`, as `npm test` does first. */
const PACKAGE = join(import.meta.dirname, '../../libs/lockout');
const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
  bin: Readonly<Record<string, string>>;
};
const PROGRAM = join(PACKAGE, bin['nestjs-lockout'] ?? '');

const folder = mkdtempSync(join(tmpdir(), 'lockout-simulate-'));
const small = join(folder, 'small.csv');
const SMALL = { lines: 20_000, accounts: 2000 };

beforeAll(() => writeAttemptLog(small, SMALL), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, ...lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `time,account,outcome\n${lines.join('\n')}\n`);
  return join(folder, name);
};

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `node`: options of Node itself. `input`: a file for the standard input. */
interface Running {
  readonly node?: readonly string[];
  readonly input?: string | null;
}

const start = (args: readonly string[], node: readonly string[] = []): ChildProcess =>
  spawn(process.execPath, [...node, PROGRAM, ...args], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  });

async function run(args: readonly string[], { node = [], input = null }: Running = {}): Promise<Ended> {
  const child = start(args, node);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += String(chunk);
  });
  if (child.stdin) {
    if (input === null) child.stdin.end();
    else createReadStream(input).pipe(child.stdin);
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

interface Told {
  readonly report: ReplayReport;
  readonly reading: { readonly lines: number; readonly bad: number };
  readonly effort: {
    readonly peakKeys: number;
    readonly peakMemory: number;
    readonly attemptsPerSecond: number;
  };
}

async function told(args: readonly string[], options?: Running): Promise<Told> {
  const { code, out, err } = await run(['simulate', '--json', ...args], options);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Told;
}

describe('nestjs-lockout simulate, as a process of its own', () => {
  it('prints what the policies would have done, in sentences and tables', async () => {
    const { code, out, err } = await run(['simulate', '--preset', 'reachfive', small]);
    // No bar where nobody looks.
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^20,000 attempts at 2,000 accounts, from 2026-01-05 00:00:00 UTC to 2026-01-11/);
    expect(out).toMatch(/With the preset reachfive there would have been [\d,]+ locks, at \d+ accounts \(/);
    expect(out).toMatch(/wrong guesses would not have been looked at/);
    expect(out).toMatch(/true owners, \d+ \([^)]+\) would have been turned away at least once, to wait /);
    expect(out).toMatch(/│ user[012]@example\.com +│/);
    expect(out).toMatch(/LCK\d{3}/);
    expect(out).toMatch(
      /20,000 attempts in .+: [\d,]+ a second, at most [\d,]+ keys alive at once, [\d,]+ MiB at most\.\n$/,
    );
  });

  it('finds what the library finds', async () => {
    const attempts = [...attemptLines(SMALL)].slice(1).map((line): ReplayAttempt => {
      const [time = '', account = '', address, method = '', outcome] = line.trim().split(',');
      return {
        at: Date.parse(time),
        account,
        address: address ?? null,
        method,
        outcome: outcome as 'success',
      };
    });
    const { report, reading } = await told(['--preset', 'reachfive', '--top', '5', small]);
    expect(reading).toMatchObject({ lines: 20_000, bad: 0 });
    expect(report).toEqual(whatIf(attempts, { policies: reachFive(), top: 5 }));
    expect(report.locks.total).toBeGreaterThan(10);
    expect(report.accounts.ownersTurnedAway).toBeGreaterThan(0);
  });

  it('reads the standard input, and policies from a file', async () => {
    const policies = join(folder, 'policies.json');
    writeFileSync(policies, JSON.stringify(oneWelcome({ maximumFailedAttempts: 2 })));
    const piped = await told(['--policies', policies, '-'], { input: small });
    const read = await told(['--policies', policies, small]);
    expect(piped.report).toEqual(read.report);
    expect(piped.report.policies.map(({ policy }) => policy)).toEqual(oneWelcome().map(({ name }) => name));
  });

  it('counts IPv6 by /64, as the engine does', async () => {
    const path = join(folder, 'ipv6.csv');
    const lines = [...Array(30).keys()].map((n) => `${1_767_225_600 + n},user-${n},2001:db8::${n},failure`);
    writeFileSync(path, `time,account,ip,outcome\n${lines.join('\n')}\n`);
    const { report } = await told(['--preset', 'outsystems', path]);
    expect(report.topOthers).toMatchObject([{ subject: 'address 2001:db8::/64', locks: 1, refused: 10 }]);
  });

  it('takes memory for the keys that are alive, not for the lines', async () => {
    const long = join(folder, 'long.csv');
    await writeAttemptLog(long, { ...SMALL, lines: 100_000 });
    // Less heap than the lines would take, and little to let garbage pile up in.
    const node = ['--max-old-space-size=24', '--max-semi-space-size=2'];
    const short = (await told(['--preset', 'reachfive', small], { node })).effort;
    const { effort, report } = await told(['--preset', 'reachfive', long], { node });
    expect(report.attempts.all).toBe(100_000);
    expect(effort.peakKeys).toBeLessThan(2000);
    expect(effort.peakMemory).toBeGreaterThan(20 * 2 ** 20);
    // Eighty thousand lines more: a hundred bytes a line would be 8 MiB, an attempt kept whole 20 and more.
    expect(effort.peakMemory - short.peakMemory).toBeLessThan(16 * 2 ** 20);
    expect(effort.attemptsPerSecond).toBeGreaterThan(0);
  });

  it('writes a page beside the summary', async () => {
    const page = join(folder, 'report.html');
    const { code, out } = await run(['simulate', '--preset', 'outsystems', '--report', page, small]);
    expect(code).toBe(0);
    expect(out).toMatch('With the preset outsystems');
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('tells all that is wrong with its options at once, reads nothing, and exits with 2', async () => {
    const page = join(folder, 'never.html');
    const { code, out, err } = await run([
      'simulate',
      '--preset',
      'nobody',
      '--top',
      '0',
      '--report',
      page,
      'no.csv',
    ]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toEqual([
      'no.csv: there is no such file.',
      expect.stringMatching(/^--preset nobody: there is no such preset; use outsystems, /),
      '--top 0: must be a whole number from 1 to 1000.',
      'See nestjs-lockout simulate --help',
    ]);
    expect(existsSync(page)).toBe(false);
  });

  it('leaves bad lines out and names them; with --strict it exits with 1', async () => {
    const path = written(
      'bad.csv',
      '2026-01-01T00:00:00Z,alice,ok',
      'yesterday,bob,ok',
      '2026-01-01T00:00:01Z,\u001b[2J,what',
    );
    const lenient = await run(['simulate', '--preset', 'reachfive', path]);
    expect(lenient.code).toBe(0);
    expect(lenient.out).toMatch('line 3 "yesterday" is no time');
    expect(lenient.out).toMatch('line 4 "what" is no known outcome');
    expect(lenient.out).not.toContain('\u001b');
    const strict = await run(['simulate', '--preset', 'reachfive', '--strict', path]);
    expect(strict.code).toBe(1);
    expect(strict.err).toBe('2 lines could not be read, and --strict was given.\n');
  });

  it.each([
    ['no line that can be read', ['x,y,z'], 'No line of the log could be replayed.'],
    [
      'a line far out of order',
      ['2026-01-02T00:00:00Z,alice,ok', '2026-01-01T00:00:00Z,bob,ok'],
      'Line 3 is of 2026-01-01 00:00:00 UTC, 24 h before a line above it.',
    ],
  ])('exits with 1 for a log with %s', async (_, lines, problem) => {
    const { code, err } = await run(['simulate', '--preset', 'reachfive', written('odd.csv', ...lines)]);
    expect(code).toBe(1);
    expect(err).toContain(problem);
  });

  it('refuses a log that lacks what a policy counts by: nothing would be counted, silently', async () => {
    const path = written('no-address.csv', '2026-01-01T00:00:00Z,alice,ok');
    const { code, out, err } = await run(['simulate', '--preset', 'outsystems', path]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch('"outsystems-address" counts by address, but the log has no such column');
  });

  it('does not mind a reader that stops reading', async () => {
    const child = start(['simulate', '--json', '--preset', 'outsystems', '--top', '1000', small]);
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += String(chunk);
    });
    child.stdout?.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, complaint]).toEqual([0, '']);
  });

  it('explains itself', async () => {
    const help = await run(['simulate', '--help']);
    expect(help.code).toBe(0);
    for (const text of ['--preset <name>', 'Examples:', 'Exit codes:', 'zcat', 'contentstack']) {
      expect(help.out).toContain(text);
    }
    const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect((await run(['--version'])).out).toBe(`${version}\n`);
    const nothing = await run([]);
    expect([nothing.code, nothing.out]).toEqual([2, '']);
    expect(nothing.err).toMatch('Usage: nestjs-lockout');
    const unknown = await run(['guess']);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch("unknown command 'guess'");
  });
});
