import { describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import {
  alice,
  allKeys,
  BY_ADMIN,
  engineOf,
  failTimes,
  failuresOf,
  guesser,
  isLocked,
  policy,
  stores,
  time,
} from './bench.js';

describe('settling', () => {
  it('R3 counts an attempt that nobody settled once, after the timeout', async () => {
    const engine = engineOf({ cacheMs: 0 });
    await engine.begin(alice);
    time.now += minutes(2) - 1;
    await engine.judge(alice);
    expect((await engine.status({ account: 'alice' })).counters[0]).toMatchObject({
      inFlight: 1,
      failures: 0,
    });
    time.now += 1;
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
      // The lock is there when the store is asked; a swap that loses to it has let go of the other keys before.
      cacheMs: 0,
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
    // Nor is anything cleared where there is no lock: at the pair that the success came by, and at the other.
    const pairs = (await engine.status({ account: 'alice' })).counters.filter(
      (counter) => counter.address === null && counter.policy === 'pair',
    );
    expect(pairs.map(({ failures }) => failures)).toEqual([2, 2]);
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

  it('P4 a completed sign-in clears no count that another address made', async () => {
    const engine = engineOf({ policies: [policy({ name: 'pair', scope: ['account', 'address'] })] });
    const { verified, guess } = guesser();
    for (let day = 0; day < 5; day += 1) {
      for (let n = 0; n < 4; n += 1) await guess(engine, { ...alice, address: '203.0.113.66' });
      const first = await engine.begin(alice);
      if (first.allowed) await first.attempt.succeed({ final: false });
      await engine.completed({ account: 'alice' }, ['password'], { address: '192.0.2.1' });
    }
    expect(verified.count).toBe(5);
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
  const { records } = await stores.memory.load(keys);
  for (const record of records.values()) {
    if (record.facts.scope !== 'account') continue;
    const lock = { since: time.now, until: time.now + minutes(5), cause: 'failures' as const, step: 0 };
    const state = { ...record.state, lock };
    await stores.memory.compareAndSwap(
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
      { now: time.now },
    );
  }
}
