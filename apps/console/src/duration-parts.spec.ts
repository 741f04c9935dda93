import { describe, expect, it } from '@jest/globals';
import { type DurationPart, elapsedParts, lengthParts, remainingParts } from './duration-parts.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const words = (parts: readonly DurationPart[]): string =>
  parts.map(({ unit, count }) => `${count} ${unit}`).join(' ');

describe('what is left of a lock', () => {
  it.each([
    [-1, '0 second'],
    [0, '0 second'],
    [1, '1 second'],
    [59_001, '1 minute'],
    [4 * MINUTE + 12 * SECOND, '4 minute 12 second'],
    [5 * MINUTE, '5 minute'],
    [59 * MINUTE + 59_500, '1 hour'],
    [3 * HOUR + 5 * MINUTE, '3 hour 5 minute'],
    [23 * HOUR + 30 * MINUTE, '23 hour 30 minute'],
    [DAY - 1, '1 day'],
    [DAY + 2 * HOUR, '1 day 2 hour'],
    [40 * DAY + 1, '40 day 1 hour'],
  ])('%d ms reads %s', (ms, expected) => {
    expect(words(remainingParts(ms))).toBe(expected);
  });
});

describe('how long ago something was', () => {
  it.each([
    [0, '0 second'],
    [59_999, '59 second'],
    [MINUTE, '1 minute'],
    [119_999, '1 minute'],
    [23 * HOUR + 59 * MINUTE, '23 hour'],
    [40 * DAY, '40 day'],
  ])('%d ms reads %s', (ms, expected) => {
    expect(words(elapsedParts(ms))).toBe(expected);
  });
});

describe('a length', () => {
  it.each([
    [30 * SECOND, '30 second'],
    [90 * SECOND, '1 minute 30 second'],
    [DAY, '1 day'],
    [36 * HOUR, '1 day 12 hour'],
  ])('%d ms reads %s', (ms, expected) => {
    expect(words(lengthParts(ms))).toBe(expected);
  });
});
