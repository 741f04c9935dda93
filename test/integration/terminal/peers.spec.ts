import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRET } from './house.js';
import { type Ended, PROGRAM } from './program.js';

const LIBRARY = join(dirname(PROGRAM), '../..');
const MODULES = join(import.meta.dirname, '../../../node_modules');

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

describe('the terminal where nothing is installed but what has to be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-peers-'));
  const installed = join(folder, 'node_modules');
  const program = join(installed, 'nestjs-lockout/dist/cli/main.js');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(() => {
    const manifest = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8')) as Manifest;
    const needed = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies).filter(
        (name) => !manifest.peerDependenciesMeta[name]?.optional,
      ),
    ];
    for (const part of ['dist', 'package.json'])
      cpSync(join(LIBRARY, part), join(installed, 'nestjs-lockout', part), { recursive: true });
    for (const name of needed) {
      mkdirSync(dirname(join(installed, name)), { recursive: true });
      // Its own packages it finds beside where it really is.
      symlinkSync(placeOf(name), join(installed, name));
    }
  });

  /** The program's dependencies may be installed beside it rather than at the top. */
  function placeOf(name: string): string {
    const require = createRequire(join(LIBRARY, 'package.json'));
    const found = require.resolve.paths(name) ?? [MODULES];
    const [place] = found
      .map((path) => join(path, name))
      .filter((path) => isThere(join(path, 'package.json')));
    if (place === undefined) throw new Error(`${name} is not installed.`);
    return place;
  }

  const run = async (args: readonly string[]): Promise<Ended> => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', LOCKOUT_SECRETS: SECRET },
    });
    child.stdin.end();
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += String(chunk);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, err };
  };

  it.each([
    ['mysql://host/database', 'typeorm'],
    ['postgres://host/database', 'typeorm'],
    [`sqlite:${PROGRAM}`, 'typeorm'],
    ['redis://host', 'ioredis'],
  ])('says what %s needs', async (database, name) => {
    const { code, out, err } = await run(['list', '--database', database]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(new RegExp(`^This database needs the package ${name}\\..* npm install ${name}\n`));
  });

  it('works over the API', async () => {
    // Nobody listens there: that is all there is to say.
    const { code, err } = await run(['list', '--url', 'http://127.0.0.1:1/lockout']);
    expect(code).toBe(4);
    expect(err).toMatch(/cannot be reached/);
  });

  it('is in a package that loads, and whose other parts name what they need', async () => {
    const load = async (subpath: string): Promise<string> => {
      const source = `import('${subpath}').then(() => console.log('loaded'), ({ message }) => console.log(message))`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += String(chunk);
      });
      await once(child, 'close');
      return out.trim();
    };
    expect(await load('nestjs-lockout')).toBe('loaded');
    expect(await load('nestjs-lockout/telemetry')).toContain("'@opentelemetry/api'");
    expect(await load('nestjs-lockout/terminus')).toContain("'@nestjs/terminus'");
  });

  it('completes', async () => {
    expect((await run(['complete', '--', 'stat'])).out).toMatch(/^status\t/);
  });
});

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
