import { describe, expect, it } from '@jest/globals';
import { lockEndAt, readLockEnd } from './lock-end.js';

const NOW = Date.UTC(2026, 0, 5, 9, 30);

describe('the end of a lock, as it is typed', () => {
  it.each([
    ['30s', '2026-01-05T09:30:30.000Z'],
    ['15m', '2026-01-05T09:45:00.000Z'],
    ['15min', '2026-01-05T09:45:00.000Z'],
    ['2h', '2026-01-05T11:30:00.000Z'],
    ['1h30m', '2026-01-05T11:00:00.000Z'],
    ['1d12h', '2026-01-06T21:30:00.000Z'],
    ['2w', '2026-01-19T09:30:00.000Z'],
    ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00+02:00', '2030-01-31T10:00:00.000Z'],
    ['indefinite', null],
  ])('%s is %s', (text, until) => {
    const problems: string[] = [];
    expect(lockEndAt(readLockEnd(text, problems), NOW)).toBe(until);
    expect(problems).toEqual([]);
  });

  it.each([
    '',
    '2',
    'h',
    '2x',
    '2 h',
    '-2h',
    '0h',
    '1.5h',
    'tomorrow',
    '2030-01-31',
    '2030-01-31T12:00:00',
    '2030-13-31T12:00:00Z',
    '300000w',
    'Indefinite',
  ])('%j is none', (text) => {
    const problems: string[] = [];
    readLockEnd(text, problems);
    expect(problems).toHaveLength(1);
  });
});
