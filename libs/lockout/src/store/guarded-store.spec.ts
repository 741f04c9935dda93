import { describe, expect, it } from '@jest/globals';
import { contractKey, contractSwap } from '../testing/contract-swap.js';
import { FakeClock } from '../testing/fake-clock.js';
import { CallGuard, GuardedStore } from './guarded-store.js';
import { MemoryLockoutStore } from './memory-store.js';
import type { Loaded } from './record.js';
import { RememberedRecords } from './remembered-records.js';
import { StoreError } from './store-error.js';

const LIMIT_MS = 3_000;

function guarded() {
  const clock = new FakeClock();
  const memory = new MemoryLockoutStore(clock.now);
  const suspicions: number[] = [];
  const circuit = {
    isOpen: false,
    suspect: () => void suspicions.push(clock.monotonic()),
    refusal: () => new StoreError('unreachable', 'gone', { retryInMs: 7 }),
  };
  const guard = new CallGuard(circuit, clock, LIMIT_MS);
  const remembered = new RememberedRecords(clock.monotonic, 2);
  return {
    clock,
    memory,
    circuit,
    guard,
    suspicions,
    remembered,
    store: new GuardedStore(memory, guard, remembered),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a guarded store', () => {
  it('raises the question when a call takes suspiciously long, and gives it up at its limit', async () => {
    const { clock, memory, store, suspicions } = guarded();
    memory.load = () => new Promise(() => {});
    const call = store.load([]).catch((error: unknown) => error);
    await clock.advance(999);
    expect(suspicions).toEqual([]);
    await clock.advance(1);
    expect(suspicions).toEqual([1_000]);
    await clock.advance(LIMIT_MS - 1_000);
    expect(await call).toMatchObject({ fault: 'timeout', retryInMs: null });
    expect(suspicions).toHaveLength(1);
  });

  it('waits for nothing once the store is gone', async () => {
    const { memory, circuit, guard, store, clock } = guarded();
    memory.load = () => new Promise(() => {});
    const call = store.load([]).catch((error: unknown) => error);
    circuit.isOpen = true;
    guard.giveUp();
    expect(await call).toMatchObject({ fault: 'unreachable', retryInMs: 7 });
    await expect(store.load([])).rejects.toMatchObject({ retryInMs: 7 });
    expect(clock.monotonic()).toBe(0);
  });

  it('leaves no alarm behind, so that an idle process does nothing', async () => {
    const { clock, store, suspicions } = guarded();
    await store.load([]);
    await clock.advance(60_000);
    expect(suspicions).toEqual([]);
  });

  it('decides nothing for a caller that was given up meanwhile', async () => {
    const { clock, memory, store } = guarded();
    let decide: ((loaded: Loaded) => unknown) | null = null;
    memory.swapExclusively = (_, given) => {
      decide = given;
      return new Promise(() => {});
    };
    let decided = 0;
    const call = store
      .swapExclusively([contractKey()], () => {
        decided += 1;
        return [contractSwap()];
      })
      .catch((error: unknown) => error);
    await clock.advance(LIMIT_MS);
    expect(await call).toMatchObject({ fault: 'timeout' });
    await turn();
    const late = (decide as unknown as (loaded: Loaded) => unknown)({ now: 0, records: new Map() });
    expect(late).toEqual([]);
    expect(decided).toBe(0);
  });

  it('remembers what it saw and what won, the last of it, and what time it was', async () => {
    const { clock, store, remembered } = guarded();
    expect(remembered.now()).toBeNull();
    const { now } = await store.load([]);
    await clock.advance(5_000);
    expect(remembered.now()).toBe(now + 5_000);
    const [first, second, third] = [contractSwap(), contractSwap(), contractSwap()];
    await store.compareAndSwap([first], { now: clock.now() });
    const lost = { ...first, expected: 'ffffffffffffffff', version: 'eeeeeeeeeeeeeeee' };
    await store.compareAndSwap([lost], { now: clock.now() });
    expect(remembered.get(first.key)?.version).toBe(first.version);
    await store.compareAndSwap([second, lost], { now: clock.now(), atomic: true });
    expect(remembered.get(second.key)).toBeUndefined();
    await store.swapExclusively([second.key, third.key], () => [second, third]);
    expect(remembered.get(third.key)?.version).toBe(third.version);
    // Two are kept.
    expect(remembered.get(first.key)).toBeUndefined();
  });

  it('passes on what a call threw, at once or later', async () => {
    const { memory, store, suspicions } = guarded();
    memory.load = () => {
      throw new StoreError('data', 'at once');
    };
    await expect(store.load([])).rejects.toMatchObject({ message: 'at once' });
    expect(suspicions).toEqual([]);
    memory.load = () => Promise.reject(new Error('ECONNREFUSED'));
    await expect(store.load([])).rejects.toMatchObject({ message: 'ECONNREFUSED' });
    expect(suspicions).toHaveLength(1);
  });
});
