import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import {
  type AskedStore,
  type EngineObserver,
  type LockoutEngine,
  LockoutUnavailableError,
  type ObservedDecision,
  type ObservedSettle,
  type Swap,
  type SwapOptions,
} from 'nestjs-lockout';
import { alice, BY_ADMIN, beforeSwap, engineOf, failTimes, policy, stores, time } from './bench.js';
import { Outage } from './outage.js';

/** Everything that an observer can be told, as it was told. */
class Told implements EngineObserver {
  readonly decisions: ObservedDecision[] = [];
  readonly settles: ObservedSettle[] = [];
  readonly asked: AskedStore[] = [];
  readonly states: string[] = [];
  readonly counts = { batches: 0, operations: 0, rows: 0, lost: 0, held: 0, fromMemory: 0 };

  decided(decision: ObservedDecision): void {
    this.decisions.push(decision);
  }

  settled(settle: ObservedSettle): void {
    this.settles.push(settle);
  }

  batched(operations: number): void {
    this.counts.batches += 1;
    this.counts.operations += operations;
  }

  swapped(rows: number, lost: number): void {
    this.counts.rows += rows;
    this.counts.lost += lost;
  }

  held(): void {
    this.counts.held += 1;
  }

  answeredFromMemory(): void {
    this.counts.fromMemory += 1;
  }

  storeAsked(asked: AskedStore): void {
    this.asked.push(asked);
  }

  storeStateChanged({ type }: Parameters<NonNullable<EngineObserver['storeStateChanged']>>[0]): void {
    this.states.push(type);
  }
}

function watched(engine: LockoutEngine): Told {
  const told = new Told();
  engine.observers.add(told);
  return told;
}

async function admitted(engine: LockoutEngine, method = 'password') {
  const begun = await engine.begin({ ...alice, method });
  if (!begun.allowed) throw new Error('refused');
  return begun.attempt;
}

describe('an observer of the engine', () => {
  it('is told of each attempt by how it ended, and by which method', async () => {
    const engine = engineOf();
    const told = watched(engine);
    await (await admitted(engine)).succeed();
    await (await admitted(engine, 'otp')).succeed({ final: false });
    await (await admitted(engine)).abandon();
    await failTimes(engine, 5);
    expect(told.settles).toMatchObject([
      { method: 'password', outcome: 'success', isFinal: true, refusal: null, locked: [] },
      { method: 'otp', outcome: 'success', isFinal: false },
      { method: 'password', outcome: 'abandoned', isFinal: false },
      ...Array.from({ length: 4 }, () => ({ outcome: 'failure', locked: [] })),
      { outcome: 'failure', locked: [{ policy: 'account', until: time.now + 300_000 }] },
    ]);
    expect(told.decisions).toHaveLength(8);
    expect(told.decisions.every(({ step, outcome }) => step === 'begin' && outcome === 'admitted')).toBe(
      true,
    );
  });

  it('is told of a refusal by its policy and reason, from the store and from memory', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    const told = watched(engine);
    await engine.begin(alice);
    await engine.judge(alice);
    const refused = { method: 'password', outcome: 'refused', fault: null };
    const refusal = { policy: 'account', reason: 'locked' };
    expect(told.decisions).toMatchObject([
      { step: 'begin', ...refused, refusal },
      { step: 'judge', ...refused, refusal },
    ]);
    expect(told.counts.fromMemory).toBe(2);
  });

  it('is told of a right credential that is refused all the same, as a settle with a refusal', async () => {
    const engine = engineOf();
    const told = watched(engine);
    const attempt = await admitted(engine);
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    await attempt.succeed();
    expect(told.settles).toMatchObject([{ outcome: 'success', refusal: { reason: 'locked' } }]);
  });

  it('is told that nothing could be decided, and why; not of what cannot be a name', async () => {
    const engine = engineOf();
    const told = watched(engine);
    await expect(engine.begin({ ...alice, account: '' })).rejects.toThrow('account');
    stores.unreliable.fault = () => 'before';
    await expect(engine.begin(alice)).rejects.toThrow(LockoutUnavailableError);
    await expect(engine.judge(alice)).rejects.toThrow(LockoutUnavailableError);
    expect(told.decisions).toMatchObject([
      { step: 'begin', method: 'password', outcome: 'unavailable', refusal: null, fault: 'unreachable' },
      { step: 'judge', method: 'password', outcome: 'unavailable', refusal: null, fault: 'unreachable' },
    ]);
  });

  it('is told of a look-up that could not be made, and of none that could', async () => {
    const outage = new Outage();
    const engine = outage.engine();
    const told = watched(engine);
    expect(await outage.during(engine.lookUp(() => 'id:1'))).toBe('id:1');
    await outage.begin(engine);
    await expect(outage.during(engine.lookUp(() => 'id:1'))).rejects.toThrow(LockoutUnavailableError);
    expect(told.decisions).toMatchObject([{ step: 'look-up', method: null, outcome: 'unavailable' }]);
    await outage.end(engine);
    expect(told.states).toEqual(['gone', 'returned']);
  });

  it('is told how long things took, by the clock of the engine', async () => {
    const outage = new Outage();
    const engine = outage.engine({ waitMs: 2_000, policies: [policy({ threshold: 1 })] });
    const told = watched(engine);
    const first = await outage.during(engine.begin(alice));
    if (!first.allowed) throw new Error('refused');
    // The second waits for the first, which takes its place for good.
    await outage.during(
      Promise.all([engine.begin(alice), outage.pass(500).then(() => first.attempt.fail())]),
    );
    expect(told.decisions).toMatchObject([
      { outcome: 'admitted' },
      { outcome: 'refused', refusal: { reason: 'locked' } },
    ]);
    expect(told.decisions[0]?.durationMs).toBeLessThan(100);
    expect(told.decisions[1]?.durationMs).toBeGreaterThanOrEqual(500);
    expect(told.decisions[1]?.durationMs).toBeLessThan(1_000);
    expect(told.settles[0]?.durationMs).toBeLessThan(100);
  });

  it('is told of batches, rows, questions and lost races, as the totals have them', async () => {
    const rival = engineOf();
    const engine = engineOf({ store: beforeSwap(() => failTimes(rival, 1)) });
    const told = watched(engine);
    await failTimes(engine, 1);
    const before = engine.totals;
    expect(before.lostRaces).toBeGreaterThan(0);
    expect(told.counts).toEqual({
      batches: before.batches,
      operations: before.operations,
      rows: before.swaps,
      lost: before.lostRaces,
      held: before.held,
      fromMemory: before.fromCache,
    });
    const of = (call: AskedStore['call']) => told.asked.filter((asked) => asked.call === call);
    expect(of('load')).toHaveLength(before.loads);
    expect(of('swap')).toHaveLength(before.swaps);
    expect(told.asked.every(({ fault, durationMs }) => fault === null && durationMs >= 0)).toBe(true);
  });

  it('is told of rounds that held the records, once too many races were lost', async () => {
    const policies = [policy({ threshold: 50 })];
    const rival = engineOf({ policies });
    // Whatever it swaps, somebody was faster.
    const store = new Proxy(stores.unreliable, {
      get(target, name) {
        if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
        return async (swaps: readonly Swap[], options: SwapOptions) => {
          await failTimes(rival, 1);
          return target.compareAndSwap(swaps, options);
        };
      },
    });
    const engine = engineOf({ policies, store });
    const told = watched(engine);
    await engine.begin(alice);
    expect(told.counts.lost).toBe(3);
    expect(told.counts.held).toBe(1);
    expect(told.counts.held).toBe(engine.totals.held);
    expect(told.asked.map(({ call }) => call)).toContain('hold');
  });

  it('is called in the asynchronous context of whoever asked, also where others asked with it', async () => {
    const caller = new AsyncLocalStorage<string>();
    const engine = engineOf();
    const seen: string[] = [];
    engine.observers.add({
      decided: () => seen.push(`begun ${caller.getStore()}`),
      settled: () => seen.push(`settled ${caller.getStore()}`),
    });
    const sign = (account: string) =>
      caller.run(account, () => engine.protect({ ...alice, account }, () => true));
    await Promise.all([sign('alice'), sign('bob'), sign('carol')]);
    expect(seen.sort()).toEqual(
      ['begun alice', 'begun bob', 'begun carol', 'settled alice', 'settled bob', 'settled carol'].sort(),
    );
  });

  it('that throws changes nothing, and keeps nobody else from being told', async () => {
    const engine = engineOf();
    const fails = (): never => {
      throw new Error('an observer of ours');
    };
    engine.observers.add({
      decided: fails,
      settled: fails,
      batched: fails,
      swapped: fails,
      held: fails,
      answeredFromMemory: fails,
      storeAsked: fails,
      storeStateChanged: fails,
    });
    const told = watched(engine);
    await failTimes(engine, 5);
    expect(await engine.begin(alice)).toMatchObject({ allowed: false });
    expect(told.settles).toHaveLength(5);
    expect(told.decisions).toHaveLength(6);
  });

  it('hears of nothing once it is taken away', async () => {
    const engine = engineOf();
    const told = new Told();
    const end = engine.observers.add(told);
    await failTimes(engine, 1);
    end();
    await failTimes(engine, 1);
    expect(told.decisions).toHaveLength(1);
    expect(told.settles).toHaveLength(1);
  });
});

describe('readings of the engine', () => {
  it('are the locks in force of the realms that are asked for', async () => {
    const engine = engineOf({ policies: [policy(), policy({ name: 'address', scope: ['address'] })] });
    expect(await engine.readings.countLocked('account', ['default'])).toBe(0);
    await failTimes(engine, 5);
    await failTimes(engine, 5, { ...alice, account: 'bob', realm: 'staff', address: '192.0.2.9' });
    expect(await engine.readings.countLocked('account', ['default'])).toBe(1);
    expect(await engine.readings.countLocked('address', ['default'])).toBe(1);
    expect(await engine.readings.countLocked('account', ['default', 'staff'])).toBe(2);
    time.now += 300_000;
    expect(await engine.readings.countLocked('account', ['default', 'staff'])).toBe(0);
  });

  it('are what waits for each sink, and for how long', async () => {
    const engine = engineOf({ deliverTo: () => ['pager'] });
    expect(await engine.readings.sinks()).toEqual([]);
    await failTimes(engine, 5);
    time.now += 90_000;
    expect(await engine.readings.sinks()).toEqual([{ sink: 'pager', waiting: 1, dead: 0, lagMs: 90_000 }]);
  });

  it('are refused where the store does not answer', async () => {
    const engine = engineOf();
    stores.unreliable.fault = () => 'before';
    await expect(engine.readings.ping()).rejects.toThrow('Connection lost');
    await expect(engine.readings.sinks()).rejects.toThrow('Connection lost');
  });
});
