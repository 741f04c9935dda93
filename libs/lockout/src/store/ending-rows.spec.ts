import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import { EndingRows } from './ending-rows.js';
import { MemoryQuotas } from './memory-quotas.js';
import { MemoryUnlockLinks } from './memory-unlock-links.js';

const hash = (): string => randomBytes(32).toString('hex');

describe('P12 rows that end, in memory', () => {
  test('go a few at a time, also from behind those that last', () => {
    const rows = new EndingRows<{ readonly endsAt: number }>();
    for (let n = 0; n < 200; n += 1) rows.set(`lasts ${n}`, { endsAt: 1_000 });
    for (let n = 0; n < 200; n += 1) rows.set(`ends ${n}`, { endsAt: 10 });
    rows.drop(9);
    expect(rows.size).toBe(400);
    const sizes: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      rows.drop(10);
      sizes.push(rows.size);
    }
    expect(sizes.at(-1)).toBe(200);
    sizes.reduce((before, size) => {
      expect(before - size).toBeLessThanOrEqual(64);
      return size;
    }, 400);
    expect(rows.get('lasts 0', 999)).toEqual({ endsAt: 1_000 });
    expect(rows.get('ends 0', 9)).toBeNull();
  });

  test('do not pile up: quotas whose window is over, and links that have expired', async () => {
    let now = 0;
    const quotas = new MemoryQuotas(() => now);
    const links = new MemoryUnlockLinks(() => now);
    for (let n = 0; n < 1_000; n += 1) {
      now += 1;
      await quotas.takeQuota(hash(), 1, 100);
      const link = { digest: hash(), key: hash() as LockoutKey, since: now, realm: 'default' };
      await links.saveUnlockLink({ ...link, accountHash: hash() as SubjectHash, expiresAt: now + 100 });
    }
    expect(quotas.size).toBeLessThan(200);
    expect(links.size).toBeLessThan(200);
    expect(Math.min(quotas.size, links.size)).toBeGreaterThanOrEqual(100);
  });
});
