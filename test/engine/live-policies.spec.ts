import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type EngineOptions,
  type LockoutEngine,
  LockoutUnavailableError,
  PolicyConflictError,
  PolicyNotFoundError,
  PolicyStoreMissingError,
} from 'nestjs-lockout';
import { hours, minutes, PolicyError } from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, failTimes, failuresOf, isLocked, policy, stores, time } from './bench.js';

const GLOBAL = { policy: 'account', brand: null };
const save = (
  engine: LockoutEngine,
  settings: unknown,
  expected = 0,
  target = GLOBAL as { policy: string; brand: string | null },
) => engine.policies.save(target, settings, { expected, actor: BY_ADMIN });
/** Questions about policies that were asked so far. */
const asked = (): number =>
  stores.unreliable.calls.filter(({ method }) => /^(policyCount|savedPolicies)$/.test(method)).length;

/** The processes' clocks; they only move when a test moves them. */
let monotonic = 0;
beforeEach(() => {
  monotonic = 0;
});
const processOf = (options: Partial<EngineOptions> = {}): LockoutEngine =>
  engineOf({
    clock: { monotonic: () => monotonic, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    cacheMs: 0,
    ...options,
  });
const pass = (ms: number): void => {
  monotonic += ms;
  time.now += ms;
};

type Method = 'load' | 'policyCount' | 'savedPolicies' | 'savePolicy';

/** The store of this test, with some calls held up: `answer` makes the call. */
function intercepted(
  calls: Partial<Record<Method, (answer: () => Promise<unknown>) => Promise<unknown>>>,
): EngineOptions['store'] {
  return new Proxy(stores.unreliable, {
    get(target, name) {
      const member = Reflect.get(target, name, target) as unknown;
      const call = calls[name as Method];
      if (!call || typeof member !== 'function') return member;
      return (...given: unknown[]) => call(() => Reflect.apply(member, target, given) as Promise<unknown>);
    },
  });
}

describe('live policies', () => {
  it('govern at once where they are saved, and a second later in every other process, busy or idle', async () => {
    const [here, busy, idle] = [processOf(), processOf(), processOf()];
    for (const engine of [here, busy, idle]) await failTimes(engine, 1, { ...alice, account: 'eve' });
    await save(here, { threshold: 1 });
    await failTimes(here, 1, { ...alice, account: 'ann' });
    expect(await isLocked(here, { ...alice, account: 'ann' })).toBe(true);
    for (const engine of [busy, idle]) expect(engine.policies.forBrand()[0]).toMatchObject({ threshold: 5 });
    for (let n = 0; n < 10; n += 1) {
      pass(100);
      await busy.judge({ ...alice, account: 'bob' });
    }
    pass(1);
    for (const engine of [busy, idle]) {
      const account = { ...alice, account: engine === busy ? 'cid' : 'dot' };
      await failTimes(engine, 1, account);
      expect(await isLocked(engine, account)).toBe(true);
    }
  });

  it('govern a second later also where the last question was asked in the very moment of the save', async () => {
    let release = (): void => {};
    let held: Promise<void> = Promise.resolve();
    const policyCount = (answer: () => Promise<unknown>) => held.then(answer);
    const [here, other] = [processOf(), processOf({ store: intercepted({ policyCount }) })];
    await failTimes(other, 1);
    await save(here, { threshold: 2 });
    pass(1_000);
    held = new Promise((resolve) => {
      release = resolve;
    });
    let decided = false;
    const second = failTimes(other, 1).then(() => {
      decided = true;
    });
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(decided).toBe(false);
    release();
    await second;
    expect(await isLocked(other)).toBe(true);
  });

  it('cost an idle process nothing, and a busy one a question each half second, shared by all', async () => {
    const engine = processOf();
    await Promise.all(Array.from({ length: 50 }, (_, n) => engine.judge({ ...alice, account: `user-${n}` })));
    expect(asked()).toBe(1);
    pass(500);
    await engine.judge(alice);
    expect(asked()).toBe(1);
    pass(1);
    await Promise.all(Array.from({ length: 50 }, () => engine.judge(alice)));
    expect(asked()).toBe(2);
    pass(hours(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked()).toBe(2);
    await Promise.all(Array.from({ length: 50 }, () => engine.judge(alice)));
    expect(asked()).toBe(3);
  });

  it('a question that began too long ago is not enough for who asks later', async () => {
    const [here, there] = [processOf(), processOf()];
    await here.policies.fresh();
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = intercepted({
      policyCount: async (answer) => {
        const count = await answer();
        await held;
        return count;
      },
    });
    const late = processOf({ store: slow });
    const first = late.policies.fresh();
    await new Promise((resolve) => setImmediate(resolve));
    await save(there, { threshold: 1 });
    pass(1_001);
    const second = late.policies.fresh();
    await new Promise((resolve) => setTimeout(resolve, 5));
    answer();
    await Promise.all([first, second]);
    expect(late.policies.forBrand()[0]).toMatchObject({ threshold: 1 });
  });

  it('P9 what cannot be asked for a second is not decided by: nothing is verified', async () => {
    const engine = processOf();
    await engine.judge(alice);
    stores.unreliable.fault = ({ method }) => (method === 'policyCount' ? 'before' : null);
    pass(999);
    expect((await engine.begin(alice)).allowed).toBe(true);
    pass(1);
    await expect(engine.begin(alice)).rejects.toBeInstanceOf(LockoutUnavailableError);
    await expect(engine.judge(alice)).rejects.toBeInstanceOf(LockoutUnavailableError);
    await expect(engine.status({ account: 'alice' })).rejects.toBeInstanceOf(LockoutUnavailableError);
    await expect(engine.sweeper.sweep()).rejects.toBeInstanceOf(LockoutUnavailableError);
    await expect(engine.policies.list()).rejects.toBeInstanceOf(LockoutUnavailableError);
    stores.unreliable.fault = () => null;
    expect((await engine.begin(alice)).allowed).toBe(true);
  });

  it('R32 an attempt is settled though the policies cannot be asked for', async () => {
    const engine = processOf();
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    stores.unreliable.fault = ({ method }) => (method === 'policyCount' ? 'before' : null);
    pass(minutes(1));
    await begun.attempt.fail();
    stores.unreliable.fault = () => null;
    expect(await failuresOf(engine)).toBe(1);
  });

  it('attempts in flight settle under what governs by then, wherever it was saved', async () => {
    const [here, there] = [processOf(), processOf()];
    await failTimes(here, 1);
    const begun = await here.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    await save(there, { threshold: 2 });
    pass(1_001);
    expect((await begun.attempt.fail()).locked).toMatchObject([{ policy: 'account' }]);
    expect(await isLocked(there)).toBe(true);
  });

  it('an account past a lowered threshold is not locked by the save, but by its very next failure', async () => {
    const engine = processOf();
    await failTimes(engine, 4);
    await save(engine, { threshold: 2 });
    expect(await isLocked(engine)).toBe(false);
    const both = await Promise.all([engine.begin(alice), engine.begin(alice)]);
    expect(both.filter(({ allowed }) => allowed)).toHaveLength(1);
    for (const begun of both) if (begun.allowed) await begun.attempt.fail();
    expect(await isLocked(engine)).toBe(true);
  });

  it('a charge that a save overtakes is made anew, under every policy that governs by then', async () => {
    const policies = [
      policy(),
      policy({ name: 'pair', scope: ['account', 'address'], enabled: false, threshold: 1 }),
    ];
    const there = processOf({ policies });
    let overtake: (() => Promise<unknown>) | null = null;
    const store = intercepted({
      load: async (answer) => {
        const meanwhile = overtake;
        overtake = null;
        await meanwhile?.();
        return answer();
      },
    });
    const here = processOf({ policies, store });
    await here.judge({ ...alice, account: 'bob' });
    overtake = async () => {
      await save(there, { enabled: true }, 0, { policy: 'pair', brand: null });
      await here.policies.list();
    };
    const begun = await here.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    // Charged at the new one too: its only attempt is taken.
    expect((await there.begin({ ...alice, account: 'alice' })).allowed).toBe(false);
    await begun.attempt.fail();
    expect(
      (await there.status({ account: 'alice' })).counters.map((one) => [
        one.policy,
        one.failures,
        one.inFlight,
      ]),
    ).toEqual([
      ['account', 1, 0],
      ['pair', 1, 0],
    ]);
  });

  it('a charge that the store takes long about is not decided by what was known when it was asked', async () => {
    const there = processOf();
    let isSlow = true;
    const here = processOf({
      store: intercepted({
        load: async (answer) => {
          if (isSlow) {
            isSlow = false;
            await save(there, { threshold: 1 });
            pass(1_001);
          }
          return answer();
        },
      }),
    });
    const begun = await here.begin(alice);
    expect(here.policies.forBrand()[0]).toMatchObject({ threshold: 1 });
    if (!begun.allowed) throw new Error('refused');
    // The only one there is by now.
    expect(begun.attempt.remaining).toBe(0);
  });

  it('P9 a store that is always too slow to decide by is one that does not answer', async () => {
    const here = processOf({
      store: intercepted({
        load: async (answer) => {
          pass(1_001);
          return answer();
        },
      }),
    });
    await expect(here.begin(alice)).rejects.toBeInstanceOf(LockoutUnavailableError);
    expect(
      (await stores.memory.find({ of: 'account', state: 'any', sort: 'since', now: time.now, limit: 9 }))
        .items,
    ).toEqual([]);
  });

  it('attempts that wait for their turn are decided by what governs when it comes', async () => {
    const engine = processOf({ policies: [policy({ threshold: 1 })], waitMs: 60_000 });
    const first = await engine.begin(alice);
    const second = engine.begin(alice);
    await save(engine, { threshold: 3 });
    if (!first.allowed) throw new Error('refused');
    expect((await second).allowed).toBe(true);
  });

  it('exempt addresses follow a save', async () => {
    const engine = processOf();
    await failTimes(engine, 5);
    expect(await isLocked(engine)).toBe(true);
    await save(engine, { exempt: { accounts: [], addresses: ['192.0.2.0/24'] } });
    expect(await isLocked(engine)).toBe(false);
    await save(engine, { exempt: { accounts: [], addresses: ['198.51.100.0/24'] } }, 1);
    expect(await isLocked(engine)).toBe(true);
  });

  it('P2 R25 a record is kept as long as any brand remembers it, also one that was saved a moment ago', async () => {
    const short = policy({ window: { kind: 'idle', durationMs: minutes(1) } });
    const sweeper = processOf({ policies: [short] });
    await sweeper.sweeper.sweep();
    const engine = processOf({ policies: [short], brands: {} });
    const gold = { ...alice, brand: 'gold' };
    const longer = { window: { kind: 'idle', durationMs: hours(24) } };
    await failTimes(engine, 4, gold);
    await save(engine, longer, 0, { policy: 'account', brand: 'gold' });
    for (let n = 0; n < 5; n += 1) {
      pass(minutes(30));
      await sweeper.sweeper.sweep();
    }
    await failTimes(engine, 1, gold);
    expect(await isLocked(engine, gold)).toBe(true);
    // Forgotten by all of them, it goes.
    pass(hours(25));
    await sweeper.sweeper.sweep();
    pass(minutes(20));
    await sweeper.sweeper.sweep();
    const [hash] = engine.accounts.accountHashes({ account: 'alice' });
    expect(await stores.memory.ofAccount(hash as NonNullable<typeof hash>)).toEqual([]);
  });

  it('R25 brands that code overrides are remembered too', async () => {
    const short = policy({ window: { kind: 'idle', durationMs: minutes(1) } });
    const long = policy({ window: { kind: 'idle', durationMs: hours(24) } });
    const engine = processOf({ policies: [short], brands: { gold: [long] } });
    const gold = { ...alice, brand: 'gold' };
    await failTimes(engine, 3, gold);
    // The last one comes through a brand that forgets within a minute.
    await failTimes(engine, 1);
    pass(hours(2));
    await engine.sweeper.sweep();
    await failTimes(engine, 1, gold);
    expect(await isLocked(engine, gold)).toBe(true);
  });

  it('R3 an attempt of a dead process counts as the strictest brand would count it', async () => {
    const lax = policy({ threshold: 5 });
    const strict = policy({ threshold: 1 });
    const engine = processOf({ policies: [lax], brands: { strict: [strict] } });
    await engine.begin({ ...alice, brand: 'strict' });
    pass(minutes(20));
    await engine.sweeper.sweep();
    const { items } = await stores.memory.list({ type: 'locked', limit: 10 });
    expect(items).toHaveLength(1);
  });
});

describe('saving policies', () => {
  it('merges over what code says, checks, keeps who, when and why, and changes nothing if anything is wrong', async () => {
    const engine = processOf();
    const entry = await save(engine, { threshold: 3 });
    expect(entry).toMatchObject({
      version: 1,
      source: 'saved',
      savedAt: time.now,
      savedBy: 'admin',
      reason: BY_ADMIN.reason,
      policy: { threshold: 3, schedule: { kind: 'fixed' } },
      configured: { threshold: 5 },
    });
    const wrong = await save(engine, { threshold: 0, counter: 'x', nonsense: 1 }, 1).catch(
      (error: unknown) => error,
    );
    expect(wrong).toBeInstanceOf(PolicyError);
    expect((wrong as PolicyError).problems.map(({ path }) => path).sort()).toEqual([
      'counter',
      'nonsense',
      'threshold',
    ]);
    expect(await engine.policies.get(GLOBAL)).toEqual(entry);
    for (const settings of [null, [], 'x', 1])
      await expect(save(engine, settings, 1)).rejects.toThrow(PolicyError);
    await expect(
      save(engine, { exempt: { accounts: Array(400).fill('x'.repeat(200)), addresses: [] } }, 1),
    ).rejects.toThrow('bytes of JSON');
  });

  it('of two processes that saw the same version one wins, and the other hears what governs now', async () => {
    const [here, there] = [processOf(), processOf()];
    const done = await Promise.allSettled([save(here, { threshold: 2 }), save(there, { threshold: 3 })]);
    const [won, lost] = done[0].status === 'fulfilled' ? done : [done[1], done[0]];
    if (won?.status !== 'fulfilled' || lost?.status !== 'rejected') throw new Error('not one of each');
    expect(lost.reason).toBeInstanceOf(PolicyConflictError);
    expect((lost.reason as PolicyConflictError).current).toEqual(won.value);
    expect(await there.policies.get(GLOBAL)).toEqual(await here.policies.get(GLOBAL));
  });

  it('an own save is not undone by what the store told before it, and comes late', async () => {
    const there = processOf();
    let looking: Promise<unknown> = Promise.resolve();
    const here = processOf({
      store: intercepted({
        savedPolicies: async (answer) => {
          const saved = await answer();
          await new Promise((resolve) => setTimeout(resolve, 20));
          return saved;
        },
        savePolicy: async (answer) => {
          await save(there, { threshold: 9 }, 0, { policy: 'account', brand: 'acme' });
          looking = here.policies.list();
          // It has read the list by then, and is on its way.
          await new Promise((resolve) => setTimeout(resolve, 10));
          return answer();
        },
      }),
    });
    await save(here, { threshold: 2 });
    await looking;
    expect(here.policies.forBrand()[0]).toMatchObject({ threshold: 2 });
    expect(here.policies.forBrand('acme')[0]).toMatchObject({ threshold: 9 });
  });

  it('unknown names and versions are not found', async () => {
    const engine = processOf();
    await expect(engine.policies.get({ policy: 'nobody', brand: null })).rejects.toThrow(PolicyNotFoundError);
    await expect(save(engine, {}, 0, { policy: 'nobody', brand: 'acme' })).rejects.toThrow(
      PolicyNotFoundError,
    );
    const change = { expected: 0, actor: BY_ADMIN };
    await expect(engine.policies.revert(GLOBAL, 3, change)).rejects.toThrow('has no version 3');
  });

  it('a revert is checked anew: what code no longer allows does not come back', async () => {
    const change = (expected: number) => ({ expected, actor: BY_ADMIN });
    await save(processOf(), { threshold: 9 });
    const narrower = processOf({ policies: [policy({ limits: { threshold: { min: 1, max: 5 } } })] });
    await narrower.policies.remove(GLOBAL, change(1));
    await expect(narrower.policies.revert(GLOBAL, 1, change(2))).rejects.toThrow(PolicyError);
    expect((await processOf().policies.revert(GLOBAL, 1, change(2))).policy).toMatchObject({ threshold: 9 });
  });

  it('LCK017 a save that no longer fits the code is ignored: code governs, and both are told', async () => {
    await save(processOf({ policies: [policy(), policy({ name: 'otp' })] }), { threshold: 9 });
    await save(processOf({ policies: [policy({ name: 'otp' })] }), { threshold: 2 }, 0, {
      policy: 'otp',
      brand: 'acme',
    });
    const engine = processOf({ policies: [policy({ limits: { threshold: { min: 1, max: 5 } } })] });
    const entry = await engine.policies.get(GLOBAL);
    expect(entry).toMatchObject({ version: 1, source: 'configured', policy: { threshold: 5 } });
    expect(entry.warnings).toContainEqual(expect.objectContaining({ id: 'LCK017', path: 'threshold' }));
    expect(engine.policies.ignored).toMatchObject([
      { policy: 'account', brand: null, version: 1, problems: [{ path: 'threshold' }] },
      { policy: 'otp', brand: 'acme', version: 1, problems: [{ path: 'name' }] },
    ]);
    // The ignored version is the one to save over.
    await save(engine, { threshold: 2 }, 1);
    expect(engine.policies.ignored).toMatchObject([{ policy: 'otp' }]);
  });

  it('a store that keeps no policies leaves them to code', async () => {
    const { memory } = stores;
    const plain = new Proxy(memory, {
      get: (target, name) =>
        /polic/i.test(String(name)) && name !== 'policies'
          ? undefined
          : (Reflect.get(target, name, target) as unknown),
    });
    const engine = engineOf({ store: plain });
    expect(engine.policies.canSave).toBe(false);
    expect(await engine.policies.list()).toMatchObject([
      { name: 'account', version: 0, source: 'configured' },
    ]);
    await expect(save(engine, { threshold: 2 })).rejects.toThrow(PolicyStoreMissingError);
    expect(await engine.policies.history(GLOBAL, { limit: 5 })).toEqual({ items: [], nextCursor: null });
    await failTimes(engine, 5);
    expect(await isLocked(engine)).toBe(true);
  });
});
