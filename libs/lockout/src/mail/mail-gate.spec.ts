import { describe, expect, it } from '@jest/globals';
import { MailGate } from './mail-gate.js';

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

describe('a gate', () => {
  it('lets so many through at once, and everybody in the end', async () => {
    const gate = new MailGate(2);
    const work = new Work();
    const all = Array.from({ length: 5 }, () => gate.through(work.do, forever));
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
    const gate = new MailGate(1);
    const work = new Work();
    const first = gate.through(work.do, forever);
    const called = new AbortController();
    const second = gate.through(work.do, called.signal);
    const third = gate.through(work.do, forever);
    called.abort(new Error('time is up'));
    await expect(second).rejects.toThrow('time is up');
    await expect(gate.through(work.do, called.signal)).rejects.toThrow('time is up');
    work.end();
    await first;
    await turn();
    work.end();
    await third;
    expect(work.begun).toBe(2);
    const fourth = gate.through(work.do, forever);
    await turn();
    work.end();
    await fourth;
  });

  it('is free again after work that failed', async () => {
    const gate = new MailGate(1);
    await expect(gate.through(() => Promise.reject(new Error('no')), forever)).rejects.toThrow('no');
    expect(await gate.through(async () => 'yes', forever)).toBe('yes');
  });
});
