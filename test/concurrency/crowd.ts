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

/** Where the records are: a database, without entities and driver, because it crosses a process boundary … */
export interface CrowdPlace {
  readonly dataSource?: DataSourceOptions;
  /** … or a Redis server, or the nodes of a Cluster. */
  readonly redis?: readonly string[];
}

export interface CrowdRun {
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

/** scrypt's N of a verification: a hundredth of a second. What is tried is how many there are … */
const QUICK = 2 ** 12;
/** … and somebody who is to die while verifying takes a tenth. */
const SLOW = 2 ** 15;

/** A process of the crowd, with an engine and a store of its own. */
class Member {
  private readonly lines: AsyncIterator<string>;
  private readonly child: ChildProcess;
  private errors = '';

  constructor(place: CrowdPlace) {
    this.child = spawn(process.execPath, [SCRIPT, JSON.stringify({ ...place, secret: SECRET })], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errors += String(chunk);
    });
  }

  /** Resolves when it is ready to start. */
  async take(task: object): Promise<void> {
    this.say(task);
    await this.hear();
  }

  /** `at`: epoch ms, the same for all. */
  async start(at: number): Promise<{ outcomes: Record<string, number>; totals: { lostRaces: number } }> {
    this.say(at);
    return JSON.parse(await this.hear()) as {
      outcomes: Record<string, number>;
      totals: { lostRaces: number };
    };
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private say(word: unknown): void {
    this.child.stdin?.write(`${JSON.stringify(word)}\n`);
  }

  private async hear(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`a process of the crowd ended:\n${this.errors}`);
    return value;
  }
}

const count = (journal: string): number => readFileSync(journal, 'utf8').split('\n').length - 1;

/** Processes that share a store and guess at once. Who is killed is replaced at the next run. */
export class Crowd {
  private members: readonly Member[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'lockout-crowd-'));

  constructor(
    private readonly place: CrowdPlace,
    private readonly processes: number,
  ) {}

  /** Deals the guesses to the processes in turn, starts them all at once, and adds up what they did. */
  async run({ guesses, kill, policies, waitMs = 0, careless = false }: CrowdRun): Promise<CrowdReport> {
    const journal = join(this.folder, 'verified');
    writeFileSync(journal, '');
    const members = Array.from(
      { length: this.processes },
      (_, index) => this.members[index] ?? new Member(this.place),
    );
    this.members = members;
    const task = { policies, journal, waitMs, careless, hashCost: kill ? SLOW : QUICK };
    await Promise.all(
      members.map((member, index) =>
        member.take({ ...task, guesses: guesses.filter((_guess, n) => n % this.processes === index) }),
      ),
    );
    const at = Date.now() + START_DELAY_MS;
    const doomed = members.slice(0, kill?.processes ?? 0);
    const living = members.slice(doomed.length);
    // Whoever is killed reports nothing.
    for (const member of doomed) member.start(at).catch(() => {});
    const reported = Promise.all(living.map((member) => member.start(at)));
    if (kill) {
      while (count(journal) < kill.afterVerified) await new Promise((resolve) => setImmediate(resolve));
      for (const member of doomed) member.kill();
      this.members = living;
    }
    const outcomes: Record<string, number> = {};
    let lostRaces = 0;
    for (const report of await reported) {
      lostRaces += report.totals.lostRaces;
      for (const [outcome, n] of Object.entries(report.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + n;
    }
    return { verified: count(journal), outcomes, lostRaces, killed: doomed.length };
  }

  close(): void {
    for (const member of this.members) member.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
