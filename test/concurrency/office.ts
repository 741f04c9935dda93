import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { DataSourceOptions } from 'typeorm';
import { SECRET } from './crowd.js';

const SCRIPT = new URL('./asker.mjs', import.meta.url).pathname;

/** What one process found out by asking; times are epoch ms on the store's clock. */
export interface Asked {
  readonly asks: number;
  /** What attempts asked of the store meanwhile. */
  readonly statements: number;
  /** When the last attempt began that was refused. */
  readonly lastRefusedAt: number | null;
  /** When the first attempt began that was admitted; null: none yet. */
  readonly admittedAt: number | null;
  /** What the store's clock is ahead of the process's, ms. */
  readonly clock: number;
}

export interface OfficeOptions {
  readonly dataSource?: DataSourceOptions;
  readonly redis?: readonly string[];
  readonly cacheMs: number;
}

/** A process of an application with an admin API. */
export class Office {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: Interface,
    readonly url: string,
  ) {}

  static async open(options: OfficeOptions): Promise<Office> {
    const task = JSON.stringify({ ...options, secret: SECRET });
    const child = spawn(process.execPath, [SCRIPT, task], { stdio: ['pipe', 'pipe', 'pipe'] });
    const lines = createInterface({ input: child.stdout });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += String(chunk);
    });
    const started = once(lines, 'line') as Promise<[string]>;
    const ended = once(child, 'exit').then(() => {
      throw new Error(`a process did not start:\n${errors}`);
    });
    const [first] = await Promise.race([started, ended]);
    ended.catch(() => {});
    return new Office(child, lines, (JSON.parse(first) as { url: string }).url);
  }

  lock(account: string): Promise<unknown> {
    return this.say({ word: 'lock', account });
  }

  /** Begins to try again and again to sign in, until it is let. */
  ask(account: string): Promise<unknown> {
    return this.say({ word: 'ask', account });
  }

  async told(): Promise<Asked> {
    return (await this.say({ word: 'told' })) as Asked;
  }

  /** By the admin API; resolves when it is answered. */
  async unlock(account: string): Promise<void> {
    const response = await fetch(`${this.url}/lockout/accounts/default/${account}/unlock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-lockout-admin': '1' },
      body: JSON.stringify({ reason: 'called us, was verified' }),
    });
    const body = await response.text();
    if (body !== '{"changed":true}') throw new Error(`unlock: ${response.status} ${body}`);
  }

  /** When it was unlocked, as the store recorded it: epoch ms. */
  async unlockedAt(account: string): Promise<number> {
    const response = await fetch(`${this.url}/lockout/events?account=${account}&type=unlocked&limit=1`);
    const { items } = (await response.json()) as { items: readonly { readonly at: string }[] };
    return Date.parse(items[0]?.at ?? '');
  }

  async end(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.stdin?.write(`${JSON.stringify({ word: 'end' })}\n`);
    await exited;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async say(words: object): Promise<unknown> {
    const answered = once(this.lines, 'line') as Promise<[string]>;
    this.child.stdin?.write(`${JSON.stringify(words)}\n`);
    const [line] = await answered;
    return JSON.parse(line);
  }
}
