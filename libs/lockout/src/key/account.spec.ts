import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccountRef, resolveAccount } from './account.js';
import { normaliseAccountId } from './account-id.js';
import { normaliseCustomPart, normaliseDevice } from './device.js';
import { InvalidSubjectError, type SubjectProblem } from './invalid-subject-error.js';

const problemOf = (run: () => unknown): SubjectProblem | null => {
  try {
    run();
    return null;
  } catch (error) {
    if (!(error instanceof InvalidSubjectError)) throw error;
    expect(error.code).toBe('LOCKOUT_BAD_INPUT');
    return error.problem;
  }
};

describe('R19 account ids', () => {
  test.each([
    ['alice'],
    ['Alice'],
    ['álice'],
    ['a\u0301lice'],
    [' alice '],
    ['ａlice'],
    ['al\u200dice'],
    ['ß'],
    ['👩‍🚀'],
  ])('%j is kept to the byte', (id) => {
    expect(normaliseAccountId(id)).toBe(id);
  });

  // Pitfall 4: `1` and `'1'`, or `['alice']` and `'alice'`, would be two budgets for one account.
  test.each([[1], [0], [Number.NaN], [1n], [undefined], [null], [true], [['alice']], [new String('alice')]])(
    '%p is no account id',
    (id) => {
      expect(problemOf(() => normaliseAccountId(id))).toBe('not-a-string');
    },
  );

  test('numbers are told what to do, other values are not', () => {
    expect(() => normaliseAccountId(17)).toThrow('Pass String(id).');
    expect(() => normaliseAccountId(17n)).toThrow('Pass String(id).');
    expect(() => normaliseAccountId(undefined)).toThrow(
      expect.objectContaining({ message: 'The account id must be a string.' }),
    );
  });

  // Pitfall 19 (axes #261).
  test.each([[''], ['  '], ['\t'], ['\u00a0']])('R20 %j is blank', (id) => {
    expect(problemOf(() => normaliseAccountId(id))).toBe('blank');
  });

  test.each([['a\0b'], ['a\nb'], ['a\x9fb'], ['a\ud800'], ['\udc00a']])('%j is refused', (id) => {
    expect(problemOf(() => normaliseAccountId(id))).toBe('unprintable');
  });

  test('1 to 320 characters', () => {
    expect(normaliseAccountId('x')).toBe('x');
    expect(normaliseAccountId('x'.repeat(320))).toHaveLength(320);
    expect(problemOf(() => normaliseAccountId('x'.repeat(321)))).toBe('too-long');
  });
});

describe('accounts', () => {
  test('a known account keeps its id, an unknown one gets the normal form of what was typed', () => {
    expect(resolveAccount('Alice')).toEqual({ subject: 'id:Alice', label: 'Alice', known: true });
    expect(resolveAccount({ unknown: ' Ａlice ' })).toEqual({
      subject: 'unknown:alice',
      label: 'alice',
      known: false,
    });
  });

  test('an unknown name is never the account whose id reads the same, nor one whose id reads like its subject', () => {
    fc.assert(
      fc.property(fc.constantFrom('alice', 'id:alice', 'unknown:alice', 'unknown:id:alice', ':'), (text) => {
        const known = resolveAccount(text).subject;
        for (const other of ['alice', 'id:alice', 'unknown:alice', 'unknown:id:alice', ':']) {
          expect(resolveAccount({ unknown: other }).subject).not.toBe(known);
        }
      }),
    );
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    [7],
    [() => 'alice'],
    [['alice']],
    [[]],
    [{}],
    [{ id: 'alice' }],
    [{ unknown: 'alice', id: 1 }],
    [Object.create({ unknown: 'alice' })],
    [{ unknown: { unknown: 'alice' } }],
    [{ unknown: ['alice'] }],
    [{ unknown: 1 }],
  ])('%p is no account', (ref) => {
    expect(problemOf(() => resolveAccount(ref))).toBe('not-a-string');
  });

  test.each<[AccountRef, SubjectProblem]>([
    ['', 'blank'],
    [{ unknown: '' }, 'blank'],
    [{ unknown: '   ' }, 'blank'],
    [{ unknown: 'a\0' }, 'unprintable'],
    [{ unknown: 'x'.repeat(321) }, 'too-long'],
  ])('R20 %p is %s', (ref, problem) => {
    expect(problemOf(() => resolveAccount(ref))).toBe(problem);
  });
});

describe('devices and custom parts', () => {
  test.each([
    ['device', normaliseDevice],
    ['custom scope part', normaliseCustomPart],
  ])('a %s is opaque text of 1 to 256 characters', (noun, normalise) => {
    expect(normalise('d-F00=ß')).toBe('d-F00=ß');
    expect(normalise('x'.repeat(256))).toHaveLength(256);
    expect(problemOf(() => normalise('x'.repeat(257)))).toBe('too-long');
    expect(problemOf(() => normalise(' '))).toBe('blank');
    expect(problemOf(() => normalise('a\0'))).toBe('unprintable');
    expect(problemOf(() => normalise(5))).toBe('not-a-string');
    expect(() => normalise(undefined)).toThrow(`The ${noun} must be a string.`);
  });
});
