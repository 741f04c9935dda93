import { describe, expect, it } from '@jest/globals';
import { BatchApplier } from '../store/batch-applier.js';
import { MemoryLockoutStore } from '../store/memory-store.js';
import type { Operation } from '../store/operation.js';
import { FakeClock } from '../testing/fake-clock.js';
import { SettleQueue } from './settle-queue.js';

const FOR_MS = 120_000;

/** A queue with room for two, and what it has written. */
function queueOfTwo() {
  const clock = new FakeClock();
  const written: string[] = [];
  const applier = new BatchApplier(new MemoryLockoutStore(clock.now), {
    monotonic: clock.monotonic,
    sleep: clock.sleep,
    random: () => 0,
    freshVersion: () => '0'.repeat(16),
    onEvents: () => {},
    cacheMs: 0,
    cacheSize: 1,
    retryMs: 1,
    lanes: 1,
    maxQueue: 10,
  });
  const operation = (name: string): Operation<unknown> => ({ keys: [], fold: () => written.push(name) });
  return { clock, written, operation, queue: new SettleQueue(applier, clock, 2) };
}

describe('R32 the queue of unwritten settles, when it is full', () => {
  it.each([
    ['takes a settle in place of a withdrawal', ['a', '-b', 'c'], ['a', 'c']],
    ['takes no withdrawal in place of a settle', ['a', 'b', '-c'], ['a', 'b']],
    ['takes no withdrawal in place of another', ['-a', 'b', '-c'], ['a', 'b']],
    ['takes a settle in place of the oldest', ['a', 'b', 'c'], ['b', 'c']],
  ])('%s', async (_, pushed, expected) => {
    const { clock, written, operation, queue } = queueOfTwo();
    for (const name of pushed) {
      const yields = name.startsWith('-');
      queue.push(operation(name.replace('-', '')), FOR_MS, { yields });
    }
    expect(queue.size).toBe(2);
    while (queue.size > 0) await clock.advance(250);
    expect(written).toEqual(expected);
  });
});
