import { beforeEach, describe, expect, it } from '@jest/globals';
import { type LockoutEngine, type RecordFacts, StoreError } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { turns } from '../support/gate.js';
import { alice, BY_ADMIN, policy, THREE } from './bench.js';
import { Outage } from './outage.js';

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

const accountOf = async (engine: LockoutEngine, account = 'alice') =>
  (await outage.during(engine.status({ account }))).counters.find((one) => one.policy === 'account');
const types = () => outage.events.map(({ type }) => type);
const recorded = async (type: 'locked' | 'expired') =>
  (await outage.memory.list({ type, limit: 100 })).items.map(({ event }) => event);

describe("onStoreError: 'memory'", () => {
  it('P1 goes on from what is known: the budget of this process is what was left of it', async () => {
    const engine = outage.engine({ onStoreError: 'memory', policies: THREE });
    expect(await outage.guess(engine, 2, alice)).toBe(2);
    await outage.begin(engine);
    expect(await outage.guess(engine, 20, alice)).toBe(3);
    expect(await outage.during(engine.begin(alice))).toMatchObject({ refusal: { reason: 'locked' } });
    expect(await outage.during(engine.judge(alice))).toMatchObject({ reason: 'locked' });
    // Those nobody knows have a budget too, and the crowd at one account one between them.
    const crowd = await outage.during(
      Promise.all(Array.from({ length: 100 }, () => engine.begin({ ...alice, account: 'bob' }))),
    );
    expect(crowd.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  it('brings back locks, counts and events, before anything is decided by the store', async () => {
    const told: string[] = [];
    const engine = outage.engine({
      onStoreError: 'memory',
      onEvent: (event, { scope }: RecordFacts) => told.push(`${event.type} ${scope}`),
    });
    await outage.guess(engine, 2, alice);
    await outage.begin(engine);
    await outage.guess(engine, 5, alice);
    await outage.guess(engine, 3, { ...alice, account: 'bob' });
    expect(await recorded('locked')).toEqual([]);
    expect(told).toEqual([]);
    const lockedAt = outage.clock.now();
    await outage.end(engine);
    expect(types()).toEqual(['gone', 'returned', 'merged']);
    expect(outage.events).toMatchObject([{}, { toMerge: 2 }, { records: 2 }]);
    expect(await recorded('locked')).toMatchObject([{ failures: 5 }]);
    expect(((await recorded('locked'))[0]?.at ?? 0) <= lockedAt).toBe(true);
    expect(told).toEqual(['locked account']);
    expect(await outage.during(engine.begin(alice))).toMatchObject({ refusal: { reason: 'locked' } });
    expect(await accountOf(engine, 'bob')).toMatchObject({ failures: 3, inFlight: 0 });
    // Another process sees the same.
    const other = outage.engine();
    expect(await outage.during(other.begin(alice))).toMatchObject({ refusal: { reason: 'locked' } });
    expect(await outage.guess(other, 9, { ...alice, account: 'bob' })).toBe(2);
  });

  it('what was counted in both places: the stricter stands, and no lock is shortened', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    const other = outage.engine({ store: outage.memory });
    await outage.guess(engine, 1, alice);
    await outage.begin(engine);
    // The other process still reaches the store.
    await outage.guess(other, 5, { ...alice, account: 'bob' });
    await outage.guess(other, 2, alice);
    await outage.pass(minutes(1));
    await outage.guess(engine, 5, { ...alice, account: 'bob' });
    const here = await outage.during(engine.judge({ ...alice, account: 'bob' }));
    await outage.guess(engine, 1, alice);
    await outage.end(engine);
    // One here, three in all there.
    expect(await accountOf(other)).toMatchObject({ failures: 3 });
    // Locked in both places: the lock that was set a minute later ends a minute later.
    expect((await accountOf(other, 'bob'))?.lock?.until).toBe(here?.retryAt);
    expect(await recorded('locked')).toHaveLength(2);
  });

  it('P6 a lock that was lifted elsewhere meanwhile does not come back', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    const other = outage.engine({ store: outage.memory });
    await outage.guess(engine, 5, alice);
    const begun = await outage.during(engine.begin({ ...alice, account: 'bob' }));
    if (!begun.allowed) throw new Error('refused');
    await outage.begin(engine);
    await outage.during(other.unlock({ account: 'alice' }, BY_ADMIN));
    expect(await outage.guess(engine, 1, alice)).toBe(0);
    await outage.end(engine);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });

  it('a charge made at the store and settled meanwhile is settled here at once, and there once', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.guess(engine, 2, alice);
    const [wrong, right] = [
      await outage.during(engine.begin(alice)),
      await outage.during(engine.begin({ ...alice, account: 'bob' })),
    ];
    if (!wrong.allowed || !right.allowed) throw new Error('refused');
    await outage.begin(engine);
    expect(await outage.during(wrong.attempt.fail())).toMatchObject({ remaining: 2 });
    await outage.during(right.attempt.succeed());
    await outage.end(engine);
    while (engine.totals.unwrittenSettles > 0) await outage.pass(250);
    expect(await accountOf(engine)).toMatchObject({ failures: 3, inFlight: 0 });
    expect(await accountOf(engine, 'bob')).toMatchObject({ failures: 0, inFlight: 0 });
    await outage.pass(minutes(3));
    expect(await outage.guess(engine, 9, alice)).toBe(2);
  });

  it('a charge made meanwhile is settled at the store when that is back', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    const [wrong, right, lost] = [
      await outage.during(engine.begin(alice)),
      await outage.during(engine.begin({ ...alice, account: 'bob' })),
      await outage.during(engine.begin({ ...alice, account: 'carol' })),
    ];
    if (!wrong.allowed || !right.allowed || !lost.allowed) throw new Error('refused');
    await outage.end(engine);
    expect(await accountOf(engine)).toMatchObject({ failures: 0, inFlight: 1 });
    expect(await outage.during(wrong.attempt.fail())).toMatchObject({ remaining: 4 });
    await outage.during(right.attempt.succeed());
    expect(await accountOf(engine)).toMatchObject({ failures: 1, inFlight: 0 });
    expect(await accountOf(engine, 'bob')).toMatchObject({ failures: 0, inFlight: 0 });
    // R3 Nobody settles it: a presumed failure.
    await outage.pass(minutes(3));
    await outage.guess(engine, 1, { ...alice, account: 'carol' });
    expect(await accountOf(engine, 'carol')).toMatchObject({ failures: 2, inFlight: 0 });
  });

  it('a charge whose fate at the store is unknown is taken back there, and counts here', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.during(engine.judge(alice));
    outage.fail();
    // It arrives, and nobody hears of it.
    outage.store.fault = ({ method }) => (method === 'compareAndSwap' ? 'after' : 'before');
    await outage.pass(900);
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    expect(engine.storeState).toBe('gone');
    await outage.during(begun.attempt.succeed());
    await outage.end(engine);
    while (engine.totals.unwrittenSettles > 0) await outage.pass(250);
    await outage.pass(minutes(3));
    expect(await accountOf(engine)).toMatchObject({ failures: 0, inFlight: 0 });
  });

  it('gone again while it is brought back: nothing is lost, nothing counted twice', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.guess(engine, 1, alice);
    await outage.begin(engine);
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    for (let n = 0; n < 70; n += 1) await outage.guess(engine, 1, { ...alice, account: `user-${n}` });
    // Answers probes, and a swap arrives without an answer; then it is gone again.
    let swaps = 0;
    outage.store.fault = ({ method, keys }) => {
      if (method === 'compareAndSwap') swaps += 1;
      if (keys.length === 0 && swaps === 0) return null;
      return method === 'compareAndSwap' ? 'after' : keys.length > 0 && swaps === 0 ? null : 'before';
    };
    await outage.pass(4_000);
    expect(swaps).toBeGreaterThan(0);
    expect(engine.storeState).toBe('gone');
    await outage.during(begun.attempt.fail());
    expect(await outage.guess(engine, 1, alice)).toBe(1);
    await outage.end(engine);
    expect(await accountOf(engine)).toMatchObject({ failures: 3, inFlight: 0 });
    for (const n of [0, 35, 69]) expect(await accountOf(engine, `user-${n}`)).toMatchObject({ failures: 1 });
    await outage.pass(minutes(3));
    expect(await outage.guess(engine, 9, alice)).toBe(2);
    expect(types()).toEqual(['gone', 'returned', 'gone', 'returned', 'merged']);
  });

  it('a lock that ends meanwhile ends to the millisecond, and is recorded once', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.guess(engine, 5, alice);
    const until = (await accountOf(engine))?.lock?.until ?? 0;
    await outage.begin(engine);
    await outage.pass(until - outage.clock.now() - 1);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(false);
    await outage.pass(1);
    expect(await outage.guess(engine, 2, alice)).toBe(1);
    await outage.end(engine);
    expect(await recorded('expired')).toMatchObject([{ at: until }]);
    expect(await recorded('locked')).toHaveLength(2);
  });

  it('P6 an unlock waits for what was counted meanwhile, so that it lifts that too', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    for (let n = 0; n < 200; n += 1) await outage.guess(engine, 1, { ...alice, account: `user-${n}` });
    await outage.guess(engine, 5, alice);
    outage.mend();
    while (engine.storeState === 'gone') await outage.pass(50);
    expect(await outage.during(engine.unlock({ account: 'alice' }, BY_ADMIN))).toMatchObject({
      changed: true,
    });
    await outage.end(engine);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });

  it('counts no more records than may be kept: others are refused, those that are known go on', async () => {
    const engine = outage.engine({ onStoreError: 'memory', cacheSize: 20 });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    await outage.guess(engine, 1, alice);
    const crowd = await outage.during(
      Promise.allSettled(
        Array.from({ length: 100 }, (_, n) => engine.begin({ ...alice, account: `user-${n}` })),
      ),
    );
    expect(crowd.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
    expect(await outage.guess(engine, 9, alice)).toBe(4);
  });

  it('a process that never heard its store does not count by a clock of its own: it refuses', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    outage.fail();
    await expect(outage.during(engine.begin(alice))).rejects.toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
    await outage.pass(1_000);
    await expect(engine.begin(alice)).rejects.toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
    await outage.end(engine);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });

  it('attempts that wait for a budget are woken here as there', async () => {
    const engine = outage.engine({
      onStoreError: 'memory',
      waitMs: 2_000,
      policies: [policy({ threshold: 1 })],
    });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    const first = await outage.during(engine.begin(alice));
    if (!first.allowed) throw new Error('refused');
    const second = engine.begin(alice);
    await turns(10);
    await outage.during(first.attempt.succeed());
    expect((await outage.during(second)).allowed).toBe(true);
  });

  it('a row that cannot be read keeps its own attempts out, and no others', async () => {
    const engine = outage.engine({ onStoreError: 'memory' });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    await outage.guess(engine, 1, alice);
    await outage.guess(engine, 1, { ...alice, account: 'bob' });
    const [hash] = engine.accounts.accountHashes({ account: 'alice' });
    outage.store.error = () => new StoreError('data', 'A row that cannot be.');
    let poisoned: string | null = null;
    outage.store.fault = ({ keys }) =>
      poisoned !== null && keys.some((key) => key === poisoned) ? 'before' : null;
    // Which key it is shows when it is brought back alone.
    const other = outage.engine({ store: outage.memory });
    await outage.guess(other, 1, alice);
    poisoned = hash ? ((await outage.memory.ofAccount(hash))[0]?.key ?? null) : null;
    await outage.pass(5_000);
    expect(engine.storeState).toBe('returning');
    await expect(outage.during(engine.begin(alice))).rejects.toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
    expect((await outage.during(engine.begin({ ...alice, account: 'bob' }))).allowed).toBe(true);
    poisoned = null;
    await outage.pass(3_000);
    expect(engine.storeState).toBe('answers');
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });
});
