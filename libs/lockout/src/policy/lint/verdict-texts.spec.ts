import { describe, expect, test } from '@jest/globals';
import { rule, table } from '../../testing/single-key.js';
import { hours, minutes } from '../duration.js';
import type { LockoutPolicy, ThresholdPolicy } from '../policy.js';
import { asvsVerdict } from './asvs-verdict.js';
import { nistVerdict } from './nist-verdict.js';
import { pciVerdict } from './pci-verdict.js';
import { verdicts } from './verdicts.js';

const fixed = (durationMs: number, fields: Partial<ThresholdPolicy> = {}): LockoutPolicy =>
  rule({ schedule: { kind: 'fixed', durationMs }, ...fields });
const perAddress = { scope: ['account', 'address'] } as Partial<ThresholdPolicy>;
const NOT_WIDE = 'no lock is for the whole account: more addresses, more attempts';
const forever = { schedule: { kind: 'indefinite' } } as const;

describe('NIST SP 800-63B-4, 3.2.2, word for word', () => {
  const standard = 'NIST SP 800-63B-4, 3.2.2';
  const hint = 'scope ["account"] and indefiniteAfterFailures: 100 or less, without a retention';
  const reasonsOf = (...policies: readonly LockoutPolicy[]) => nistVerdict(policies).reason;

  test('met and not met', () => {
    expect(nistVerdict([rule({ indefiniteAfterFailures: 100 })])).toEqual({
      standard,
      meets: true,
      reason: 'a lock without end comes by failure 100 in a row',
      hint: null,
      numbers: { failuresInARow: 100, mostFailuresInARow: 100 },
    });
    expect(nistVerdict([rule({ indefiniteAfterFailures: 101 })])).toEqual({
      standard,
      meets: false,
      reason: 'a lock without end comes only at failure 101 in a row',
      hint,
      numbers: { failuresInARow: 101, mostFailuresInARow: 100 },
    });
    expect(nistVerdict([rule()])).toEqual({
      standard,
      meets: false,
      reason: 'failures by password never lead to a lock without end',
      hint,
      numbers: { mostFailuresInARow: 100 },
    });
  });

  test('why not', () => {
    expect(reasonsOf(rule(perAddress))).toBe(NOT_WIDE);
    expect(reasonsOf()).toBe(NOT_WIDE);
    expect(reasonsOf(rule({ ...forever, window: { kind: 'idle', durationMs: 50 } }))).toBe(
      'who waits until failures are forgotten is never locked without end',
    );
    const codes = rule({ name: 'codes', counts: ['otp'], enforce: false });
    expect(reasonsOf(rule({ ...forever, counts: ['password'] }), codes)).toBe(
      'nothing limits failures by otp wherever they come from',
    );
  });

  test('of several policies the strictest counts, of several methods the worst', () => {
    const ten = rule({ name: 'ten', indefiniteAfterFailures: 10 });
    expect(reasonsOf(rule({ indefiniteAfterFailures: 20 }), ten)).toMatch(/by failure 10 in a row$/);
    expect(reasonsOf(ten, rule({ indefiniteAfterFailures: 20 }))).toMatch(/by failure 10 in a row$/);
    const otp = rule({ name: 'otp', counts: ['otp'], indefiniteAfterFailures: 30 });
    const password = rule({ counts: ['password'], indefiniteAfterFailures: 20 });
    expect(reasonsOf(otp, password)).toMatch(/by failure 30 in a row$/);
    expect(reasonsOf(password, otp)).toMatch(/by failure 30 in a row$/);
    // One whose locks all end changes nothing.
    expect(reasonsOf(rule({ name: 'plain' }), ten)).toMatch(/by failure 10 in a row$/);
    // Of two that are as bad as each other the first is told.
    const off = [rule({ name: 'a', counts: ['otp'] }), rule({ name: 'b', counts: ['sms'] })];
    expect(reasonsOf(...off)).toBe('failures by otp never lead to a lock without end');
  });
});

describe('PCI DSS 4.0.1, 8.3.4, word for word', () => {
  const standard = 'PCI DSS 4.0.1, 8.3.4';
  const hint = 'scope ["account"], threshold 10 or less, locks of minutes(30) or more';
  const limits = { mostAttempts: 10, shortestLockMs: minutes(30) };
  const reasonOf = (...policies: readonly LockoutPolicy[]) => pciVerdict(policies).reason;

  test('met and not met', () => {
    expect(pciVerdict([fixed(minutes(30), { threshold: 10 })])).toEqual({
      standard,
      meets: true,
      reason: 'a lock of 30 min or more comes by attempt 10',
      hint: null,
      numbers: { ...limits, attemptsBeforeLongLock: 10, longestLockMs: minutes(30) },
    });
    expect(pciVerdict([fixed(hours(1), { threshold: 11 })])).toEqual({
      standard,
      meets: false,
      reason: 'a lock of 30 min or more comes only at attempt 11',
      hint,
      numbers: { ...limits, attemptsBeforeLongLock: 11, longestLockMs: hours(1) },
    });
    expect(pciVerdict([fixed(minutes(30) - 1)])).toEqual({
      standard,
      meets: false,
      reason: 'locks last no longer than 29 min 59 s',
      hint,
      numbers: { ...limits, longestLockMs: minutes(30) - 1 },
    });
  });

  test('shorter locks before it', () => {
    const rows = table([
      [2, 1],
      [4, minutes(30) - 1],
      [6, minutes(30)],
    ]);
    expect(reasonOf(rows)).toBe(
      'a lock of 30 min or more comes by attempt 6; the locks before it are shorter',
    );
    expect(reasonOf(table([[6, minutes(30)]]))).toBe('a lock of 30 min or more comes by attempt 6');
  });

  test('the longest of the runs counts, whether it is the first, a later one, or goes on from round to round', () => {
    const later = table([
      [3, minutes(30)],
      [11, minutes(30)],
    ]);
    expect(reasonOf(later)).toMatch(/by attempt 8$/);
    const first = table([
      [8, minutes(30)],
      [11, minutes(30)],
    ]);
    expect(reasonOf(first)).toMatch(/by attempt 8$/);
    // The long lock outlasts the window: 4 and 1 again and again.
    const round = table(
      [
        [4, minutes(1)],
        [5, minutes(40)],
      ],
      { window: { kind: 'idle', durationMs: minutes(35) } },
    );
    expect(reasonOf(round)).toMatch(/by attempt 5; the locks before it are shorter$/);
  });

  test('a long lock at the beginning that never comes again is none', () => {
    const once = table([
      [2, minutes(30)],
      [3, minutes(1)],
    ]);
    expect(pciVerdict([once])).toMatchObject({
      meets: false,
      reason: 'locks of 30 min or more come to an end, and attempts do not',
      numbers: { longestLockMs: minutes(30) },
    });
  });

  test('why not', () => {
    expect(reasonOf(fixed(hours(1), perAddress))).toBe(NOT_WIDE);
    expect(reasonOf()).toBe(NOT_WIDE);
    const codes = rule({ name: 'codes', counts: ['otp'], enabled: false });
    const verdict = pciVerdict([fixed(hours(1), { counts: ['password'] }), codes]);
    expect(verdict.reason).toBe('nothing limits attempts by otp wherever they come from');
    expect(verdict.numbers).toEqual({ ...limits, longestLockMs: 0 });
  });

  test('of several methods the worst, of those as bad the first', () => {
    const otp = fixed(hours(1), { name: 'otp', counts: ['otp'], threshold: 7 });
    const password = fixed(hours(2), { counts: ['password'], threshold: 4 });
    expect(pciVerdict([otp, password]).numbers).toMatchObject({ attemptsBeforeLongLock: 7 });
    expect(pciVerdict([password, otp]).numbers).toMatchObject({ attemptsBeforeLongLock: 7 });
    const same = fixed(hours(2), { counts: ['password'], threshold: 7 });
    expect(pciVerdict([otp, same]).numbers).toMatchObject({ longestLockMs: hours(1) });
    expect(pciVerdict([same, otp]).numbers).toMatchObject({ longestLockMs: hours(2) });
  });

  test('whoever is slower than a quick failure is counted, too', () => {
    const quickFailure = { withinMs: 1000, lockMs: minutes(30) };
    const policy = fixed(hours(1), { threshold: 11, quickFailure });
    expect(reasonOf(policy)).toMatch(/only at attempt 11$/);
    // At once it is the second that locks, and for half an hour.
    expect(pciVerdict([policy]).numbers).toMatchObject({ longestLockMs: hours(1) });
  });
});

describe('OWASP ASVS 4.0.3, 2.2.1, word for word', () => {
  test('met and not met', () => {
    expect(asvsVerdict([fixed(hours(1), { threshold: 100 })])).toEqual({
      standard: 'OWASP ASVS 4.0.3, 2.2.1',
      meets: true,
      reason: '100 failures in an hour at one account',
      hint: null,
      numbers: { failuresPerHour: 100, failuresPerHourAlone: 100, mostFailuresPerHour: 100 },
    });
    expect(asvsVerdict([fixed(hours(1), perAddress)])).toEqual({
      standard: 'OWASP ASVS 4.0.3, 2.2.1',
      meets: false,
      reason: '3,000 failures in an hour at one account from 1,000 addresses, 3 from one',
      hint: 'a policy with scope ["account"] and longer locks or a longer window',
      numbers: { failuresPerHour: 3000, failuresPerHourAlone: 3, mostFailuresPerHour: 100 },
    });
  });

  test('without limits', () => {
    expect(asvsVerdict([])).toMatchObject({
      meets: false,
      reason: 'unlimited failures in an hour at one account',
      numbers: { mostFailuresPerHour: 100 },
    });
  });
});

test('all three together', () => {
  const policies = [fixed(hours(1), { threshold: 10, indefiniteAfterFailures: 100 })];
  expect(verdicts(policies)).toEqual({
    nist: nistVerdict(policies),
    pci: pciVerdict(policies),
    asvs: asvsVerdict(policies),
  });
});
