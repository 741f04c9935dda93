import type { LockoutAdminOptions } from '../admin-options.js';

/** How the console is served, with the defaults applied. */
export interface ResolvedConsoleOptions {
  readonly console: boolean;
  /** Null: the package's own. */
  readonly consoleFolder: string | null;
  /** Null: nowhere. */
  readonly signIn: string | null;
}

type ConsoleOptions = Pick<LockoutAdminOptions, keyof ResolvedConsoleOptions>;

export const resolveConsoleOptions = ({
  console = true,
  consoleFolder,
  signIn,
}: ConsoleOptions): ResolvedConsoleOptions => ({
  console,
  consoleFolder: consoleFolder ?? null,
  signIn: signIn ?? null,
});

/** What is wrong with them, each problem with its fix. */
export function consoleProblems({ console, consoleFolder, signIn }: ConsoleOptions): readonly string[] {
  const problems: string[] = [];
  if (console !== undefined && typeof console !== 'boolean') {
    problems.push('LockoutAdminModule console must be true or false.');
  }
  if (consoleFolder !== undefined && (typeof consoleFolder !== 'string' || consoleFolder === '')) {
    problems.push('LockoutAdminModule consoleFolder must be the path of a folder.');
  }
  if (signIn !== undefined && !isLocation(signIn)) {
    problems.push(
      'LockoutAdminModule signIn must be a path such as /login, or an http(s) URL, of printable ASCII without spaces.',
    );
  }
  return problems;
}

/** Whether it can stand in a `Location` header, and is a page. Plain JavaScript may pass anything. */
function isLocation(location: unknown): boolean {
  if (typeof location !== 'string' || !/^[!-~]+$/.test(location)) return false;
  const base = 'http://host.invalid/lockout/console/';
  return URL.canParse(location, base) && /^https?:$/.test(new URL(location, base).protocol);
}
