import { describe, expect, test } from '@jest/globals';
import { MemoryLockoutStore } from './memory-store.js';

describe('the clock of a memory store', () => {
  const make = MemoryLockoutStore as new (clock?: unknown) => MemoryLockoutStore;

  test.each([
    ['nothing', []],
    ['a number', [1_900_000_000_000]],
    ['an object with now()', [{ now: () => 1_900_000_000_000 }]],
  ])('given %s, it says at once what to give', (_, parameters: readonly unknown[]) => {
    const construct = () => new make(...parameters);
    expect(construct).toThrow(TypeError);
    expect(construct).toThrow(/new MemoryLockoutStore\(\(\) => Date\.now\(\)\).*FakeClock/);
  });

  test('is what its records are dated by', async () => {
    expect((await new MemoryLockoutStore(() => 1_900_000_000_000).load([])).now).toBe(1_900_000_000_000);
  });
});
