import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRefusals, encodeRefusals } from './refusal-row.js';

const counts = fc.record({
  from: fc.maxSafeNat(),
  sliceMs: fc.maxSafeNat(),
  realms: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.array(fc.maxSafeNat(), { maxLength: 300 }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
});

const stored = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('what a process refused, as it is stored', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(counts, (given) => {
        expect(decodeRefusals(encodeRefusals(given))).toEqual(given);
      }),
    );
  });

  it('is absent where nothing was told', () => {
    expect(encodeRefusals(undefined)).toBeNull();
    expect(decodeRefusals(null)).toBeUndefined();
  });

  it.each([
    ['no JSON', Buffer.from('{')],
    ['a list', stored([])],
    ['nothing', stored({})],
    ['no beginning', stored({ sliceMs: 1, realms: {} })],
    ['no length', stored({ from: 1, realms: {} })],
    ['half a millisecond', stored({ from: 1, sliceMs: 0.5, realms: {} })],
    ['realms in a list', stored({ from: 1, sliceMs: 1, realms: [] })],
    ['counts in a list', stored({ from: 1, sliceMs: 1, realms: { shop: [1] } })],
    ['a count too large', stored({ from: 1, sliceMs: 1, realms: { shop: 'zzzzzzzzzzz' } })],
    ['a count below zero', stored({ from: 1, sliceMs: 1, realms: { shop: '-1' } })],
    ['a count missing', stored({ from: 1, sliceMs: 1, realms: { shop: '1,,2' } })],
    ['text', '{}'],
  ])('damaged (%s), is refused as data', (_, value) => {
    expect(() => decodeRefusals(value)).toThrow(expect.objectContaining({ fault: 'data' }));
  });

  it.each([
    ['a count below zero', { from: 1, sliceMs: 1, realms: { shop: [-1] } }],
    ['half a refusal', { from: 1, sliceMs: 1, realms: { shop: [0.5] } }],
    ['no beginning', { from: Number.NaN, sliceMs: 1, realms: {} }],
    ['more than fits', { from: 1, sliceMs: 1, realms: { shop: Array<number>(20_000).fill(36 ** 4) } }],
  ])('%s is not stored', (_, given) => {
    expect(() => encodeRefusals(given)).toThrow(expect.objectContaining({ fault: 'data' }));
  });
});
