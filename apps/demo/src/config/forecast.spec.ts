import { describe, expect, test } from '@jest/globals';
import { definePolicies, minutes, presets, seconds } from 'nestjs-lockout/policy';
import { forecast } from './forecast.js';

const locks = (found: ReturnType<typeof forecast>) =>
  found.map(({ wrongAnswers, lockMs }) => [wrongAnswers, lockMs]);

describe('what somebody who only guesses wrong will meet', () => {
  test.each([
    [
      'reachfive',
      presets.reachfive(),
      [
        [6, minutes(5)],
        [1, minutes(10)],
        [1, minutes(20)],
      ],
    ],
    [
      'onewelcome',
      presets.onewelcome(),
      [
        [5, minutes(5)],
        [5, minutes(10)],
        [5, minutes(20)],
      ],
    ],
    [
      'authgear, switched on',
      presets.authgear({ enabled: true }),
      [
        [10, minutes(1)],
        [1, minutes(2)],
        [1, minutes(4)],
      ],
    ],
    ['authgear, off as it comes', presets.authgear(), []],
    [
      'contentstack',
      presets.contentstack(),
      [
        [5, minutes(5)],
        [1, minutes(10)],
        [1, minutes(15)],
      ],
    ],
    [
      'outsystems',
      presets.outsystems(),
      [
        [3, seconds(30)],
        [3, seconds(1800)],
        [1, seconds(1800)],
      ],
    ],
  ])('%s', (_, policies, expected) => {
    expect(locks(forecast(policies, 'password'))).toEqual(expected);
  });

  test('contentstack ends in a lock that only an administrator lifts, and so does the list', () => {
    expect(forecast(presets.contentstack(), 'password', 20).at(-1)).toEqual({
      wrongAnswers: 1,
      lockMs: null,
    });
  });

  test('a method that nothing counts meets nothing', () => {
    expect(forecast(presets.reachfive(), 'otp')).toEqual([]);
    const monitor = definePolicies([
      { name: 'watch', threshold: 1, enforce: false, schedule: { kind: 'indefinite' } },
    ]);
    expect(forecast(monitor, 'password')).toEqual([]);
  });
});
