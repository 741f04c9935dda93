import { describe, expect, test } from '@jest/globals';
import { mergedPage, type ShardPart } from './merged-page.js';

interface Placed {
  readonly at: number;
}

/** Pages of numbers; the cursor is the number that the page ends at. */
const page = (parts: readonly ShardPart<Placed, Placed>[], limit: number) =>
  mergedPage(
    parts,
    limit,
    (a, b) => a.at - b.at,
    ({ at }) => at,
    ({ at }) => String(at),
  );

const part = (found: readonly number[], stoppedAt: number | null = null): ShardPart<Placed, Placed> => ({
  found: found.map((at) => ({ at })),
  stoppedAt: stoppedAt === null ? null : { at: stoppedAt },
});

describe('a page of several shards', () => {
  test('has what they have in order, and another behind it if there is one more', () => {
    expect(page([part([1, 4]), part([2, 3])], 4)).toEqual({ items: [1, 2, 3, 4], nextCursor: null });
    expect(page([part([1, 4]), part([2, 3])], 3)).toEqual({ items: [1, 2, 3], nextCursor: '3' });
    expect(page([], 3)).toEqual({ items: [], nextCursor: null });
  });

  test('ends where the first of them stopped, so that nothing is passed over', () => {
    expect(page([part([1, 9]), part([2], 5), part([3, 7], 8)], 9)).toEqual({
      items: [1, 2, 3],
      nextCursor: '5',
    });
    expect(page([part([6]), part([], 5)], 9)).toEqual({ items: [], nextCursor: '5' });
    expect(page([part([5]), part([], 5)], 9)).toEqual({ items: [5], nextCursor: '5' });
  });

  test('ends before that when it is full', () => {
    expect(page([part([1, 2, 3]), part([], 5)], 2)).toEqual({ items: [1, 2], nextCursor: '2' });
    expect(page([part([1, 2, 8]), part([], 5)], 2)).toEqual({ items: [1, 2], nextCursor: '5' });
  });
});
