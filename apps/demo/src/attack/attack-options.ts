import { parseArgs } from 'node:util';

/** Where `npm run demo` listens if nothing else was asked for. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

export const USAGE = `Plays attacks against the sample app, so that its console has something to show.

  npm run demo:attack [-- [--url URL] [--fast]]

  --url URL   where the app listens, on this machine (default: ${DEFAULT_URL})
  --fast      at once, instead of at a pace that one can watch`;

/** What the command line asks for. */
export interface AttackOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly fast: boolean;
  readonly help: boolean;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Throws an Error whose message is for whoever typed it. */
export function readOptions(args: readonly string[]): AttackOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, fast: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  const { url = DEFAULT_URL, fast = false, help = false } = values;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new Error(`--url ${url} is not an http address.`);
  if (!LOOPBACK.test(parsed.hostname)) {
    throw new Error(
      `--url ${url} is another machine. The app believes the addresses that this plays (X-Forwarded-For) only of its own.`,
    );
  }
  return { url: parsed.origin, fast, help };
}
