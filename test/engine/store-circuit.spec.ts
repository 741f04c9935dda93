import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type LockoutEngine,
  LockoutUnavailableError,
  type OnStoreError,
  StoreError,
  type StoreFault,
} from 'nestjs-lockout';
import { turns } from '../support/gate.js';
import { alice, policy } from './bench.js';
import { Outage } from './outage.js';

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

const types = () => outage.events.map(({ type }) => type);

/** What the call was refused with. */
const refusalOf = async (engine: LockoutEngine): Promise<LockoutUnavailableError> => {
  const error: unknown = await outage.during(
    engine.begin(alice).then(
      () => null,
      (reason: unknown) => reason,
    ),
  );
  if (!(error instanceof LockoutUnavailableError)) throw new Error('not refused as unavailable');
  return error;
};

describe('P9 the circuit to the store', () => {
  it('opens when the store is gone: refused at once, with no call to it, and told when to come back', async () => {
    const engine = outage.engine();
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    expect(types()).toEqual(['gone']);
    const calls = outage.store.calls.length;
    const before = outage.clock.monotonic();
    const answers = await Promise.allSettled(Array.from({ length: 200 }, () => engine.begin(alice)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(engine.judge(alice)).rejects.toMatchObject({ retryInMs: expect.any(Number) });
    expect(outage.clock.monotonic()).toBe(before);
    expect(outage.store.calls).toHaveLength(calls);
    expect(engine.totals.unwrittenSettles).toBe(0);
    const { retryInMs } = await refusalOf(engine);
    expect(retryInMs).toBeLessThanOrEqual(2_000);
  });

  it('is asked again with longer and longer pauses, never by a login, and closes by itself', async () => {
    const engine = outage.engine();
    await outage.begin(engine);
    const loads = () => outage.store.calls.filter(({ method }) => method === 'load');
    const before = loads().length;
    await outage.pass(60_000);
    const probes = loads().slice(before);
    expect(probes.length).toBeGreaterThanOrEqual(28);
    expect(probes.length).toBeLessThanOrEqual(34);
    expect(probes.every(({ keys }) => keys.length === 0)).toBe(true);
    expect(types()).toEqual(['gone']);
    outage.mend();
    // Within the longest pause and one probe.
    await outage.pass(2_000);
    expect(engine.storeState).toBe('answers');
    expect(types()).toEqual(['gone', 'returned']);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });

  it('tells each change once, however many attempts come and however often it flickers', async () => {
    const engine = outage.engine();
    for (let round = 0; round < 3; round += 1) {
      await outage.begin(engine);
      await Promise.allSettled(Array.from({ length: 500 }, () => engine.begin(alice)));
      await outage.pass(10_000);
      await outage.end(engine);
    }
    expect(types()).toEqual(['gone', 'returned', 'gone', 'returned', 'gone', 'returned']);
    expect(outage.events.at(-1)).toMatchObject({ mode: 'deny', uncounted: 0, toMerge: 0 });
  });

  it('a listener that throws changes nothing', async () => {
    let told = 0;
    const engine = outage.engine({
      onStoreState: () => {
        told += 1;
        throw new Error('the log is full');
      },
    });
    await outage.begin(engine);
    await outage.end(engine);
    expect(told).toBe(2);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });

  it('a lock that is known answers 429 for as long as it is fresh, and 503 after', async () => {
    const engine = outage.engine({ policies: [policy({ threshold: 1 })] });
    await outage.guess(engine, 1, alice);
    await outage.during(engine.judge(alice));
    outage.fail();
    expect(await outage.during(engine.begin(alice))).toMatchObject({ refusal: { reason: 'locked' } });
    await outage.pass(1_500);
    await refusalOf(engine);
  });

  it('one blip is no outage: what failed is refused, and nobody is told', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.during(engine.judge(alice));
    let failures = 2;
    outage.store.error = () => new StoreError('unreachable', 'Connection lost.');
    outage.store.fault = () => {
      failures -= 1;
      return failures >= 0 ? 'before' : null;
    };
    await outage.during(engine.begin(alice)).catch(() => {});
    await outage.pass(1_000);
    expect(types()).toEqual([]);
    expect(engine.totals.uncounted).toBe(0);
  });
});

describe('nobody can make a store look gone that answers', () => {
  const modes: readonly OnStoreError[] = ['deny', 'allow', 'memory'];
  const faults: readonly StoreFault[] = ['data', 'contention', 'overload', 'timeout', 'unreachable'];

  it.each(modes.flatMap((mode) => faults.map((fault) => [mode, fault] as const)))(
    '%s: one record that fails with %s is refused, and protection stays on',
    async (mode, fault) => {
      const engine = outage.engine({ onStoreError: mode, retryMs: 200, cacheMs: 0 });
      await outage.during(engine.judge(alice));
      outage.store.error = () => new StoreError(fault, 'This row.');
      outage.store.fault = ({ keys }) => (keys.length > 0 ? 'before' : null);
      for (let n = 0; n < 20; n += 1) await refusalOf(engine);
      expect(types()).toEqual([]);
      expect(engine.storeState).toBe('answers');
      expect(engine.totals.uncounted).toBe(0);
    },
  );

  it('a key that always loses its race (contention) is refused, and protection stays on', async () => {
    const losing = new Proxy(outage.store, {
      get(target, name) {
        if (name !== 'compareAndSwap' && name !== 'swapExclusively')
          return Reflect.get(target, name, target) as unknown;
        return (given: readonly unknown[]) =>
          Promise.resolve(new Set(given.map((one) => (one as { key?: string }).key ?? one)));
      },
    });
    const engine = outage.engine({ store: losing, onStoreError: 'allow', retryMs: 200 });
    await refusalOf(engine);
    await outage.pass(5_000);
    expect(types()).toEqual([]);
  });

  it('an answer that says no is an answer', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.during(engine.judge(alice));
    // Records fail as if it were gone; asked for its clock it says that its table is.
    outage.store.fault = ({ keys }) => {
      outage.store.error = () => new StoreError(keys.length > 0 ? 'unreachable' : 'data', 'No such table.');
      return 'before';
    };
    await refusalOf(engine);
    await outage.pass(10_000);
    expect(types()).toEqual([]);
  });

  it('a process that is too busy itself to hear an answer does not take the store for gone', async () => {
    let monotonic = 0;
    // Each beat comes two seconds late: the loop is blocked, and the driver's timers run out before it reads.
    const clock = {
      monotonic: () => monotonic,
      sleep: async (ms: number) => {
        await turns(2);
        monotonic += ms + 2_000;
      },
      alarm: () => () => {},
    };
    const engine = outage.engine({ clock, onStoreError: 'allow', cacheMs: 0 });
    await engine.judge(alice);
    outage.fail('timeout');
    // The store itself takes a while to say so.
    const load = outage.store.load.bind(outage.store);
    outage.store.load = async (keys) => {
      await turns(4);
      return load(keys);
    };
    const attempt = engine.begin(alice).catch((error: unknown) => error);
    await turns(200);
    expect(types()).toEqual([]);
    expect(outage.store.calls.filter(({ keys }) => keys.length === 0).length).toBeGreaterThan(10);
    outage.mend();
    expect(await attempt).toBeInstanceOf(LockoutUnavailableError);
    expect(engine.totals.uncounted).toBe(0);
  });
});
