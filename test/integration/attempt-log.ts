import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface AttemptLogOptions {
  /** Lines after the header. */
  readonly lines: number;
  /** Default 10 000. */
  readonly accounts?: number;
  /** The same seed makes the same file. Default 1. */
  readonly seed?: number;
}

/** Mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const START = Date.UTC(2026, 0, 5);
/** A week, however many lines. */
const SPAN_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The lines of a login log, in the order of time: owners at home, who mistype now and then and more so on Monday; a
 * guesser at three accounts from one address; a spray over all accounts from a few; both for a part of the week.
 */
export function* attemptLines({ lines, accounts = 10_000, seed = 1 }: AttemptLogOptions): Generator<string> {
  const next = dice(seed);
  const below = (count: number) => Math.floor(next() * count);
  const mistyping = new Map<number, number>();
  yield 'time,account,address,method,outcome\n';
  for (let line = 0; line < lines; line += 1) {
    const time = new Date(START + Math.floor((line / lines) * SPAN_MS)).toISOString();
    const part = line / lines;
    const dangerous = part > 0.3 && part < 0.5 ? next() : 1;
    if (dangerous < 0.1) {
      yield `${time},user${below(3)}@example.com,198.51.100.7,password,failure\n`;
    } else if (dangerous < 0.3) {
      yield `${time},user${below(accounts)}@example.com,203.0.113.${below(20)},password,failure\n`;
    } else {
      const owner = below(accounts);
      const left = mistyping.get(owner) ?? (next() < 0.08 ? 1 + Math.floor(next() ** 3 * 8) : 0);
      if (left > 0) mistyping.set(owner, left - 1);
      else mistyping.delete(owner);
      const address =
        owner % 3 === 0 ? `2001:db8:${owner.toString(16)}::${below(9)}` : `10.${owner >> 8}.${owner & 255}.2`;
      const method = owner % 10 === 0 ? 'otp' : 'password';
      yield `${time},user${owner}@example.com,${address},${method},${left > 0 ? 'failure' : 'success'}\n`;
    }
  }
}

/** Writes such a log, in pieces: a million lines take no more memory than a thousand. */
export async function writeAttemptLog(path: string, options: AttemptLogOptions): Promise<void> {
  const file = createWriteStream(path);
  let piece = '';
  for (const line of attemptLines(options)) {
    piece += line;
    if (piece.length < 1 << 16) continue;
    if (!file.write(piece)) await once(file, 'drain');
    piece = '';
  }
  file.end(piece);
  await once(file, 'close');
}
