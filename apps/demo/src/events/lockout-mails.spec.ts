import { expect, test } from '@jest/globals';
import { canBeLinked } from './lockout-mails.js';

test.each([
  ['https://demo.example', true],
  ['http://localhost:3000', true],
  ['http://127.0.0.1:3000', true],
  ['http://[::1]:3000', true],
  ['http://192.0.2.1:3000', false],
  ['http://demo.example', false],
])('whether lock notices link to %s: %s', (url, expected) => {
  expect(canBeLinked(url)).toBe(expected);
});
