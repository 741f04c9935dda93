import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** What a console is made of; a file of any other kind is not served. */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
]);

/** Their names change with their content. */
const HASHED = 'assets/';

export const CONSOLE_INDEX = 'index.html';

export interface ConsoleFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly etag: string;
  readonly cacheControl: string;
}

/** The files of a built console, by their path with slashes. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

/**
 * Reads a built console, whole: what is asked for later is looked up here, and never in the file system. Null: there is
 * none in this folder.
 */
export function readConsole(folder: string): ConsoleFiles | null {
  if (!existsSync(join(folder, CONSOLE_INDEX))) return null;
  const files = new Map<string, ConsoleFile>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const contentType = CONTENT_TYPES.get(extname(path));
    if (!contentType) continue;
    const body = readFileSync(join(folder, path));
    const name = path.split(sep).join('/');
    files.set(name, {
      body,
      contentType,
      etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
      // Private: they lie behind the guards. The index names the others, so it is asked for anew each time.
      cacheControl: name.startsWith(HASHED) ? 'private, max-age=31536000, immutable' : 'no-cache',
    });
  }
  return files;
}

/** Whether the client has it already. */
export const isUnchanged = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;
