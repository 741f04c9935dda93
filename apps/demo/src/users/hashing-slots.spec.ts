import { describe, expect, test } from '@jest/globals';
import { HashingSlots } from './hashing-slots.js';

const deferred = () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open };
};

describe('hashing slots (R46, pitfall 34)', () => {
  test('never more at once than there are slots, the rest in the order they came', async () => {
    const slots = new HashingSlots(2, 10);
    const gates = Array.from({ length: 5 }, deferred);
    const started: number[] = [];
    const all = gates.map(({ gate }, n) =>
      slots.run(async () => {
        started.push(n);
        await gate;
        return n;
      }),
    );
    expect(started).toEqual([0, 1]);
    gates[1]?.open();
    await all[1];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    for (const { open } of gates) open();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
    expect(await slots.run(async () => 'free again')).toBe('free again');
  });

  test('work that fails gives its slot back', async () => {
    const slots = new HashingSlots(1, 1);
    await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(async () => 1)).toBe(1);
  });

  test('beyond those who may wait it answers 503 at once', async () => {
    const slots = new HashingSlots(1, 1);
    const { gate, open } = deferred();
    const running = slots.run(() => gate);
    const waiting = slots.run(async () => 'waited');
    await expect(slots.run(async () => 'never')).rejects.toMatchObject({ status: 503 });
    open();
    await running;
    expect(await waiting).toBe('waited');
  });
});
