import { describe, expect, it } from '@jest/globals';
import { alice, engineOf, guesser, SECRET } from './bench.js';

const NEXT = 'the next secret of the test suite, long enough';

describe('R21 P1 while the secrets are swapped', () => {
  it('nodes that have them in either order share one budget', async () => {
    const nodes = [engineOf({ secrets: [SECRET, NEXT] }), engineOf({ secrets: [NEXT, SECRET] })] as const;
    const nodeOf = (n: number) => nodes[n % 2 === 0 ? 0 : 1];
    const { verified, guess } = guesser();
    await Promise.all(Array.from({ length: 200 }, (_, n) => guess(nodeOf(n), alice)));
    expect(nodes[0].totals.lostRaces + nodes[1].totals.lostRaces).toBeGreaterThan(0);
    for (let n = 0; n < 50; n += 1) await guess(nodeOf(n), alice);
    expect(verified.count).toBe(5);
  });

  it('nodes in either order see a lock that the other set, and its owner is not charged twice', async () => {
    const [before, after] = [
      engineOf({ secrets: [SECRET, NEXT] }),
      engineOf({ secrets: [NEXT, SECRET], cacheMs: 0 }),
    ];
    const { verified, guess } = guesser();
    for (let n = 0; n < 6; n += 1) await guess(n % 2 === 0 ? before : after);
    expect(verified.count).toBe(5);
    expect(await guess(after)).toBe('refused');
  });
});
