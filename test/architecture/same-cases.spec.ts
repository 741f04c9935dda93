import { expect, test } from '@jest/globals';
import { readConfigureGlobal } from 'fast-check';

test('laws try the same cases at each run where CI is set, and new ones everywhere else', () => {
  expect(typeof readConfigureGlobal().seed).toBe(process.env['CI'] ? 'number' : 'undefined');
});
