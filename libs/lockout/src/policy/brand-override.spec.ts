import { describe, expect, test } from '@jest/globals';
import { overrideOf } from './brand-override.js';
import { definePolicy } from './define-policy.js';

const policy = (name: string, counter: string) =>
  definePolicy({ name, counter, threshold: 5, schedule: { kind: 'indefinite' } });

describe('which override of a brand takes the place of a policy', () => {
  const password = policy('password', 'shared');
  const otp = policy('otp', 'shared');
  const other = policy('other', 'other');
  const global = [password, otp, other];

  test('the one of its counter, whatever its name', () => {
    const strict = policy('strict', 'other');
    expect(overrideOf(other, global, [policy('x', 'elsewhere'), strict])).toBe(strict);
    expect(overrideOf(other, global, [policy('other', 'elsewhere')])).toBeNull();
    expect(overrideOf(other, global, [])).toBeNull();
  });

  test('where several share a counter, the one of its name, wherever it stands', () => {
    const [ofPassword, ofOtp] = [policy('password', 'shared'), policy('otp', 'shared')];
    expect(overrideOf(password, global, [ofOtp, ofPassword])).toBe(ofPassword);
    expect(overrideOf(otp, global, [ofPassword, ofOtp])).toBe(ofOtp);
  });

  test('never one that bears another policy’s name; the first of a name that nobody has', () => {
    expect(overrideOf(password, global, [policy('otp', 'shared')])).toBeNull();
    const [first, second] = [policy('a', 'shared'), policy('b', 'shared')];
    expect(overrideOf(password, global, [policy('otp', 'shared'), first, second])).toBe(first);
  });
});
