import { describe, expect, it } from '@jest/globals';
import { FewAtOnce } from './few-at-once.js';

const forever = new AbortController().signal;

/** Work that ends when it is told to. */
class Work {
  begun = 0;
  most = 0;
  private readonly ends: (() => void)[] = [];
  private underWay = 0;

  readonly do = async (): Promise<void> => {
    this.begun += 1;
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.underWay -= 1;
  };

  end(): void {
    this.ends.shift()?.();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('few at once', () => {
  it('runs so many at once, and everybody in the end', async () => {
    const slots = new FewAtOnce(2);
    const work = new Work();
    const all = Array.from({ length: 5 }, () => slots.run(work.do));
    await turn();
    expect(work.begun).toBe(2);
    for (let n = 0; n < 5; n += 1) {
      work.end();
      await turn();
    }
    await Promise.all(all);
    expect([work.begun, work.most]).toEqual([5, 2]);
  });

  it('is left by who waits and is called back, whose work is not begun and whose place is nobody’s', async () => {
    const slots = new FewAtOnce(1);
    const work = new Work();
    const first = slots.run(work.do, forever);
    const called = new AbortController();
    const second = slots.run(work.do, called.signal);
    const third = slots.run(work.do, forever);
    called.abort(new Error('time is up'));
    await expect(second).rejects.toThrow('time is up');
    await expect(slots.run(work.do, called.signal)).rejects.toThrow('time is up');
    work.end();
    await first;
    await turn();
    work.end();
    await third;
    expect(work.begun).toBe(2);
    const fourth = slots.run(work.do, forever);
    await turn();
    work.end();
    await fourth;
  });

  it('is free again after work that failed', async () => {
    const slots = new FewAtOnce(1);
    await expect(slots.run(() => Promise.reject(new Error('no')), forever)).rejects.toThrow('no');
    expect(await slots.run(async () => 'yes', forever)).toBe('yes');
  });
});
