import { describe, expect, it } from '@jest/globals';
import { Recent } from './recent.js';

describe('recent values', () => {
  it('are found while they are asked for', () => {
    const recent = new Recent<number>(4);
    recent.set('kept', 1);
    for (let n = 0; n < 100; n += 1) {
      recent.set(`passing ${n}`, n);
      expect(recent.get('kept')).toBe(1);
    }
  });

  it('go when others came and nobody asked', () => {
    const recent = new Recent<number>(4);
    recent.set('gone', 1);
    for (let n = 0; n < 4; n += 1) recent.set(`passing ${n}`, n);
    expect(recent.get('gone')).toBeUndefined();
  });

  it('are never more than the capacity', () => {
    const recent = new Recent<number>(10);
    for (let n = 0; n < 1_000; n += 1) recent.set(`value ${n}`, n);
    const found = Array.from({ length: 1_000 }, (_, n) => recent.get(`value ${n}`)).filter(
      (value) => value !== undefined,
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(10);
  });

  it('are all forgotten at once', () => {
    const recent = new Recent<number>(10);
    recent.set('one', 1);
    recent.clear();
    expect(recent.get('one')).toBeUndefined();
  });
});
