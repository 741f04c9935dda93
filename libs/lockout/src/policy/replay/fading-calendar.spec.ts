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

  test('knows how many keys are in it, each once', () => {
    const calendar = new FadingCalendar();
    for (const key of ['a', 'b', 'a']) calendar.add(key, minutes(3));
    const bucket = calendar.add('c', minutes(7));
    expect(calendar.size).toBe(3);
    calendar.remove('c', bucket);
    calendar.remove('c', bucket);
    calendar.remove('a', bucket);
    expect(calendar.size).toBe(2);
    expect(calendar.takeDue(minutes(4)).length).toBe(2);
    expect(calendar.size).toBe(0);
  });

  test('keeps up minute by minute, and does not run back with the clock', () => {
    const calendar = new FadingCalendar();
    for (let minute = 0; minute < 12; minute += 1) calendar.add(`${minute}`, minutes(minute));
    expect(calendar.takeDue(minutes(3))).toEqual(['0', '1', '2']);
    expect(calendar.takeDue(minutes(10))).toEqual(['3', '4', '5', '6', '7', '8', '9']);
    expect(calendar.takeDue(minutes(5))).toEqual([]);
    calendar.add('late', minutes(6));
    expect(calendar.takeDue(minutes(10))).toEqual([]);
    expect(calendar.takeDue(minutes(11))).toEqual(['10', 'late']);
  });

  test('leaves what is due later, after a short silence and after a long one', () => {
    for (const start of [0, minutes(1_000)]) {
      const calendar = new FadingCalendar();
      calendar.takeDue(start);
      for (const at of [3, 4, 5, 9]) calendar.add(`${at}`, start + minutes(at));
      expect(calendar.takeDue(start + minutes(5))).toEqual(['3', '4']);
      expect(calendar.takeDue(start + minutes(6))).toEqual(['5']);
      expect(calendar.takeDue(start + minutes(6))).toEqual([]);
      expect(calendar.takeDue(start + minutes(2))).toEqual([]);
      expect(calendar.takeDue(start + minutes(10))).toEqual(['9']);
    }
  });
});
