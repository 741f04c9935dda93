import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

const asked = (headers: Record<string, string>): number | null => retryAfterMs(new Headers(headers));

describe('Retry-After', () => {
  it('is seconds', () => {
    expect(asked({ 'retry-after': '120' })).toBe(120_000);
    expect(asked({ 'retry-after': '0' })).toBe(0);
  });

  it('is a date by the clock of whoever answered', () => {
    const headers = { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:29:30 GMT' };
    expect(asked(headers)).toBe(90_000);
    expect(asked({ ...headers, 'retry-after': headers.date })).toBe(0);
    expect(asked({ 'retry-after': headers['retry-after'] })).toBeNull();
  });

  it.each([{}, { 'retry-after': '' }, { 'retry-after': 'soon' }, { 'retry-after': '-5' }])(
    'says nothing in %j',
    (headers) => {
      expect(asked(headers as Record<string, string>)).toBeNull();
    },
  );
});
