import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Document } from '../docs/document.js';

const run = promisify(execFile);

/** With which versions the README is followed. */
export interface Edition {
  readonly name: string;
  /** What is installed, by the beginnings of the versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** What becomes of a file of the README. */
  file(path: string, text: string): string;
  /** What becomes of a word of its `npm install`. */
  word(word: string): string;
}

/** Word for word. */
export const AS_WRITTEN: Edition = {
  name: 'as it is written, with Nest 12 and TypeORM 1',
  versions: { '@nestjs/core': '12.', '@nestjs/passport': '12.', typeorm: '1.' },
  file: (_, text) => text,
  word: (word) => word,
};

/** The oldest that the package's peers allow, in a CommonJS application: Node loads the package by `require(esm)`. */
export const OLDEST: Edition = {
  name: 'as CommonJS, with Nest 11 and TypeORM 0.3',
  versions: { '@nestjs/core': '11.', '@nestjs/passport': '11.', typeorm: '0.3.' },
  file(path, text) {
    if (path === 'package.json') {
      return text
        .replaceAll(/("@nestjs\/[^"]+": )"12[^"]*"/g, '$1"^11.0.0"')
        .replace('"module"', '"commonjs"');
    }
    // CommonJS has no await at the top.
    return path === 'src/main.ts'
      ? text.replace(/^const app = [\s\S]*/m, (body) => `void (async () => {\n${body}})();\n`)
      : text;
  },
  word: (word) => word.replace(/^(@nestjs\/[^@]+)@12$/, '$1@11').replace(/^typeorm@1$/, 'typeorm@0.3'),
};

/** The application that the README's integration makes, in a folder outside the repository. */
export class ReadmeApp {
  private child: ChildProcess | null = null;
  private log = '';

  constructor(
    private readonly readme: Document,
    private readonly folder: string,
    private readonly edition: Edition,
  ) {}

  /** Writes the files that the README shows. */
  write(): void {
    for (const [path, text] of this.readme.files()) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), this.edition.file(path, text));
    }
  }

  /** Runs the README's `npm install`, with the tarball in place of the published package. */
  async install(tarball: string): Promise<void> {
    const command = this.readme.blocks.find(
      ({ language, text }) => language === 'sh' && text.startsWith('npm install nestjs-lockout '),
    );
    if (!command) throw new Error('The README has no npm install command');
    const [, ...words] = command.text.trim().split(/\s+/);
    const args = words.map((word) => (word === 'nestjs-lockout' ? tarball : this.edition.word(word)));
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
