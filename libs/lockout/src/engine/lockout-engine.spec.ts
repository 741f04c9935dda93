import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  definePolicy,
  hours,
  type LockoutPolicy,
  minutes,
  type PolicyInput,
  seconds,
} from '../policy/index.js';
import type { SwapOptions } from '../store/lockout-store.js';
import { MemoryLockoutStore } from '../store/memory-store.js';
import type { Swap } from '../store/record.js';
import { StoreError } from '../store/store-error.js';
import { UnreliableStore } from '../testing/unreliable-store.js';
import type { AttemptRequest } from './attempt-request.js';
import type { EngineOptions } from './engine-options.js';
import { LockoutEngine } from './lockout-engine.js';
import { LockoutUnavailableError } from './lockout-error.js';

const SECRET = 'a secret of the test suite, long enough';
const START = Date.UTC(2026, 0, 1);
const BY_ADMIN = { by: 'admin', reason: 'called the help desk' };

let now = START;
let memory: MemoryLockoutStore;
let store: UnreliableStore;

beforeEach(() => {
  now = START;
  memory = new MemoryLockoutStore(() => now);
  store = new UnreliableStore(memory);
});

const policy = (input: Partial<PolicyInput> & { name?: string } = {}): LockoutPolicy =>
  definePolicy({
    name: 'account',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    ...input,
  } as PolicyInput);

const engineOf = (options: Partial<EngineOptions> = {}): LockoutEngine =>
  new LockoutEngine({ store, secrets: [SECRET], policies: [policy()], waitMs: 0, ...options });

const alice: AttemptRequest = { account: 'alice', method: 'password', address: '192.0.2.1' };

/** One guess through `protect`; counts how often the verifier ran. */
function guesser(correct = false) {
  const verified = { count: 0 };
  const guess = async (engine: LockoutEngine, request: AttemptRequest = alice) => {
    const done = await engine.protect(request, async () => {
      verified.count += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return correct;
    });
    return done.outcome;
  };
  return { verified, guess };
}

async function failTimes(
  engine: LockoutEngine,
  times: number,
  request: AttemptRequest = alice,
): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const begun = await engine.begin(request);
    if (!begun.allowed) throw new Error(`refused at failure ${n + 1}`);
    await begun.attempt.fail();
  }
}

const isLocked = async (engine: LockoutEngine, request: AttemptRequest = alice) =>
  (await engine.judge(request))?.reason === 'locked';

const failuresOf = async (engine: LockoutEngine, account = 'alice') =>
  (await engine.status({ account })).counters
    .filter((counter) => counter.policy === 'account')
    .map((counter) => counter.failures)[0] ?? 0;

const THREE = [
  policy({ name: 'account' }),
  policy({ name: 'address', scope: ['address'], threshold: 50 }),
  policy({ name: 'pair', scope: ['account', 'address'] }),
];

describe('P1 the bound under parallel guessing (pitfall 1: Wazuh CVE-2026-93346, Zitadel GHSA-7h8m-vrxx-vr4m)', () => {
  const crowd = (engines: LockoutEngine[], requestOf: (n: number) => AttemptRequest, count = 200) => {
    const { verified, guess } = guesser();
    const all = Array.from({ length: count }, (_, n) =>
      guess(engines[n % engines.length] as LockoutEngine, requestOf(n)),
    );
    return Promise.all(all).then((outcomes) => ({ verified: verified.count, outcomes }));
  };

  it('verifies exactly 5 of 200 guesses at one account in one process', async () => {
    const { verified, outcomes } = await crowd([engineOf()], () => alice);
    expect(verified).toBe(5);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(195);
  });

  it('verifies exactly 5 with three policies at once', async () => {
    expect((await crowd([engineOf({ policies: THREE })], () => alice)).verified).toBe(5);
  });

  it('verifies exactly 5 at one account from 200 addresses', async () => {
    const { verified } = await crowd([engineOf({ policies: THREE })], (n) => ({
      ...alice,
      address: `198.51.100.${n}`,
    }));
    expect(verified).toBe(5);
  });

  it('verifies exactly the address budget at 200 accounts from one address', async () => {
    const { verified } = await crowd([engineOf({ policies: THREE })], (n) => ({
      ...alice,
      account: `user-${n}`,
    }));
    expect(verified).toBe(50);
  });

  it('verifies exactly 6 where the N+1-th failure locks', async () => {
    const exceeding = policy({ locksOn: 'exceeding' });
    expect((await crowd([engineOf({ policies: [exceeding] })], () => alice)).verified).toBe(6);
  });

  it('holds over four engines on one store, which lose races to each other and retry', async () => {
    const engines = Array.from({ length: 4 }, () => engineOf({ policies: THREE, waitMs: 0 }));
    const { verified } = await crowd(engines, () => alice);
    const lost = engines.reduce((sum, engine) => sum + engine.totals.lostRaces, 0);
    expect(lost).toBeGreaterThan(0);
    expect(verified).toBe(5);
  });

  it('is broken by a store that reads and then writes: this suite would notice', async () => {
    const careless = new Proxy(store, {
      get(target, name) {
        if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
        // Overwrites whatever is there, as a save() without a version does.
        return async (swaps: readonly Swap[], options: SwapOptions) => {
          await target.load([]);
          for (const swap of swaps) {
            let lost: ReadonlySet<string>;
            do {
              const { records } = await memory.load([swap.key]);
              lost = await memory.compareAndSwap(
                [{ ...swap, expected: records.get(swap.key)?.version ?? null }],
                options,
              );
            } while (lost.size > 0);
          }
          return new Set();
        };
      },
    });
    const engines = Array.from({ length: 4 }, () => engineOf({ store: careless }));
    expect((await crowd(engines, () => alice)).verified).toBeGreaterThan(5);
  });
});

describe('P2 P3 refusals', () => {
  it('refuses the right credential while locked, and is free at exactly the end', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    now += minutes(5) - 1;
    expect(await guesser(true).guess(engine)).toBe('refused');
    now += 1;
    expect(await guesser(true).guess(engine)).toBe('success');
  });

  it('writes nothing and extends nothing while locked (pitfall 9)', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await failTimes(engine, 5);
    const before = await memory.load([...(await allKeys(engine))]);
    for (let n = 0; n < 50; n += 1) await guesser().guess(engine);
    const after = await memory.load([...(await allKeys(engine))]);
    expect(after.records).toEqual(before.records);
  });

  it('answers a flood at a locked account without a query (R27), for at most the cache time', async () => {
    let monotonic = 0;
    const clock = { monotonic: () => monotonic, sleep: () => Promise.resolve() };
    const engine = engineOf({ clock });
    await failTimes(engine, 5);
    await guesser().guess(engine);
    const calls = store.calls.length;
    for (let n = 0; n < 100; n += 1) expect(await guesser().guess(engine)).toBe('refused');
    expect(store.calls).toHaveLength(calls);
    monotonic += 1_000;
    await guesser().guess(engine);
    expect(store.calls.length).toBeGreaterThan(calls);
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
    expect(await engine.judge(alice)).toMatchObject({ policy: 'pair', retryAt: now + minutes(9) });
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    expect(await engine.judge(alice)).toMatchObject({ policy: 'manual', retryAt: null });
  });
});

async function allKeys(engine: LockoutEngine, account = 'alice') {
  const [hash] = engine.accounts.accountHashes({ account });
  return hash ? (await memory.ofAccount(hash)).map((record) => record.key) : [];
}

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

describe('settling', () => {
  it('R3 counts an attempt that nobody settled once, after the timeout', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await engine.begin(alice);
    now += minutes(2) - 1;
    await engine.judge(alice);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({
      inFlight: 1,
      failures: 0,
    });
    now += 1;
    await failTimes(engine, 1);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({
      inFlight: 0,
      failures: 2,
    });
  });

  it('R4 settles once: the first outcome stands', async () => {
    const engine = engineOf();
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    await begun.attempt.fail();
    await begun.attempt.succeed();
    expect(await failuresOf(engine)).toBe(1);
  });

  it('R6 refuses a success under a lock that was set meanwhile, and lifts nothing (pitfall 3)', async () => {
    const engine = engineOf({
      policies: [policy(), policy({ name: 'pair', scope: ['account', 'address'], threshold: 9 })],
    });
    await failTimes(engine, 2, { ...alice, address: '203.0.113.9' });
    const slow = await engine.begin({ ...alice, address: '203.0.113.9' });
    await failTimes(engine, 2);
    // Another node's stricter policy locks while the credential is verified.
    await memoryLock(engine);
    if (!slow.allowed) throw new Error('refused');
    const { refusal } = await slow.attempt.succeed();
    expect(refusal).toMatchObject({ reason: 'locked' });
    expect(await isLocked(engine)).toBe(true);
    const pair = (await engine.status({ account: 'alice' })).counters.find(
      (counter) => counter.address === null && counter.policy === 'pair' && counter.failures === 2,
    );
    expect(pair).toBeDefined();
  });

  it.each(['password', 'passkey'])(
    'R6 refuses a %s success under a lock that an administrator set meanwhile',
    async (method) => {
      const engine = engineOf({ policies: [policy({ counts: ['password'] })] });
      const begun = await engine.begin({ ...alice, method });
      if (!begun.allowed) throw new Error('refused');
      await engine.lock({ account: 'alice' }, null, BY_ADMIN);
      expect((await begun.attempt.succeed()).refusal).toMatchObject({ policy: 'manual', retryAt: null });
    },
  );

  it('R8 refunds faults of ours within the allowance, then counts them', async () => {
    const engine = engineOf({ policies: [policy({ abandonAllowance: 3 })] });
    const provoke = () => engine.protect(alice, () => Promise.reject(new Error('500'))).catch(() => 'threw');
    for (let n = 0; n < 3; n += 1) await provoke();
    expect(await failuresOf(engine)).toBe(0);
    for (let n = 0; n < 5; n += 1) await provoke();
    expect(await isLocked(engine)).toBe(true);
  });

  it('R11 a first factor only refunds; the completed sign-in clears', async () => {
    const engine = engineOf();
    await failTimes(engine, 3);
    const first = await engine.begin(alice);
    if (first.allowed) await first.attempt.succeed({ final: false });
    expect(await failuresOf(engine)).toBe(3);
    await engine.completed({ account: 'alice' }, ['password']);
    expect(await failuresOf(engine)).toBe(0);
  });

  it('P4 success never clears an address (pitfall 35)', async () => {
    const engine = engineOf({
      policies: [policy(), policy({ name: 'address', scope: ['address'], threshold: 3 })],
    });
    for (const account of ['x', 'y']) await failTimes(engine, 1, { ...alice, account });
    expect(await guesser(true).guess(engine)).toBe('success');
    await failTimes(engine, 1, { ...alice, account: 'z' });
    expect(await isLocked(engine)).toBe(true);
  });
});

/** Locks the account's own counter behind the engine's back, as another node's policy would. */
async function memoryLock(engine: LockoutEngine): Promise<void> {
  const keys = await allKeys(engine);
  const { records } = await memory.load(keys);
  for (const record of records.values()) {
    if (record.facts.scope !== 'account') continue;
    const lock = { since: now, until: now + minutes(5), cause: 'failures' as const, step: 0 };
    const state = { ...record.state, lock };
    await memory.compareAndSwap(
      [
        {
          key: record.key,
          expected: record.version,
          version: 'f'.repeat(16),
          state,
          facts: record.facts,
          keepUntil: null,
          events: [],
        },
      ],
      { now },
    );
  }
}

describe('administration', () => {
  it('P6 R7 unlocks lock, count and escalation in one swap, at once in this process (pitfall 16)', async () => {
    const engine = engineOf({ policies: THREE });
    await failTimes(engine, 5);
    expect(await engine.unlock({ account: 'alice' }, BY_ADMIN)).toMatchObject({ changed: true });
    await failTimes(engine, 4);
    expect(await isLocked(engine)).toBe(false);
    const [hash] = engine.accounts.accountHashes({ account: 'alice' });
    const { items } = await memory.list({
      account: hash as NonNullable<typeof hash>,
      type: 'unlocked',
      limit: 10,
    });
    expect(items[0]?.event).toMatchObject({
      ...BY_ADMIN,
      via: 'admin',
      before: { failures: 5, escalation: 1 },
    });
  });

  it('says so when nothing is locked, and changes nothing', async () => {
    const engine = engineOf();
    await failTimes(engine, 3);
    expect(await engine.unlock({ account: 'alice' }, BY_ADMIN)).toMatchObject({ changed: false });
    expect(await failuresOf(engine)).toBe(3);
  });

  it('unlocks at one address only', async () => {
    const engine = engineOf({ policies: [policy({ name: 'pair', scope: ['account', 'address'] })] });
    const there = { ...alice, address: '203.0.113.5' };
    await failTimes(engine, 5);
    await failTimes(engine, 5, there);
    await engine.unlock({ account: 'alice' }, BY_ADMIN, { address: '192.0.2.1' });
    expect(await isLocked(engine)).toBe(false);
    expect(await isLocked(engine, there)).toBe(true);
  });

  it('R33 unlocks many or none', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    await failTimes(engine, 4, { ...alice, account: 'bob' });
    const names = [{ account: 'alice' }, { account: 'bob' }];
    expect(await engine.accounts.unlockMany(names, BY_ADMIN)).toEqual({ changed: false, notLocked: [1] });
    expect(await isLocked(engine)).toBe(true);
  });

  it('R15 a manual lock refuses every method; only an administrator lifts it', async () => {
    const engine = engineOf();
    await engine.lock({ account: 'alice' }, null, BY_ADMIN);
    expect(await isLocked(engine, { ...alice, method: 'passkey' })).toBe(true);
    await engine.passwordReset({ account: 'alice' });
    expect(await isLocked(engine)).toBe(true);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    expect(await isLocked(engine)).toBe(false);
  });

  it('R14 a password reset lifts timed locks, and nothing while a manual lock stands', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    await engine.passwordReset({ account: 'alice' });
    expect(await isLocked(engine)).toBe(false);
    await failTimes(engine, 5);
    await engine.lock({ account: 'alice' }, now + hours(1), BY_ADMIN);
    await engine.passwordReset({ account: 'alice' });
    now += hours(1);
    expect(await failuresOf(engine)).toBe(5);
  });

  it('keeps realms apart (pitfall 29)', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    const elsewhere = { ...alice, realm: 'staff' };
    expect(await guesser(true).guess(engine, elsewhere)).toBe('success');
    expect(await isLocked(engine)).toBe(true);
  });

  it('R12 the sweeper records an ended lock once, and prunes what says nothing any more (R25)', async () => {
    const engine = engineOf({ policies: [policy({ window: { kind: 'idle', durationMs: minutes(30) } })] });
    await failTimes(engine, 5);
    now += minutes(5);
    await Promise.all([
      engine.sweeper.sweep(),
      engineOf({ policies: engine.options.policies }).sweeper.sweep(),
    ]);
    await engine.sweeper.sweep();
    const { items } = await memory.list({ type: 'expired', limit: 10 });
    expect(items.map(({ event }) => event.at)).toEqual([now]);
    expect(await failuresOf(engine)).toBe(5);
    now += hours(1);
    expect((await engine.sweeper.sweep()).pruned).toBeGreaterThan(0);
    expect((await engine.status({ account: 'alice' })).counters).toEqual([]);
  });

  it('R5-13 tells when the last lock ends or ended', async () => {
    const engine = engineOf();
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe('never');
    await failTimes(engine, 5);
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe(now + minutes(5));
    now += seconds(10);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe(now);
  });
});

describe('R21 rotating secrets', () => {
  const NEXT = 'the next secret of the test suite, long enough';

  it('finds locks made under the previous secret and keeps one budget', async () => {
    await failTimes(engineOf(), 3);
    const rotated = engineOf({ secrets: [NEXT, SECRET] });
    const { verified, guess } = guesser();
    await Promise.all(Array.from({ length: 20 }, () => guess(rotated)));
    expect(verified.count).toBe(2);
    expect(await isLocked(rotated)).toBe(true);
    await rotated.unlock({ account: 'alice' }, BY_ADMIN);
    expect(await isLocked(rotated)).toBe(false);
  });
});

describe('R22 unknown accounts', () => {
  const unknown = (n: number): AttemptRequest => ({ ...alice, account: { unknown: `nobody-${n}` } });

  it('lock like any other (P7)', async () => {
    const engine = engineOf();
    await failTimes(engine, 5, unknown(1));
    expect(await isLocked(engine, unknown(1))).toBe(true);
  });

  it('share one counter once an address brought in too many', async () => {
    const engine = engineOf({ newcomersPerAddress: 10 });
    for (let n = 0; n < 10; n += 1) await failTimes(engine, 1, unknown(n));
    const { verified, guess } = guesser();
    for (let n = 100; n < 150; n += 1) await guess(engine, unknown(n));
    expect(verified.count).toBe(5);
    // Known accounts and names that are already counted are not affected.
    expect(await guesser(true).guess(engine)).toBe('success');
    expect(await guesser().guess(engine, unknown(3))).toBe('failure');
    now += hours(1);
    expect(await guesser().guess(engine, unknown(200))).toBe('failure');
  });
});

describe('P9 the store fails', () => {
  it('does not verify, and says that it is unavailable', async () => {
    const engine = engineOf();
    store.fault = () => 'before';
    const { verified, guess } = guesser(true);
    await expect(guess(engine)).rejects.toBeInstanceOf(LockoutUnavailableError);
    expect(verified.count).toBe(0);
  });

  it('P5 a store that fails after it wrote, and returns within the timeout, never counts against the person', async () => {
    const engine = engineOf();
    store.fault = (call) =>
      call.method === 'compareAndSwap'
        ? 'after'
        : call.method === 'load' && store.calls.length > 1
          ? 'before'
          : null;
    await expect(guesser().guess(engine)).rejects.toBeInstanceOf(LockoutUnavailableError);
    store.fault = () => null;
    await drained(engine);
    now += minutes(3);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({
      inFlight: 0,
      failures: 0,
    });
    await failTimes(engine, 4);
    expect(await isLocked(engine)).toBe(false);
  });

  it('R4 looks for its own version when the answer of a swap was lost', async () => {
    const engine = engineOf();
    let lostAnswers = 0;
    store.fault = (call) => {
      if (call.method !== 'compareAndSwap' || lostAnswers > 0) return null;
      lostAnswers += 1;
      return 'after';
    };
    await failTimes(engine, 1);
    expect(await failuresOf(engine)).toBe(1);
    expect((await engine.status({ account: 'alice' })).counters[0]?.inFlight).toBe(0);
  });

  it('R32 a settle that cannot be written does not change the answer, and is written later', async () => {
    const engine = engineOf();
    await failTimes(engine, 3);
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    store.fault = () => 'before';
    expect(await begun.attempt.succeed()).toMatchObject({ refusal: null });
    expect(engine.totals.unwrittenSettles).toBe(1);
    store.fault = () => null;
    await drained(engine);
    expect(await failuresOf(engine)).toBe(0);
  });

  it('R31 one stuck row refuses only its own attempts', async () => {
    const engine = engineOf();
    await failTimes(engine, 1, { ...alice, account: 'stuck' });
    const [stuck] = await allKeys(engine, 'stuck');
    store.error = () => new StoreError('timeout', 'The statement took longer than 1 s.');
    store.fault = (call) =>
      call.method === 'compareAndSwap' && stuck && call.keys.includes(stuck) ? 'before' : null;
    const requests = ['stuck', ...Array.from({ length: 20 }, (_, n) => `user-${n}`)].map((account) => ({
      ...alice,
      account,
    }));
    const begun = await Promise.allSettled(requests.map((request) => engine.begin(request)));
    expect(begun.map(({ status }) => status)).toEqual(['rejected', ...Array<string>(20).fill('fulfilled')]);
  });

  it('R30 a row that keeps changing is decided while it is held', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await failTimes(engine, 1);
    store.fault = () => null;
    const contended = new Proxy(store, {
      get(target, name) {
        if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
        return (swaps: readonly Swap[]) => Promise.resolve(new Set(swaps.map((swap) => swap.key)));
      },
    });
    const losing = engineOf({ store: contended });
    await failTimes(losing, 1);
    expect(losing.totals.held).toBeGreaterThan(0);
    expect(await failuresOf(engine)).toBe(2);
  });

  it('refuses more work than may wait', async () => {
    const engine = engineOf({ maxQueue: 10 });
    const begun = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => engine.begin({ ...alice, account: `user-${n}` })),
    );
    expect(begun.filter(({ status }) => status === 'rejected')).toHaveLength(40);
  });
});

/** Waits for the settle queue, whose pauses are short. */
async function drained(engine: LockoutEngine): Promise<void> {
  while (engine.totals.unwrittenSettles > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('R20 bad input', () => {
  it.each([[''], ['   '], ['a\u0000b'], [42], [null], [{}], [{ unknown: 'a\u200bb' }]])(
    'counts nothing for account %j',
    async (account) => {
      const engine = engineOf();
      await expect(engine.begin({ ...alice, account: account as string })).rejects.toMatchObject({
        code: 'LOCKOUT_BAD_INPUT',
      });
      expect(store.calls).toHaveLength(0);
    },
  );
});
