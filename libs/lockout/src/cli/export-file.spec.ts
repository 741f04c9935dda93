import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { STANDARD_OUTPUT, writeExport } from './export-file.js';

const root = mkdtempSync(join(tmpdir(), 'lockout-export-file-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = '';
let target = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'one-'));
  target = join(folder, 'events.jsonl');
});

/** A slow reader: it takes one line at a time, and only in a later turn of the event loop. */
function slowReader(): { readonly stdout: Writable; readonly taken: string[] } {
  const taken: string[] = [];
  const stdout = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _, done) => {
      taken.push(String(chunk));
      setImmediate(done);
    },
  });
  return { stdout, taken };
}

/** So many lines; `between` is called before each but the first. */
async function* lines(count: number, between: () => void = () => {}): AsyncGenerator<string> {
  for (let n = 0; n < count; n += 1) {
    if (n > 0) between();
    yield `{"id":${n}}\n`;
  }
}

const write = (pieces: AsyncIterable<string>, to = target) => writeExport(pieces, to, slowReader());

describe('a file of an export', () => {
  it('has its name once it is whole: whoever is killed on the way leaves none of that name', async () => {
    const seen = new Set<string>();
    const look = (): void => {
      for (const name of readdirSync(folder)) seen.add(name);
    };
    expect(await write(lines(5, look))).toBe(5);
    expect([...seen]).toEqual(['events.jsonl.part']);
    expect(readdirSync(folder)).toEqual(['events.jsonl']);
    expect(readFileSync(target, 'utf8').split('\n')).toHaveLength(6);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('is made where there is nothing to export, too', async () => {
    expect(await write(lines(0))).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('');
  });

  it('takes the place of none, also of one that came meanwhile', async () => {
    writeFileSync(target, 'kept');
    await expect(write(lines(2))).rejects.toThrow(/events\.jsonl: is there already: name a new file/);
    rmSync(target);
    const come = (): void => writeFileSync(target, 'kept');
    await expect(write(lines(2, come))).rejects.toThrow(/events\.jsonl: is there already: name a new file/);
    expect(readFileSync(target, 'utf8')).toBe('kept');
    expect(readdirSync(folder)).toEqual(['events.jsonl']);
  });

  it('is not written into what another export goes on with', async () => {
    const part = `${target}.part`;
    writeFileSync(part, 'half');
    await expect(write(lines(2))).rejects.toThrow(/events\.jsonl\.part: is there already, of an export that/);
    expect(readFileSync(part, 'utf8')).toBe('half');
    expect(existsSync(target)).toBe(false);
  });

  it('leaves nothing of what failed on its way', async () => {
    const fail = (): never => {
      throw new Error('the server went away');
    };
    await expect(write(lines(2, fail))).rejects.toThrow('the server went away');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an export to the standard output', () => {
  it('waits for a slow reader, and listens for one wait at a time', async () => {
    const { stdout, taken } = slowReader();
    const listening = (): number =>
      ['drain', 'close', 'error'].reduce((sum, event) => sum + stdout.listenerCount(event), 0);
    const counts: number[] = [];
    const count = (): void => {
      counts.push(listening());
    };
    expect(await writeExport(lines(20, count), STANDARD_OUTPUT, { stdout })).toBe(20);
    expect(taken).toHaveLength(20);
    expect(counts).toEqual(Array(19).fill(0));
  });

  it('ends where the reader has gone', async () => {
    const { stdout } = slowReader();
    expect(
      await writeExport(
        lines(3, () => stdout.destroy()),
        STANDARD_OUTPUT,
        { stdout },
      ),
    ).toBe(3);
  });
});
