import { describe, expect, it } from '@jest/globals';
import { lockEnd } from './lock-end.js';

const NOW = Date.parse('2030-01-01T12:00:00.000Z');

describe('the end of a lock by hand', () => {
  it('is an hour or a day from now, or none', () => {
    expect(lockEnd('hour', '', NOW)).toBe('2030-01-01T13:00:00.000Z');
    expect(lockEnd('day', '', NOW)).toBe('2030-01-02T12:00:00.000Z');
    expect(lockEnd('indefinite', '', NOW)).toBeNull();
  });

  it('is the moment that was chosen, in the time zone of whoever chose it', () => {
    const moment = '2030-06-01T08:30';
    expect(lockEnd('moment', moment, NOW)).toBe(new Date(2030, 5, 1, 8, 30).toISOString());
  });

  it.each(['', 'soon', '2029-12-31T00:00'])('is missing with the moment "%s"', (moment) => {
    expect(lockEnd('moment', moment, NOW)).toBeUndefined();
  });

  it('is over at the moment itself', () => {
    const at = new Date(2030, 5, 1, 8, 30).getTime();
    expect(lockEnd('moment', '2030-06-01T08:30', at)).toBeUndefined();
    expect(lockEnd('moment', '2030-06-01T08:30', at - 1)).toBe(new Date(at).toISOString());
  });
});
