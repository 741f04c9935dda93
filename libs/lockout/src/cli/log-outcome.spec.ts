import { describe, expect, it } from '@jest/globals';
import { outcomeReader } from './log-outcome.js';

describe('the outcome of a line', () => {
  it.each([
    ['success', 'success'],
    ['OK', 'success'],
    ['true', 'success'],
    ['200', 'success'],
    ['Login_Failed', 'failure'],
    [' denied ', 'failure'],
    ['0', 'failure'],
    ['401', 'failure'],
    ['user not found', 'unknown-account'],
    ['MFA_REQUIRED', 'first-factor'],
    ['timeout', 'abandoned'],
    ['rate limited', 'refused'],
    ['429', 'refused'],
  ])('%j is %s', (text, outcome) => {
    expect(outcomeReader(new Map())(text)).toBe(outcome);
  });

  it('does not guess', () => {
    for (const text of ['', 'maybe', '403', 'constructor', '__proto__']) {
      expect(outcomeReader(new Map())(text)).toBeNull();
    }
  });

  it('takes the words it is given first', () => {
    const read = outcomeReader(
      new Map([
        ['ok', 'first-factor'],
        ['bad-pw', 'failure'],
      ]),
    );
    expect([read('OK'), read('BAD_PW'), read('failed')]).toEqual(['first-factor', 'failure', 'failure']);
  });

  it('reads on when the column holds something else in every line', () => {
    const read = outcomeReader(new Map());
    for (let n = 0; n < 3000; n += 1) expect(read(`word ${n}`)).toBeNull();
    expect(read('denied')).toBe('failure');
  });
});
