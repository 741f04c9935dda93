import { readFileSync } from 'node:fs';

/** The release of this library; null: the application is bundled, and its package is not at hand. */
export const LIBRARY_VERSION: string | null = readVersion();

function readVersion(): string | null {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { name, version } = JSON.parse(text) as { readonly name?: unknown; readonly version?: unknown };
    return name === 'nestjs-lockout' && typeof version === 'string' ? version : null;
  } catch {
    return null;
  }
}
