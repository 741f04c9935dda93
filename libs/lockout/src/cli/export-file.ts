import { promises as files } from 'node:fs';
import type { Writable } from 'node:stream';
import { CommandProblem } from './command-problem.js';
import { printable, printableLines } from './printable.js';
import { EXIT, type Terminal } from './terminal.js';

/** Stands for the standard output. */
export const STANDARD_OUTPUT = '-';

/** It names people: nobody else's to read. */
const MODE = 0o600;

/**
 * Writes JSON lines as they come, to a new file or to the standard output. Of an export that failed no file stays.
 * Rejects with CommandProblem for a file that cannot be made, and with what `pieces` throw.
 * @returns how many lines.
 */
export async function writeExport(
  pieces: AsyncIterable<string>,
  target: string,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<number> {
  if (target === STANDARD_OUTPUT) return writeEach(pieces, (text) => drained(stdout, text));
  // The first piece before the file: what is refused leaves none.
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  const file = await opened(target);
  try {
    const rest = { [Symbol.asyncIterator]: () => source };
    const write = async (text: string): Promise<void> => {
      await file.writeFile(text);
    };
    const before = first.done ? 0 : await writeEach([first.value], write);
    const lines = before + (first.done ? 0 : await writeEach(rest, write));
    await file.close();
    return lines;
  } catch (error) {
    await file.close();
    await files.rm(target, { force: true });
    throw error;
  }
}

async function opened(target: string): Promise<Awaited<ReturnType<typeof files.open>>> {
  try {
    return await files.open(target, 'wx', MODE);
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.message) : String(error);
    const why = code === 'EEXIST' ? 'is there already: name a new file' : `cannot be made (${code})`;
    throw new CommandProblem([`--export ${printable(target, 200)}: ${why}.`], EXIT.usage);
  }
}

async function writeEach(
  pieces: AsyncIterable<string> | Iterable<string>,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let lines = 0;
  for await (const piece of pieces) {
    lines += piece.split('\n').length - 1;
    await write(printableLines(piece));
  }
  return lines;
}

/** Waits until whoever reads has room again, or has gone. */
async function drained(stream: Writable, text: string): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve) => {
    stream.once('drain', resolve);
    stream.once('close', resolve);
  });
}
