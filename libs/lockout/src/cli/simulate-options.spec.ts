import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { presets } from '../policy/index.js';
import { CommandProblem } from './command-problem.js';
import { readOptions, type TypedOptions } from './simulate-options.js';

const folder = mkdtempSync(join(tmpdir(), 'lockout-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const log = file('log.csv', 'time,account,outcome\n');

function problemsOf(typed: TypedOptions, words: readonly string[] = [log]): readonly string[] {
  try {
    readOptions(typed, words);
  } catch (error) {
    if (!(error instanceof CommandProblem)) throw error;
    expect(error.exitCode).toBe(2);
    return error.problems;
  }
  throw new Error('Nothing was wrong.');
}

describe('the options of a simulation', () => {
  it('have defaults', () => {
    expect(readOptions({ preset: 'reachfive' }, [log])).toMatchObject({
      log,
      choice: { title: 'the preset reachfive', policies: presets.reachfive() },
      report: null,
      top: 20,
      json: false,
      strict: false,
      progress: true,
      quotes: true,
      delimiter: ',',
      toleranceMs: 5000,
    });
  });

  it('are read', () => {
    const report = join(folder, 'report.html');
    const policies = file('policies.json', JSON.stringify(presets.outsystems()));
    const options = readOptions(
      {
        policies,
        report,
        top: '3',
        columns: 'time=When, account=Who',
        outcomes: 'Bad PW=failure,in=success',
        delimiter: 'tab',
        tolerance: '0.5',
        json: true,
        strict: true,
        progress: false,
        quotes: false,
      },
      ['-'],
    );
    expect(options).toMatchObject({
      log: '-',
      report,
      top: 3,
      json: true,
      strict: true,
      progress: false,
      quotes: false,
      delimiter: '\t',
      toleranceMs: 500,
      choice: { policies: presets.outsystems() },
    });
    expect([...options.columns]).toEqual([
      ['time', 'When'],
      ['account', 'Who'],
    ]);
    expect([...options.outcomes]).toEqual([
      ['bad-pw', 'failure'],
      ['in', 'success'],
    ]);
  });

  it('turn on a preset that its document leaves off: it was asked for', () => {
    const { policies } = readOptions({ preset: 'authgear' }, [log]).choice;
    expect(policies.map(({ enabled }) => enabled)).toEqual([true]);
  });

  it('that are wrong are told all at once', () => {
    const broken = file('broken.json', '[{ "name": "a", "threshold": 0 }, { "name": "a" }]');
    const problems = problemsOf(
      {
        preset: 'nobody',
        policies: broken,
        report: join(folder, 'nowhere', 'report.html'),
        top: 'many',
        columns: 'when=ts,time,account=a,account=b',
        outcomes: 'ok=fine',
        delimiter: '""',
        tolerance: true,
      },
      ['--colour', join(folder, 'none.csv'), 'another.csv'],
    );
    for (const expected of [
      '--tolerance needs a value.',
      'There is no option --colour.',
      'another.csv is too much',
      'there is no such file',
      'Not both: --preset',
      '--policies: policies[0].threshold:',
      '--policies: policies[1].schedule:',
      '--preset nobody: there is no such preset; use outsystems,',
      'there is no folder',
      '--top many: must be a whole number from 1 to 1000.',
      '--columns: when is none of time, account,',
      '--columns "time": write it as name=value',
      '--columns says account twice.',
      '--outcomes ok=fine: it must mean success,',
      '--delimiter "\\"\\"": must be one character, or tab.',
    ]) {
      expect(problems).toContainEqual(expect.stringContaining(expected));
    }
    expect(problems).toHaveLength(17);
  });

  it.each([
    ['not json', 'is not valid JSON'],
    ['[]', 'the list is empty'],
    ['{}', 'must be a list'],
    [
      JSON.stringify([{ ...presets.reachfive()[0], exempt: { accounts: [], addresses: ['10.0.0.1/8'] } }]),
      'did you mean 10.0.0.0/8',
    ],
  ])('refuse a policy file that says %s', (text, problem) => {
    expect(problemsOf({ policies: file('bad.json', text) })).toEqual([expect.stringContaining(problem)]);
  });

  it('never write the report over the log, or to a folder', () => {
    expect(problemsOf({ preset: 'reachfive', report: log })).toEqual([
      expect.stringContaining('is the log itself'),
    ]);
    expect(problemsOf({ preset: 'reachfive', report: folder })).toEqual([
      expect.stringContaining('is a folder'),
    ]);
  });

  it('ask for what is missing', () => {
    expect(problemsOf({}, [])).toEqual([
      expect.stringContaining('Which log?'),
      expect.stringContaining('Which policies? --preset <outsystems|'),
    ]);
    expect(problemsOf({ preset: 'reachfive' }, [folder])).toEqual([
      expect.stringContaining('is a folder; give a CSV'),
    ]);
  });
});
