import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor } from './visitor.js';

/** What `npm start` runs. */
const MAIN = join(import.meta.dirname, '../../../dist/apps/demo/main.js');

const START_MS = 30_000;

/** The built app in a process of its own. */
export class DemoProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    /** What it printed until it listened. */
    readonly announcement: string,
  ) {}

  /** `cwd`: where it keeps its `./data`. Rejects with what it printed if it ends instead of listening. */
  static async start(cwd: string, environment: NodeJS.ProcessEnv = {}): Promise<DemoProcess> {
    if (!existsSync(MAIN)) throw new Error('The sample app is not built: npm run build.');
    const { PATH } = process.env;
    const child = spawn(process.execPath, [MAIN], {
      cwd,
      env: { PATH, PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`The app did not listen in ${START_MS} ms: ${printed}`));
      }, START_MS);
      const read = (chunk: Buffer): void => {
        printed += String(chunk);
        const found = /sample app: (http:\S+).*What will happen/s.exec(printed);
        if (!found?.[1]) return;
        clearTimeout(timer);
        resolve(found[1]);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`The app ended with ${code}: ${printed}`));
      });
    });
    return new DemoProcess(child, url, printed);
  }

  visitor(): Visitor {
    return new Visitor(this.url);
  }

  /** Resolves with its exit code; null: the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null)
      return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill(signal);
    });
  }
}
