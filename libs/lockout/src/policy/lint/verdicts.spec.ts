import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../define-policy.js';
import { days, hours, minutes, seconds } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import { contentstack, reachFive } from '../presets/index.js';
import { verdicts } from './verdicts.js';

const rule = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'p',
    threshold: 10,
    schedule: { kind: 'fixed', durationMs: minutes(30) },
    ...fields,
  } as PolicyInput);

describe('NIST SP 800-63B-4, 3.2.2', () => {
  const nist = (...policies: readonly LockoutPolicy[]) => verdicts(policies).nist;
  const capped = { indefiniteAfterFailures: 100 };

  test('at most 100 failures in a row, across lockouts: 100 meets, 101 does not', () => {
    expect(nist(rule(capped))).toMatchObject({ meets: true, numbers: { failuresInARow: 100 } });
    expect(nist(rule({ indefiniteAfterFailures: 101 }))).toMatchObject({
      meets: false,
      numbers: { failuresInARow: 101 },
    });
    expect(nist(rule({ threshold: 100, schedule: { kind: 'indefinite' } })).meets).toBe(true);
    expect(nist(rule({ threshold: 100, locksOn: 'exceeding', schedule: { kind: 'indefinite' } })).meets).toBe(
      false,
    );
    expect(nist(...contentstack())).toMatchObject({ meets: true, numbers: { failuresInARow: 10 } });
  });

  test('locks that end do not disable anything', () => {
    expect(nist(rule())).toMatchObject({ meets: false, reason: expect.stringMatching(/never lead to/) });
    expect(nist(...reachFive()).meets).toBe(false);
  });

  test('a window may be there as long as the cap is counted without it; what forgets the run breaks it', () => {
    const window = { kind: 'idle', durationMs: minutes(15) } as const;
    expect(nist(rule({ ...capped, window })).meets).toBe(true);
    expect(nist(rule({ schedule: { kind: 'indefinite' }, window }))).toMatchObject({
      meets: false,
      reason: 'who waits until failures are forgotten is never locked without end',
    });
    expect(nist(rule({ ...capped, retentionMs: days(365) })).meets).toBe(false);
    const mixed = { indefiniteAfterLockouts: 3, escalationWindow: { durationMs: hours(1) } };
    expect(nist(rule(mixed)).meets).toBe(false);
    expect(nist(rule({ ...mixed, escalationWindow: 'never' }))).toMatchObject({
      meets: true,
      numbers: { failuresInARow: 13 },
    });
  });

  test('it is about the account, whatever the address, and about each method', () => {
    expect(nist(rule({ ...capped, scope: ['account', 'address'] }))).toMatchObject({
      meets: false,
      reason: expect.stringMatching(/for the whole account/),
    });
    const codes = rule({ name: 'codes', counts: ['otp'] });
    expect(nist(rule({ ...capped, counts: ['password'] }), codes)).toMatchObject({
      meets: false,
      reason: 'failures by otp never lead to a lock without end',
    });
    expect(nist(rule(capped), codes).meets).toBe(true);
  });

  test('what refuses nothing meets nothing', () => {
    expect(nist(rule({ ...capped, enforce: false })).meets).toBe(false);
    expect(nist(rule({ ...capped, enabled: false })).meets).toBe(false);
    expect(nist().meets).toBe(false);
  });
});

describe('PCI DSS 4.0.1, 8.3.4', () => {
  const pci = (...policies: readonly LockoutPolicy[]) => verdicts(policies).pci;

  test('at most 10 attempts, at least 30 minutes: both to the number', () => {
    expect(pci(rule())).toMatchObject({ meets: true, numbers: { attemptsBeforeLongLock: 10 } });
    expect(pci(rule({ threshold: 11 }))).toMatchObject({
      meets: false,
      numbers: { attemptsBeforeLongLock: 11 },
    });
    expect(pci(rule({ locksOn: 'exceeding' })).meets).toBe(false);
    expect(pci(rule({ schedule: { kind: 'fixed', durationMs: minutes(30) - 1 } }))).toMatchObject({
      meets: false,
      reason: 'locks last no longer than 29 min 59 s',
    });
  });

  test('or until somebody unlocks', () => {
    expect(pci(rule({ schedule: { kind: 'indefinite' } })).meets).toBe(true);
  });

  test('again after each lock: a fresh budget of 10 meets it, and so does one attempt', () => {
    expect(pci(rule({ afterLock: 'fresh-budget' })).meets).toBe(true);
    const rows = [
      { failures: 5, lockMs: minutes(30) },
      { failures: 16, lockMs: minutes(30) },
    ];
    const table = definePolicy({ name: 't', schedule: { kind: 'table', rows } });
    expect(pci(table)).toMatchObject({ meets: false, numbers: { attemptsBeforeLongLock: 11 } });
  });

  test('shorter locks before it do no harm, if the tenth attempt is the last before half an hour', () => {
    expect(pci(...reachFive())).toMatchObject({
      meets: true,
      reason: 'a lock of 30 min or more comes by attempt 9; the locks before it are shorter',
    });
    expect(pci(...contentstack()).meets).toBe(true);
  });

  test('neither is a window that forgets who does not go on', () => {
    expect(pci(rule({ window: { kind: 'idle', durationMs: hours(1) } })).meets).toBe(true);
  });

  test('but a lock that outlasts the window, and lets another be forgotten, does', () => {
    const window = { kind: 'idle', durationMs: minutes(15) } as const;
    const long = rule({ window });
    const short = rule({ name: 'short', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(20) } });
    expect(pci(long).meets).toBe(true);
    expect(pci(long, short).meets).toBe(false);
  });

  test('a quick failure’s lock is no such lock, and whoever avoids it is still counted', () => {
    const quickFailure = { withinMs: seconds(1), lockMs: minutes(1) };
    expect(pci(rule({ quickFailure })).meets).toBe(true);
    expect(pci(rule({ quickFailure, threshold: 11 })).meets).toBe(false);
  });

  test('it is about the account, whatever the address', () => {
    expect(pci(rule({ scope: ['account', 'address'] })).meets).toBe(false);
    expect(pci(rule({ scope: ['address'] })).meets).toBe(false);
  });
});

describe('OWASP ASVS 4.0.3, 2.2.1', () => {
  const asvs = (...policies: readonly LockoutPolicy[]) => verdicts(policies).asvs;
  const hourly = { schedule: { kind: 'fixed', durationMs: hours(1) } } as const;

  test('at most 100 failures in an hour: to the number', () => {
    expect(asvs(rule({ ...hourly, threshold: 100 }))).toMatchObject({
      meets: true,
      numbers: { failuresPerHour: 100 },
    });
    expect(asvs(rule({ ...hourly, threshold: 101 }))).toMatchObject({
      meets: false,
      numbers: { failuresPerHour: 101 },
    });
  });

  test('at a single account, wherever they come from', () => {
    expect(asvs(rule({ ...hourly, threshold: 5, scope: ['account', 'address'] }))).toMatchObject({
      meets: false,
      reason: '5,000 failures in an hour at one account from 1,000 addresses, 5 from one',
    });
  });
});
