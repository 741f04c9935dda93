import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the package's build of the console lies, whether it is there or not; null: this is no package any more. */
export function builtConsole(): string | null {
  // The same from `dist` and from `src`: up to the package, and down into what was built.
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return join(folder, 'dist', 'console');
}
