import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PolicyInput } from 'nestjs-lockout/policy';
import type { DataSourceOptions } from 'typeorm';

export interface Guess {
  readonly account: string | { readonly unknown: string };
  readonly address: string;
  readonly password: string;
}

export interface CrowdOptions {
  /** Where the records are: a database, without entities and driver, because it crosses a process boundary … */
  readonly dataSource?: DataSourceOptions;
  /** … or a Redis server, or the nodes of a Cluster. */
  readonly redis?: readonly string[];
  readonly processes: number;
  readonly guesses: readonly Guess[];
  readonly policies?: readonly PolicyInput[];
  readonly waitMs?: number;
  /** Swaps overwrite whatever is there: the mistake the bound must notice. */
  readonly careless?: boolean;
  /** Kill this many processes with SIGKILL as soon as so many verifications were begun. */
  readonly kill?: { readonly processes: number; readonly afterVerified: number };
}

export interface CrowdReport {
  /** Verifications begun in all processes, killed ones included: from a journal outside the library. */
  readonly verified: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly lostRaces: number;
  readonly killed: number;
}

/** Long enough for every process to hear of it, so that they really start at once. */
const START_DELAY_MS = 100;
const SCRIPT = new URL('./guesser.mjs', import.meta.url).pathname;
export const SECRET = 'a secret that the whole crowd shares, long enough';

class Member {
  private readonly lines: string[] = [];
  private readonly closed: Promise<void>;
  private errors = '';
  private ready: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.errors += String(chunk);
    });
    this.closed = new Promise((resolve) => output.once('close', resolve));
    this.ready = new Promise((resolve, reject) => {
      output.on('line', (line) => {
        if (line === 'ready') resolve();
        else this.lines.push(line);
      });
      child.once('exit', () => reject(new Error(`a process of the crowd did not start:\n${this.errors}`)));
    });
  }

  isReady(): Promise<void> {
    return this.ready;
  }

  /** `at`: epoch ms, the same for all. */
  start(at: number): void {
    this.child.stdin?.write(`${at}\n`);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async report(): Promise<{ outcomes: Record<string, number>; totals: { lostRaces: number } }> {
    await this.closed;
    const last = this.lines.at(-1);
    if (last === undefined) throw new Error(`a process of the crowd did not report:\n${this.errors}`);
    return JSON.parse(last) as { outcomes: Record<string, number>; totals: { lostRaces: number } };
  }
}

const count = (journal: string): number => readFileSync(journal, 'utf8').split('\n').length - 1;

/** Deals the guesses to processes in turn, starts them all at once, and adds up what they did. */
export async function crowd(options: CrowdOptions): Promise<CrowdReport> {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-crowd-'));
  const journal = join(folder, 'verified');
  writeFileSync(journal, '');
  const members = Array.from({ length: options.processes }, (_, index) => {
    const { processes, guesses, dataSource, redis, policies, waitMs = 0, careless = false } = options;
    const own = guesses.filter((_guess, n) => n % processes === index);
    const task = { dataSource, redis, secret: SECRET, policies, journal, guesses: own, waitMs, careless };
    return new Member(
      spawn(process.execPath, [SCRIPT, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'pipe'] }),
    );
  });
  try {
    await Promise.all(members.map((member) => member.isReady()));
    const at = Date.now() + START_DELAY_MS;
    for (const member of members) member.start(at);
    const doomed = members.slice(0, options.kill?.processes ?? 0);
    if (options.kill) {
      while (count(journal) < options.kill.afterVerified)
        await new Promise((resolve) => setImmediate(resolve));
      for (const member of doomed) member.kill();
    }
    const reports = await Promise.all(members.slice(doomed.length).map((member) => member.report()));
    const outcomes: Record<string, number> = {};
    for (const report of reports) {
      for (const [outcome, n] of Object.entries(report.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + n;
    }
    return {
      verified: count(journal),
      outcomes,
      lostRaces: reports.reduce((sum, report) => sum + report.totals.lostRaces, 0),
      killed: doomed.length,
    };
  } finally {
    for (const member of members) member.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
