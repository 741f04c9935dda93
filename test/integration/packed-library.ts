import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');

/** What `npm pack` made. */
export interface Packed {
  /** The tarball. */
  readonly path: string;
  /** Paths in it. */
  readonly files: readonly string[];
}

/** Packs what `npm run build` made, as for a release but in a folder of its own: packing writes next to the sources. */
export async function packLibrary(folder: string): Promise<Packed> {
  const library = join(folder, 'libs/lockout');
  mkdirSync(library, { recursive: true });
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) cpSync(join(ROOT, name), join(folder, name));
  for (const name of ['package.json', 'src', 'dist']) {
    cpSync(join(ROOT, 'libs/lockout', name), join(library, name), { recursive: true });
  }
  const { stdout } = await run('npm', ['pack', '--json'], { cwd: library });
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (!packed) throw new Error('npm pack made nothing');
  return { path: join(library, packed.filename), files: packed.files.map(({ path }) => path) };
}
