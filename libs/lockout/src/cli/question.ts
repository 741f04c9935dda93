import { createInterface } from 'node:readline/promises';
import type { Terminal } from './terminal.js';

/** Asks one question, beside what is printed. An end of the input is an empty answer. */
export async function ask({ stdin, stderr }: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY === true });
  const given = new AbortController();
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
  });
  lines.once('SIGINT', () => lines.close());
  try {
    const answer = lines.question(question, { signal: given.signal }).catch(() => '');
    return (await Promise.race([answer, closed])).trim();
  } finally {
    given.abort();
    lines.close();
  }
}
