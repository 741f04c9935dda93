import { promises as files } from 'node:fs';
import type { Writable } from 'node:stream';
import { CommandProblem } from './command-problem.js';
import { printable, printableLines } from './printable.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';

/** Stands for the standard output. */
export const STANDARD_OUTPUT = '-';

/** It names people: nobody else's to read. */
const MODE = 0o600;

/**
 * Writes JSON lines as they come, to a new file or to the standard output. The file has its name once it is whole: until
 * then it is `<name>.part`, which stays only where the program is killed. Rejects with CommandProblem for a file that
 * cannot be made or written, and with what `pieces` throw.
 * @returns how many lines.
 */
export async function writeExport(
  pieces: AsyncIterable<string>,
  target: string,
  { stdout }: Pick<Terminal, 'stdout'>,
): Promise<number> {
  if (target === STANDARD_OUTPUT) return writeEach(pieces, (text) => drained(stdout, text));
  await refuseExisting(target);
  // The first piece before the file: what is refused leaves none.
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  const part = `${target}.part`;
  const file = await opened(part, target);
  try {
    const rest = { [Symbol.asyncIterator]: () => source };
    const write = (text: string): Promise<void> => written(part, () => file.writeFile(text));
    const before = first.done ? 0 : await writeEach([first.value], write);
    const lines = before + (first.done ? 0 : await writeEach(rest, write));
    await written(part, () => file.close());
    await refuseExisting(target);
    await written(target, () => files.rename(part, target));
    return lines;
  } catch (error) {
    await file.close();
    await files.rm(part, { force: true });
    throw error;
  }
}

/** Whatever has the name keeps it, a link that leads nowhere too. */
async function refuseExisting(target: string): Promise<void> {
  const found = await files.lstat(target).catch(() => null);
  if (found) throw refusal(target, 'is there already: name a new file');
}

async function opened(part: string, target: string): Promise<Awaited<ReturnType<typeof files.open>>> {
  try {
    return await files.open(part, 'wx', MODE);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EEXIST') throw refusal(target, `cannot be made (${code})`);
    const why = 'is there already, of an export that goes on or was killed: remove it, or name a new file';
    throw refusal(part, why);
  }
}

/** A disk that is full, a file system that went away. */
async function written(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw refusal(file, `cannot be written (${codeOf(error)})`, EXIT.unreachable);
  }
}

const refusal = (file: string, why: string, exitCode: ExitCode = EXIT.usage): CommandProblem =>
  new CommandProblem([`--export ${printable(file, 200)}: ${why}.`], exitCode);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);

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
  if (stream.write(text) || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      // Whichever did not come is not waited for any longer.
      stream.off('drain', goOn).off('close', goOn);
      resolve();
    };
    stream.on('drain', goOn).on('close', goOn);
  });
}
