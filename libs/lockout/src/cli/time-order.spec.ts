import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TimeOrder } from './time-order.js';

const line = (at: number, name: string) => ({ at, name });

describe('lines a little out of order', () => {
  it('come out in the order of time, and of one moment in the order of the file', () => {
    const order = new TimeOrder<{ at: number; name: string }>(5);
    const out = [line(10, 'a'), line(8, 'b'), line(10, 'c'), line(20, 'd'), line(16, 'e')].flatMap(
      (one) => order.take(one) ?? [line(-1, 'too late')],
    );
    expect([...out, ...order.rest()].map((one) => one.name)).toEqual(['b', 'a', 'c', 'e', 'd']);
  });

  it('are refused when they are later than the tolerance, by a millisecond', () => {
    const order = new TimeOrder<{ at: number; name: string }>(5);
    order.take(line(10, 'a'));
    expect(order.take(line(5, 'b'))).not.toBeNull();
    expect(order.take(line(4, 'c'))).toBeNull();
    expect(order.latest).toBe(10);
  });

  it('without a tolerance must be in order, but may share a moment', () => {
    const order = new TimeOrder<{ at: number; name: string }>(0);
    expect(order.take(line(1, 'a'))).not.toBeNull();
    expect(order.take(line(1, 'b'))).not.toBeNull();
    expect(order.take(line(0, 'c'))).toBeNull();
  });

  it('are all there in the end, sorted, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 3000 }), (jitters) => {
        const order = new TimeOrder<{ at: number; name: string }>(40);
        const given = jitters.map((jitter, n) => line(n + jitter, String(n)));
        const out = [...given.flatMap((one) => order.take(one) ?? [line(-1, 'lost')]), ...order.rest()];
        expect(out).toEqual(given.toSorted((a, b) => a.at - b.at));
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
