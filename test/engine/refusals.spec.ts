import { describe, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import {
  alice,
  allKeys,
  BY_ADMIN,
  engineOf,
  failTimes,
  failuresOf,
  guesser,
  policy,
  stores,
  time,
} from './bench.js';

describe('P2 P3 refusals', () => {
  it('refuses the right credential while locked, and is free at exactly the end', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    time.now += minutes(5) - 1;
    expect(await guesser(true).guess(engine)).toBe('refused');
    time.now += 1;
    expect(await guesser(true).guess(engine)).toBe('success');
  });

  it('writes nothing and extends nothing while locked (pitfall 9)', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await failTimes(engine, 5);
    const before = await stores.memory.load([...(await allKeys(engine))]);
    for (let n = 0; n < 50; n += 1) await guesser().guess(engine);
    const after = await stores.memory.load([...(await allKeys(engine))]);
    expect(after.records).toEqual(before.records);
  });

  it('answers a flood at a locked account without a query (R27), for at most the cache time', async () => {
    let monotonic = 0;
    const clock = { monotonic: () => monotonic, sleep: () => Promise.resolve() };
    const engine = engineOf({ clock });
    await failTimes(engine, 5);
    await guesser().guess(engine);
    const calls = stores.unreliable.calls.length;
    for (let n = 0; n < 100; n += 1) expect(await guesser().guess(engine)).toBe('refused');
    expect(stores.unreliable.calls).toHaveLength(calls);
    monotonic += 1_000;
    await guesser().guess(engine);
    expect(stores.unreliable.calls.length).toBeGreaterThan(calls);
  });

  it('R16 costs the victim no count when the address is refused', async () => {
    const engine = engineOf({
      policies: [policy(), policy({ name: 'address', scope: ['address'], threshold: 3 })],
    });
    for (const account of ['x', 'y', 'z']) await failTimes(engine, 1, { ...alice, account });
    expect(await guesser().guess(engine)).toBe('refused');
    expect(await failuresOf(engine)).toBe(0);
  });

  it('R13 names the strictest refusal', async () => {
    const engine = engineOf({
      policies: [
        policy({ threshold: 1, schedule: { kind: 'fixed', durationMs: minutes(1) } }),
        policy({
          name: 'pair',
          scope: ['account', 'address'],
          threshold: 1,
          schedule: { kind: 'fixed', durationMs: minutes(9) },
        }),
      ],
    });
    await failTimes(engine, 1);
    expect(await engine.judge(alice)).toMatchObject({ policy: 'pair', retryAt: time.now + minutes(9) });
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    expect(await engine.judge(alice)).toMatchObject({ policy: 'manual', retryAt: null });
  });
});

describe('R48 the tally of refusals', () => {
  const counted = (engine: ReturnType<typeof engineOf>) => engine.refusals.counts(time.now).realms;

  it('counts what begin and judge refuse, from the store or from memory, by realm', async () => {
    for (const cacheMs of [0, 1_000]) {
      const engine = engineOf({ cacheMs });
      const staff = { ...alice, account: `staff-${cacheMs}`, realm: 'Staff' };
      const customer = { ...alice, account: `customer-${cacheMs}` };
      await failTimes(engine, 5, staff);
      await failTimes(engine, 5, customer);
      expect(counted(engine)).toEqual({});
      for (let n = 0; n < 3; n += 1) await engine.begin(staff);
      await engine.judge(staff);
      await guesser(true).guess(engine, customer);
      expect(counted(engine)).toEqual({ staff: [4], default: [1] });
      expect(engine.refusals.total).toBe(5);
    }
  });

  it('counts what finds no room, once it is refused and not while it waits', async () => {
    const engine = engineOf();
    const held = await Promise.all(Array.from({ length: 5 }, () => engine.begin(alice)));
    await engine.begin(alice);
    expect(counted(engine)).toEqual({ default: [1] });

    const patient = engineOf({ waitMs: 60_000, maxWaitersPerKey: 1 });
    const waiting = patient.begin(alice);
    await patient.begin(alice);
    expect(counted(patient)).toEqual({ default: [1] });
    for (const begun of held) if (begun.allowed) await begun.attempt.succeed();
    expect((await waiting).allowed).toBe(true);
    expect(counted(patient)).toEqual({ default: [1] });
  });

  it('counts nothing that is admitted, and nothing that cannot be decided', async () => {
    const engine = engineOf({ retryMs: 1 });
    await failTimes(engine, 4);
    expect(await engine.judge(alice)).toBeNull();
    stores.unreliable.fault = () => 'before';
    await expect(engine.begin(alice)).rejects.toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
    stores.unreliable.fault = () => null;
    await expect(engine.begin({ ...alice, realm: '*' })).rejects.toThrow('realm');
    expect(counted(engine)).toEqual({});
  });

  it('P3 writes nothing by itself, whatever it has counted', async () => {
    for (const cacheMs of [0, 1_000]) {
      const engine = engineOf({ cacheMs });
      await failTimes(engine, 5, { ...alice, account: `a-${cacheMs}` });
      const keys = await allKeys(engine, `a-${cacheMs}`);
      const before = await stores.memory.load(keys);
      const calls = stores.unreliable.calls.length;
      for (let n = 0; n < 50; n += 1) {
        await guesser().guess(engine, { ...alice, account: `a-${cacheMs}` });
        await engine.judge({ ...alice, account: `a-${cacheMs}` });
      }
      expect(counted(engine)).toEqual({ default: [100] });
      const made = new Set(stores.unreliable.calls.slice(calls).map(({ method }) => method));
      for (const method of made) expect(['load', 'policyCount', 'savedPolicies']).toContain(method);
      expect((await stores.memory.load(keys)).records).toEqual(before.records);
      expect(await stores.memory.nodes(86_400_000)).toEqual([]);
    }
  });

  it("goes by the store's clock, counted on since it was heard", async () => {
    let monotonic = 0;
    const clock = { monotonic: () => monotonic, sleep: () => Promise.resolve() };
    const withoutClock = new Proxy(stores.unreliable, {
      get: (target, name) => (name === 'clock' ? undefined : (Reflect.get(target, name, target) as unknown)),
    });
    const engine = engineOf({ clock, store: withoutClock, cacheMs: 0 });
    expect(engine.storeNow).toBeNull();
    await failTimes(engine, 5);
    expect(engine.storeNow).toBe(time.now);
    await engine.begin(alice);
    monotonic += minutes(60);
    expect(engine.storeNow).toBe(time.now + minutes(60));
    expect(engine.refusals.counts(engine.storeNow ?? 0)).toEqual({
      from: time.now,
      sliceMs: minutes(5),
      realms: { default: [1] },
    });
  });
});

describe('R2 exhausted: the budget is taken by attempts in flight', () => {
  it('refuses without a lock and writes nothing', async () => {
    const engine = engineOf();
    const held = await Promise.all(Array.from({ length: 5 }, () => engine.begin(alice)));
    expect(held.every((begun) => begun.allowed)).toBe(true);
    expect(await engine.begin(alice)).toMatchObject({
      allowed: false,
      refusal: { reason: 'exhausted', retryAt: null },
    });
    expect((await engine.status({ account: 'alice' })).locked).toBe(false);
  });

  it('lets 50 parallel right logins of one account through: the surplus waits, the count stays clean', async () => {
    const engine = engineOf({ waitMs: 2_000 });
    const { guess } = guesser(true);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => guess(engine)));
    expect(outcomes).toEqual(Array<string>(50).fill('success'));
    expect(await failuresOf(engine)).toBe(0);
    expect(
      (await engine.status({ account: 'alice' })).counters.every((counter) => counter.inFlight === 0),
    ).toBe(true);
  });

  it('finds settles of other processes by looking again', async () => {
    const [one, two] = [engineOf(), engineOf({ waitMs: 2_000 })];
    const held = await Promise.all(Array.from({ length: 5 }, () => one.begin(alice)));
    const waiting = two.begin(alice);
    for (const begun of held) if (begun.allowed) await begun.attempt.succeed();
    expect((await waiting).allowed).toBe(true);
  });

  it('admits at most so many waiters a key', async () => {
    const engine = engineOf({ waitMs: 60_000, maxWaitersPerKey: 2 });
    const held = await Promise.all(Array.from({ length: 5 }, () => engine.begin(alice)));
    const waiters = [engine.begin(alice), engine.begin(alice)];
    expect(await engine.begin(alice)).toMatchObject({ refusal: { reason: 'exhausted' } });
    for (const begun of held) if (begun.allowed) await begun.attempt.succeed();
    expect((await Promise.all(waiters)).every((begun) => begun.allowed)).toBe(true);
  });
});
