import { describe, expect, it } from '@jest/globals';
import { readColumns } from './log-columns.js';

const NOTHING = new Map<string, string>();

describe('the columns of a log', () => {
  it('are found by their names, in any order and spelling', () => {
    const columns = readColumns(['Result', 'Client IP', 'ignored', 'User_Name', '@timestamp'], NOTHING);
    expect(columns).toEqual({
      outcome: 0,
      address: 1,
      account: 3,
      time: 4,
      method: null,
      device: null,
      realm: null,
      brand: null,
      custom: [],
      width: 5,
    });
  });

  it('prefer the plainest name, and the one that was given', () => {
    const header = ['email', 'account', 'time', 'result', 'outcome'];
    expect(readColumns(header, NOTHING)).toMatchObject({ account: 1, outcome: 4 });
    expect(readColumns(header, new Map([['account', 'EMAIL']]))).toMatchObject({ account: 0 });
  });

  it('hold custom parts under their exact names', () => {
    expect(readColumns(['time', 'account', 'outcome', 'custom:Tenant'], NOTHING)).toMatchObject({
      custom: [{ name: 'Tenant', column: 3 }],
    });
  });

  it('that are missing, doubled or not there are told at once', () => {
    const problems = readColumns(['time', 'time', 'who'], new Map([['method', 'how']]));
    expect(problems).toEqual([
      expect.stringMatching('"time" is there twice'),
      expect.stringMatching('--columns says method=how, but there is no such column'),
      expect.stringMatching('No column for account and outcome. The header is: "time", "time", "who".'),
    ]);
  });

  it.each([
    ['time;account;outcome', 'add --delimiter ";"'],
    ['time\taccount\toutcome', 'add --delimiter tab'],
  ])('that are separated by something else are recognised: %j', (line, advice) => {
    expect(readColumns([line], NOTHING)).toEqual([expect.stringContaining(advice)]);
  });
});
