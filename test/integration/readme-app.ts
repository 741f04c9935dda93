import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Document } from '../docs/document.js';

const run = promisify(execFile);

/** The application that the README's integration makes, in a folder outside the repository. */
export class ReadmeApp {
  private child: ChildProcess | null = null;
  private log = '';

  constructor(
    private readonly readme: Document,
    private readonly folder: string,
  ) {}

  /** Writes the files that the README shows, word for word. */
  write(): void {
    for (const [path, text] of this.readme.files()) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }

  /** Runs the README's `npm install`, with the tarball in place of the published package. */
  async install(tarball: string): Promise<void> {
    const command = this.readme.blocks.find(
      ({ language, text }) => language === 'sh' && text.startsWith('npm install nestjs-lockout '),
    );
    if (!command) throw new Error('The README has no npm install command');
    const [, ...words] = command.text.trim().split(/\s+/);
    const args = words.map((word) => (word === 'nestjs-lockout' ? tarball : word));
    await run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund'], { cwd: this.folder });
  }

  async build(): Promise<void> {
    await run('npm', ['run', 'build'], { cwd: this.folder });
  }

  /** What `npm start` runs, without the npm in between that would outlive a kill. */
  async start(environment: Readonly<Record<string, string>>): Promise<void> {
    const { scripts } = JSON.parse(this.readme.files().get('package.json') ?? '{}') as {
      scripts: { start: string };
    };
    const [program = '', ...args] = scripts.start.split(' ');
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.log += String(chunk);
        if (this.log.includes('successfully started')) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The application exited with ${code}\n${this.log}`)));
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  /** Everything it printed. */
  get output(): string {
    return this.log;
  }
}
