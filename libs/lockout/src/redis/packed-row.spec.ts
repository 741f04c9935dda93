import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packRow, unpackRow } from './packed-row.js';

const value = fc.oneof(
  fc.constant(null),
  fc.maxSafeInteger().map((n) => n + 0),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);

describe('a packed row', () => {
  it('is read back as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), (row) => {
        expect(unpackRow(packRow(row), row.length)).toEqual(row);
      }),
    );
  });

  it('keeps the largest integers exactly', () => {
    const row = [0, 127, 128, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, -Number.MAX_SAFE_INTEGER];
    expect(unpackRow(packRow(row), row.length)).toEqual(row);
  });

  it('takes one byte for nothing and two for a small number', () => {
    expect(packRow([null, 0, 127]).length).toBe(1 + 1 + 2 + 2);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 0],
    ['the format of a later release', Buffer.from([2]), 0],
    ['an unknown kind', Buffer.from([1, 9]), 1],
    ['text cut off', packRow(['alice']).subarray(0, 5), 1],
    ['an integer cut off', packRow([300]).subarray(0, 3), 1],
    ['an integer without end', Buffer.from([1, 1, ...Array.from({ length: 20 }, () => 255)]), 1],
    ['a value too few', packRow([1]), 2],
    ['a value too many', packRow([1, 2, 3]), 2],
  ])('refuses %s as data', (_, packed, fields) => {
    expect(() => unpackRow(packed, fields)).toThrow(expect.objectContaining({ fault: 'data' }));
  });
});
