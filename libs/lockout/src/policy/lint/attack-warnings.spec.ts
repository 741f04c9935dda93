import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import { hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, ScopePart, ThresholdPolicy } from '../policy.js';
import { attackWarnings, holdingText, scopeWarnings } from './attack-warnings.js';
import type { HoldingCost } from './holding-cost.js';

const fixed = (durationMs: number, fields: Partial<ThresholdPolicy> = {}): LockoutPolicy =>
  rule({ schedule: { kind: 'fixed', durationMs }, ...fields });
const by = (...scope: readonly ScopePart[]) => ({ scope }) as Partial<ThresholdPolicy>;
const ratesOf = (...policies: readonly LockoutPolicy[]) =>
  attackWarnings(policies).filter(({ id }) => id === 'LCK110');

const cost: HoldingCost = {
  requestsToLock: 5,
  requestsInAll: Number.POSITIVE_INFINITY,
  requestsFirstDay: 52,
  requestsPerDay: 48,
  roundRequests: 1,
  roundMs: minutes(30),
};

test('the cost of holding somebody is told in a sentence', () => {
  expect(holdingText(cost)).toBe(
    '5 requests, in the end 1 every 30 min: 52 requests on the first day, 48 a day later',
  );
  expect(holdingText({ ...cost, requestsToLock: 1, requestsFirstDay: 1, requestsPerDay: 0.5 })).toBe(
    '1 request, in the end 1 every 30 min: 1 request on the first day, 0.5 a day later',
  );
  expect(holdingText({ ...cost, requestsInAll: 5 })).toBe('5 requests, until somebody unlocks');
  expect(holdingText({ ...cost, requestsInAll: 6 })).toBe(
    '5 requests, and after 6 in all until somebody unlocks',
  );
});

describe('LCK109', () => {
  const told = (policy: LockoutPolicy) => scopeWarnings(policy, [policy]);

  test('tells who knows a name what it takes', () => {
    expect(told(fixed(minutes(30)))).toEqual([
      {
        id: 'LCK109',
        level: 'info',
        path: 'scope',
        message:
          'is the account, wherever attempts come from: who knows the name keeps its owner out with 3 requests, ' +
          'in the end 1 every 30 min: 50 requests on the first day, 48 a day later',
        hint: 'a policy by ["account", "address"] that locks earlier, and this one later and not for long',
        numbers: {
          requestsToLock: 3,
          requestsFirstDay: 50,
          requestsPerDay: 48,
          requestsPerRound: 1,
          roundMs: minutes(30),
        },
      },
    ]);
  });

  test('warns where two failures or fewer lock', () => {
    const levels = [1, 2, 3].map((threshold) => told(rule({ threshold })).map(({ level }) => level));
    expect(levels).toEqual([['warning'], ['warning'], ['info']]);
    const tables = [1, 2, 3].map((failures) => told(table([[failures, 100]])).map(({ level }) => level));
    expect(tables).toEqual([['warning'], ['warning'], ['info']]);
  });

  test('is nothing where there are no locks, or none for the whole account', () => {
    const pause = rule({ minIntervalMs: 100, window: { kind: 'idle', durationMs: 100 } });
    expect(told(pause)).toEqual([]);
    expect(told(rule(by('account', 'address')))).toEqual([]);
    expect(told(rule({ enforce: false }))).toEqual([]);
    expect(told(rule({ enabled: false }))).toEqual([]);
  });
});

describe('LCK110', () => {
  test('tells guesses a day and a year, and warns where one address gets them', () => {
    expect(ratesOf(fixed(seconds(30)))).toEqual([
      {
        id: 'LCK110',
        level: 'warning',
        path: 'policy',
        message:
          'lets an attacker make 2,882 guesses a day, 1,051,202 a year at one account from one address: ' +
          'more than the 100 an hour of OWASP ASVS 4.0.3, 2.2.1',
        hint: 'longer locks, a lower threshold or a longer window',
        numbers: {
          guessesPerHour: 122,
          guessesPerDay: 2882,
          guessesPerYear: 1_051_202,
          guessesPerHourFrom1000Addresses: 122,
          guessesPerDayFrom1000Addresses: 2882,
          guessesPerYearFrom1000Addresses: 1_051_202,
          mostGuessesPerHour: 100,
        },
      },
    ]);
  });

  test('informs where it takes many addresses', () => {
    expect(ratesOf(fixed(hours(1), by('account', 'address')))).toEqual([
      {
        id: 'LCK110',
        level: 'info',
        path: 'policy',
        message:
          'lets an attacker make 26 guesses a day, 8,762 a year at one account from one address; ' +
          'from 1,000 addresses 26,000 guesses a day, 8,762,000 a year: ' +
          'more than the 100 an hour of OWASP ASVS 4.0.3, 2.2.1',
        hint: 'a policy with scope ["account"] beside it',
        numbers: {
          guessesPerHour: 3,
          guessesPerDay: 26,
          guessesPerYear: 8762,
          guessesPerHourFrom1000Addresses: 3000,
          guessesPerDayFrom1000Addresses: 26_000,
          guessesPerYearFrom1000Addresses: 8_762_000,
          mostGuessesPerHour: 100,
        },
      },
    ]);
  });

  test('on both sides of 100 an hour', () => {
    expect(ratesOf(fixed(hours(1), { threshold: 100 }))).toEqual([]);
    expect(ratesOf(fixed(hours(1), { threshold: 101 }))).toMatchObject([{ level: 'warning' }]);
    // 100 an hour each.
    const each = fixed(hours(1), { threshold: 100, ...by('account', 'address') });
    expect(ratesOf(each)).toMatchObject([{ level: 'info' }]);
    const more = fixed(hours(1), { threshold: 101, ...by('account', 'address') });
    expect(ratesOf(more)).toMatchObject([{ level: 'warning' }]);
  });

  test('writes one guess and no limit as people do', () => {
    const daily = fixed(hours(24), { threshold: 1, ...by('account', 'address') });
    expect(ratesOf(daily)[0]?.message).toMatch(/make 1 guess a day, 365 a year at .* 1,000 guesses a day/);
    // Codes are counted by the device alone, which an attacker leaves out.
    const codes = rule({ name: 'codes', counts: ['otp'], ...by('account', 'device') });
    const [unlimited] = ratesOf(fixed(hours(1), { counts: ['password'] }), codes);
    expect(unlimited).toMatchObject({ level: 'warning', numbers: { mostGuessesPerHour: 100 } });
    expect(unlimited?.message).toBe(
      'lets an attacker make unlimited guesses at one account from one address: ' +
        'more than the 100 an hour of OWASP ASVS 4.0.3, 2.2.1',
    );
    expect(Object.keys(unlimited?.numbers ?? {})).toEqual(['mostGuessesPerHour']);
  });

  test('is not told where the attacker chooses all that is counted by, as LCK113 is', () => {
    const device = rule({ name: 'd', ...by('account', 'device') });
    expect(attackWarnings([device]).map(({ id }) => id)).toEqual(['LCK111', 'LCK112']);
    expect(ratesOf(device, rule({ name: 'off', enabled: false }))).toEqual([]);
    expect(ratesOf(device, fixed(seconds(30)))).toHaveLength(1);
  });
});

test('LCK111 and LCK112 are the verdicts, met or not', () => {
  const meets = attackWarnings([rule({ schedule: { kind: 'indefinite' } })]);
  expect(meets.filter(({ id }) => id !== 'LCK110')).toEqual([
    {
      id: 'LCK111',
      level: 'info',
      path: 'policy',
      message: 'meets NIST SP 800-63B-4, 3.2.2: a lock without end comes by failure 3 in a row',
      hint: 'nothing to do',
      numbers: { failuresInARow: 3, mostFailuresInARow: 100 },
    },
    {
      id: 'LCK112',
      level: 'info',
      path: 'policy',
      message: 'meets PCI DSS 4.0.1, 8.3.4: a lock of 30 min or more comes by attempt 3',
      hint: 'nothing to do',
      numbers: { attemptsBeforeLongLock: 3, mostAttempts: 10, shortestLockMs: minutes(30) },
    },
  ]);
  const [nist, pci] = attackWarnings([fixed(hours(1), { threshold: 11 })]);
  expect(nist).toMatchObject({
    message: 'does not meet NIST SP 800-63B-4, 3.2.2: failures by password never lead to a lock without end',
    hint: 'scope ["account"] and indefiniteAfterFailures: 100 or less, without a retention',
  });
  expect(pci).toMatchObject({
    message: 'does not meet PCI DSS 4.0.1, 8.3.4: a lock of 30 min or more comes only at attempt 11',
    hint: 'scope ["account"], threshold 10 or less, locks of minutes(30) or more',
  });
});

test('of what refuses nothing there is nothing to say', () => {
  expect(attackWarnings([rule({ enabled: false }), rule({ enforce: false })])).toEqual([]);
  expect(attackWarnings([rule({ enabled: false }), rule()])).toHaveLength(3);
});

describe('LCK113', () => {
  const device = rule({ name: 'd', ...by('account', 'device', 'address', { custom: 'tenant' }) });
  const alone = {
    id: 'LCK113',
    level: 'warning',
    path: 'scope',
    message:
      'counts by device and tenant: attempts without are not counted here, and whoever can make it up has a budget for each; nothing else limits guesses',
    hint: 'a policy with scope ["account"] beside it; custom parts that the application itself knows',
    numbers: {},
  };

  test('warns where nothing else limits guesses', () => {
    expect(scopeWarnings(device, [device])).toEqual([alone]);
    expect(scopeWarnings(device, [device, rule({ enforce: false })])).toEqual([alone]);
    const custom = rule({ name: 'c', ...by({ custom: 'tenant' }) });
    expect(scopeWarnings(device, [device, custom])).toEqual([alone]);
  });

  test('informs where something does', () => {
    expect(scopeWarnings(device, [device, rule()])).toEqual([
      {
        ...alone,
        level: 'info',
        message:
          'counts by device and tenant: attempts without are not counted here, and whoever can make it up has a budget for each',
      },
    ]);
  });

  test('is not about what the attacker cannot choose, nor about what refuses nothing', () => {
    expect(scopeWarnings(rule(by('account', 'address')), [])).toEqual([]);
    expect(scopeWarnings(rule(by('address')), [])).toEqual([]);
    expect(scopeWarnings(rule({ enabled: false, ...by('device') }), [])).toEqual([]);
  });
});
