import { describe, expect, test } from '@jest/globals';
import { minutes } from '../duration.js';
import { FadingCalendar } from './fading-calendar.js';

describe('the calendar of fading keys', () => {
  test('gives a key out once its minute is over, and only once', () => {
    const calendar = new FadingCalendar();
    calendar.add('a', minutes(3));
    expect(calendar.takeDue(minutes(4) - 1)).toEqual([]);
    expect(calendar.takeDue(minutes(4))).toEqual(['a']);
    expect(calendar.takeDue(minutes(9))).toEqual([]);
  });

  test('does not give out a key that was removed', () => {
    const calendar = new FadingCalendar();
    const bucket = calendar.add('a', minutes(3));
    calendar.add('b', minutes(3));
    calendar.remove('a', bucket);
    expect(calendar.takeDue(minutes(4))).toEqual(['b']);
  });

  test('takes a moment that is over as due next', () => {
    const calendar = new FadingCalendar();
    calendar.takeDue(minutes(10));
    calendar.add('late', minutes(1));
    expect(calendar.takeDue(minutes(11))).toEqual(['late']);
  });

  test('gives keys out in the order of time, after a short silence and after a long one', () => {
    for (const silence of [minutes(5), minutes(5_000_000)]) {
      const calendar = new FadingCalendar();
      for (const [key, at] of [
        ['c', 3.5],
        ['a', 1],
        ['b', 2],
      ] as const)
        calendar.add(key, minutes(at));
      expect(calendar.takeDue(silence)).toEqual(['a', 'b', 'c']);
    }
  });
});
