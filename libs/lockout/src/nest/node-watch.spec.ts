import { describe, expect, it } from '@jest/globals';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { definePolicy } from '../policy/define-policy.js';
import { minutes } from '../policy/duration.js';
import { MemoryLockoutStore } from '../store/memory-store.js';
import { FakeClock } from '../testing/fake-clock.js';
import { UnreliableStore } from '../testing/unreliable-store.js';
import type { LockoutModuleOptions } from './lockout-options.js';
import { NodeWatch } from './node-watch.js';

const GUESS = { account: 'alice', method: 'password' };
const policy = definePolicy({
  name: 'login',
  threshold: 1,
  schedule: { kind: 'fixed', durationMs: minutes(5) },
});

/** A process on the store: its engine, and what tells the others of it. */
function processOn(store: UnreliableStore | object, clock: FakeClock) {
  const options = {
    store: store as UnreliableStore,
    clock,
    secrets: ['a secret of the test suite, long enough'],
    policies: [policy],
  };
  const engine = new LockoutEngine(options);
  const refuse = async (times: number): Promise<void> => {
    const begun = await engine.begin(GUESS);
    if (begun.allowed) await begun.attempt.fail();
    for (let n = 0; n < times; n += 1) await engine.begin(GUESS);
  };
  return { engine, refuse, watch: new NodeWatch(engine, options as LockoutModuleOptions) };
}

const sums = async (watch: NodeWatch): Promise<number[]> =>
  (await watch.reports(minutes(60))).map(({ refusals }) =>
    (refusals?.realms['default'] ?? []).reduce((sum, count) => sum + count, 0),
  );

describe('reports of processes', () => {
  it('are those of all processes, and of this one as it is now; asking writes nothing', async () => {
    const clock = new FakeClock();
    const store = new UnreliableStore(new MemoryLockoutStore(clock.now));
    const [first, second] = [processOn(store, clock), processOn(store, clock)];
    await first.refuse(4);
    await first.watch.look();
    await second.watch.look();
    await first.engine.begin(GUESS);
    const calls = store.calls.length;
    expect(await sums(first.watch)).toEqual([0, 5]);
    expect(await sums(second.watch)).toEqual([4, 0]);
    expect(store.calls.slice(calls).map(({ method }) => method)).toEqual(['nodes', 'nodes']);
  });

  it('are of this one alone where the store keeps no list', async () => {
    const clock = new FakeClock();
    const store = new Proxy(new UnreliableStore(new MemoryLockoutStore(clock.now)), {
      get: (target, name) => (name === 'nodes' ? undefined : (Reflect.get(target, name, target) as unknown)),
    });
    const { refuse, watch } = processOn(store, clock);
    await refuse(2);
    expect(await sums(watch)).toEqual([2]);
    expect(await watch.look()).toEqual([]);
    await watch.farewell();
    expect(store.calls.some(({ method }) => method === 'announce')).toBe(false);
  });
});

describe('the last announcement', () => {
  it('is not waited for longer than a second', async () => {
    const clock = new FakeClock();
    const memory = new MemoryLockoutStore(clock.now);
    const store = new Proxy(memory, {
      get: (target, name) =>
        name === 'announce' ? () => new Promise(() => {}) : (Reflect.get(target, name, target) as unknown),
    });
    const { refuse, watch } = processOn(store, clock);
    await refuse(1);
    let isOver = false;
    const farewell = watch.farewell().then(() => {
      isOver = true;
    });
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await farewell;
  });
});
