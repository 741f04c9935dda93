import { expect, test } from '@jest/globals';
import { days, hours, minutes, seconds } from '../duration.js';
import { amountText, countText, durationText } from './amount-text.js';

test.each<[number, string]>([
  [0, '0 ms'],
  [1, '1 ms'],
  [1500, '1 s 500 ms'],
  [seconds(90), '1 min 30 s'],
  [minutes(5), '5 min'],
  [minutes(30) - 1, '29 min 59 s'],
  [hours(24), '24 h'],
  [hours(48) - 1, '47 h 59 min'],
  [days(2), '2 days'],
  [days(227.555), '227 days 13 h'],
  [Number.POSITIVE_INFINITY, 'until unlocked'],
])('%s ms is %s', (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test.each<[number, string]>([
  [0, '0'],
  [0.021_97, '0.022'],
  [1, '1'],
  [9.96, '10'],
  [1234.4, '1,234'],
  [105_120, '105,120'],
  [Number.POSITIVE_INFINITY, 'unlimited'],
])('%s is written %s', (count, text) => {
  expect(countText(count)).toBe(text);
});

test('one of a thing is not many', () => {
  expect([amountText(1, 'request'), amountText(2, 'request'), amountText(0, 'request')]).toEqual([
    '1 request',
    '2 requests',
    '0 requests',
  ]);
});
