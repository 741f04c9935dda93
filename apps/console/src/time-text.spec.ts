import { describe, expect, it } from '@jest/globals';
import { absoluteText, durationText, shortText } from './time-text.js';

const NOW = new Date(2030, 5, 15, 12, 0, 0).getTime();
const at = (...parts: [number, number, number, number, number, number]): string =>
  new Date(...parts).toISOString();

describe('a length in words', () => {
  it('is in the language of the texts, in so many units as it has', () => {
    const parts = [
      { unit: 'minute', count: 4 },
      { unit: 'second', count: 12 },
    ] as const;
    expect(durationText(parts, 'en')).toBe('4 min 12 sec');
    expect(durationText(parts, 'de')).toBe('4 Min. 12 Sek.');
    expect(durationText([{ unit: 'day', count: 2 }], 'en')).toBe('2 days');
  });
});

describe('a moment', () => {
  it('is the time of the day where it is today', () => {
    expect(shortText(at(2030, 5, 15, 9, 5, 7), 'en', NOW)).toBe('09:05:07');
  });

  it('has its day where it is not, and its year where that is another', () => {
    expect(shortText(at(2030, 5, 14, 9, 5, 7), 'en', NOW)).toBe('Jun 14, 09:05');
    expect(shortText(at(2029, 11, 31, 9, 5, 7), 'en', NOW)).toBe('Dec 31, 2029, 09:05');
  });

  it('says midnight as 00, and everything in full where it stands alone', () => {
    expect(absoluteText(at(2030, 5, 15, 0, 5, 7), 'en')).toBe('Jun 15, 2030, 00:05:07');
  });
});
