import { describe, expect, it } from '@jest/globals';
import { definePolicy, minutes, presets } from 'nestjs-lockout/policy';
import { CATALOGUE_WORDING as WORDING } from '../catalogue-wording.js';
import { UNITS } from './duration-amount.js';
import { formPath } from './policy-body.js';
import {
  allProblems,
  checkForm,
  isShownAtField,
  problemsAt,
  problemWords,
  unitsWithin,
} from './policy-check.js';
import { type Form, formOf } from './policy-form.js';

const [onewelcome] = presets.onewelcome();
if (!onewelcome) throw new Error('There is no such preset.');
const { limits, ...settings } = onewelcome;
const form = formOf(settings as unknown as Readonly<Record<string, unknown>>);
const check = (entries: Form) =>
  checkForm({ ...form, ...entries }, limits, WORDING).map(({ path, message }) => [path, message]);

describe('what can be told while typing', () => {
  it('is nothing of what governs', () => {
    expect(check({})).toEqual([]);
  });

  it.each([
    ['1', true],
    ['10', true],
    ['0', false],
    ['11', false],
    ['2.5', false],
  ])('a number of failures of %s is within the limits: %s', (threshold, isRight) => {
    expect(check({ threshold })).toHaveLength(isRight ? 0 : 1);
  });

  it('names the range in words, with its steps', () => {
    const range = 'Enter 1 minute to 1 hour, in steps of 1 minute.';
    expect(check({ 'schedule.initialMs': '61' })).toEqual([['schedule.initialMs', range]]);
    expect(check({ 'schedule.initialMs': '90', 'schedule.initialMs#unit': 'seconds' })).toEqual([
      ['schedule.initialMs', range],
    ]);
    expect(check({ 'schedule.initialMs': '60' })).toEqual([]);
  });

  it.each([
    ['', 'Enter a number.'],
    ['five', 'Enter a number, such as 5 or 1.5.'],
    ['1,5', 'Enter a number, such as 5 or 1.5.'],
  ])('says what is wrong with %j', (threshold, message) => {
    expect(check({ threshold })).toEqual([['threshold', message]]);
  });

  it('takes fractions for a factor only', () => {
    const free = definePolicy({
      name: 'free',
      threshold: 5,
      schedule: { kind: 'exponential', initialMs: minutes(1), factor: 2, by: 'lockouts' },
    });
    const { limits: none, ...rest } = free;
    const entered = {
      ...formOf(rest as unknown as Readonly<Record<string, unknown>>),
      'schedule.factor': '1.5',
    };
    expect(checkForm(entered, none, WORDING)).toEqual([]);
    expect(checkForm({ ...entered, threshold: '1.5' }, none, WORDING)).toHaveLength(1);
  });

  it('does not look at what the rule has not, or what is off', () => {
    expect(check({ 'schedule.durationMs': 'x', retentionMs: 'x' })).toEqual([]);
    expect(check({ retentionMs: 'x', 'retentionMs#on': 'on' })).toHaveLength(1);
  });

  it('looks at every row of a table', () => {
    const table = {
      'schedule.kind': 'table',
      'schedule.rows#count': '2',
      'schedule.rows.1.failures': '',
      'schedule.rows.1.lockMs': '0',
      'schedule.rows.1.lockMs#unit': 'minutes',
      'schedule.rows.1.lockMs#on': 'on',
    };
    expect(check(table).map(([path]) => path)).toEqual([
      'schedule.rows.1.failures',
      'schedule.rows.1.lockMs',
    ]);
  });
});

describe('problems of the server', () => {
  it('are found at the field they are about', () => {
    expect(formPath('policies[1].schedule.rows[2].lockMs')).toBe('schedule.rows.2.lockMs');
    expect(formPath('threshold')).toBe('threshold');
    expect(formPath('settings.exempt.addresses[0]')).toBe('exempt.addresses.0');
    const problems = [{ path: 'exempt.addresses.0', message: 'is no address' }];
    expect(problemsAt(problems, 'exempt.addresses')).toEqual(problems);
    expect(problemsAt(problems, 'exempt.accounts')).toEqual([]);
  });

  it('give way to ours where both say something', () => {
    const ours = [{ path: 'threshold', message: 'ours' }];
    const theirs = [
      { path: 'threshold', message: 'theirs' },
      { path: 'weights', message: 'theirs' },
    ];
    expect(allProblems(ours, theirs).map(({ message }) => message)).toEqual(['ours', 'theirs']);
  });

  it('are told above the form where it has no such field', () => {
    expect(isShownAtField({ path: 'threshold', message: '' }, form)).toBe(true);
    expect(isShownAtField({ path: 'schedule.durationMs', message: '' }, form)).toBe(false);
    expect(isShownAtField({ path: 'schedule', message: '' }, form)).toBe(false);
  });
});

describe('a problem away from its field', () => {
  it('is named as the form names it, with its range in words', () => {
    const problem = {
      path: 'schedule.initialMs',
      message: 'must not be left out',
      hint: 'from 60000 to 3600000',
    };
    expect(problemWords(problem, limits, WORDING)).toBe(
      'The first lock lasts: must not be left out (1 minute to 1 hour, in steps of 1 minute)',
    );
    expect(
      problemWords({ path: 'settings', message: 'has 70000 bytes', hint: 'at most 65535' }, {}, WORDING),
    ).toBe('settings: has 70000 bytes (at most 65535)');
  });
});

describe('units', () => {
  it('are offered where something within the limits can be said in them', () => {
    const limit = limits['schedule.initialMs'];
    expect(unitsWithin(UNITS, limit)).toEqual(['hours', 'minutes']);
    expect(unitsWithin(UNITS, undefined)).toEqual(UNITS);
  });
});
