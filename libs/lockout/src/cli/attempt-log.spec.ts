import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { ReplayAttempt } from '../policy/index.js';
import { AttemptLog, type AttemptLogOptions } from './attempt-log.js';
import { CommandProblem } from './command-problem.js';

async function read(text: string, options: Partial<AttemptLogOptions> = {}) {
  const attempts: ReplayAttempt[] = [];
  const log = new AttemptLog({
    delimiter: ',',
    columns: new Map(),
    outcomes: new Map(),
    quotes: true,
    toleranceMs: 5000,
    ...options,
  });
  const reading = await log.read(Readable.from([Buffer.from(text)]), (attempt) => attempts.push(attempt));
  return { attempts, reading };
}

const NOON = Date.UTC(2026, 0, 31, 12);
const at = (second: number): string => new Date(NOON + 1000 * second).toISOString();

describe('a log of attempts', () => {
  it('is read line by line, with what it knows of each', async () => {
    const { attempts, reading } = await read(
      `\ufefftime,account,ip,method,outcome,device,realm,brand,custom:tenant\r\n${at(0)},alice,::1,Password,ok,d1,Staff,shop,acme\r\n\r\n${at(1)},"Bob, ""the"" builder",,,no such user,,,,\r\n`,
    );
    expect(attempts).toEqual([
      {
        at: NOON,
        account: 'alice',
        known: true,
        address: '::1',
        method: 'password',
        outcome: 'success',
        device: 'd1',
        realm: 'staff',
        brand: 'shop',
        custom: { tenant: 'acme' },
      },
      {
        at: NOON + 1000,
        account: 'bob, "the" builder',
        known: false,
        address: null,
        method: 'password',
        outcome: 'failure',
      },
    ]);
    expect(reading).toMatchObject({ lines: 2, bad: 0, unverified: 0, reordered: 0 });
    expect([...reading.methods]).toEqual([['password', 2]]);
  });

  it('counts bad lines, and tells the first five with their numbers and reasons', async () => {
    const bad = [
      'yesterday,a,ok',
      `${at(0)},a`,
      `${at(0)},a,maybe`,
      `${at(0)},  ,ok`,
      `${at(0)},a"b,ok`,
      'x,y,z',
    ];
    const { attempts, reading } = await read(
      `time,account,outcome\n${at(0)},alice,ok\n${bad.join('\n')}\n${at(1)},bob,ok\n`,
    );
    expect(attempts.map(({ account }) => account)).toEqual(['alice', 'bob']);
    expect(reading).toMatchObject({ lines: 8, bad: 6 });
    const told = reading.firstBad
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, problem }) => `${line} ${problem}`);
    expect(told).toHaveLength(5);
    for (const [index, expected] of [
      [0, /^3 "yesterday" is no time: write ISO 8601/],
      [1, /^4 has 2 columns instead of 3/],
      [2, /^5 "maybe" is no known outcome: say what it means, e.g. --outcomes "maybe=failure"/],
      [3, /^6 The account id is blank/],
      [4, /^7 no CSV: Invalid Opening Quote/],
    ] as const) {
      expect(told[index]).toMatch(expected);
    }
  });

  it('counts all lines that a stray quote took with it', async () => {
    const { attempts, reading } = await read(
      `time,account,outcome\n${at(0)},alice,ok\n${at(1)},"bob,ok\n${at(2)},carol,ok\n${at(3)},dave,ok`,
    );
    expect(attempts).toHaveLength(1);
    expect(reading).toMatchObject({ lines: 4, bad: 3 });
    expect(reading.firstBad[0]?.line).toBe(3);
    expect(reading.firstBad[0]?.problem).toMatch('to 5: no CSV');
  });

  it('names each of several lines with stray quotes', async () => {
    const { reading } = await read(
      `time,account,outcome\n${at(0)},a"b,ok\n${at(1)},c"d,ok\n${at(2)},e,ok\n${at(3)},f"g,ok\n`,
    );
    expect(reading.firstBad.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(reading).toMatchObject({ lines: 4, bad: 3 });
  });

  it('can be told that quotes mean nothing', async () => {
    const { attempts } = await read(`time,account,outcome\n${at(0)},"bob,ok\n`, { quotes: false });
    expect(attempts[0]?.account).toBe('"bob');
  });

  it('stops at a line that never ends, instead of reading the file into memory', async () => {
    const rest = `${at(2)},carol,ok\n`.repeat(5000);
    await expect(read(`time,account,outcome\n${at(0)},alice,ok\n${at(1)},"bob,ok\n${rest}`)).rejects.toThrow(
      /^Line 3 does not end: it is longer than 64 KiB/,
    );
  });

  it('puts lines that are a little late in order', async () => {
    const { attempts, reading } = await read(
      `time,account,outcome\n${at(3)},a,ok\n${at(1)},b,ok\n${at(9)},c,ok\n${at(5)},d,ok\n`,
    );
    expect(attempts.map(({ account }) => account).join('')).toBe('badc');
    expect(reading.reordered).toBe(2);
  });

  it('stops at a line that is too late, and says what to do', async () => {
    const log = `time,account,outcome\n${at(60)},a,ok\n${at(0)},b,ok\n`;
    await expect(read(log)).rejects.toThrow(
      /^Line 3 is of 2026-01-31 12:00:00 UTC, 1 min before a line above it\..*sort.*--tolerance 60\.$/,
    );
    expect((await read(log, { toleranceMs: 60_000 })).attempts.map(({ account }) => account)).toEqual([
      'b',
      'a',
    ]);
  });

  it('takes what was refused at the time as a failure, and counts it', async () => {
    const { attempts, reading } = await read(`time,account,outcome\n${at(0)},a,locked\n`);
    expect(attempts[0]?.outcome).toBe('failure');
    expect(reading.unverified).toBe(1);
  });

  it.each([
    ['', 'The log is empty'],
    ['time,who\n', 'No column for account and outcome'],
  ])('that has no usable header is refused: %j', async (text, problem) => {
    await expect(read(text)).rejects.toThrow(problem);
    await expect(read(text)).rejects.toBeInstanceOf(CommandProblem);
  });

  it('hands on the fault of its source', async () => {
    const source = new Readable({
      read() {
        this.destroy(new Error('the disk is gone'));
      },
    });
    const options = { delimiter: ',', columns: new Map(), outcomes: new Map(), quotes: true, toleranceMs: 0 };
    await expect(new AttemptLog(options).read(source, () => {})).rejects.toThrow('the disk is gone');
  });
});
