import { describe, expect, it } from '@jest/globals';
import { hours, minutes, seconds } from 'nestjs-lockout/policy';
import {
  alice,
  BY_ADMIN,
  beforeSwap,
  engineOf,
  failTimes,
  failuresOf,
  guesser,
  isLocked,
  policy,
  stores,
  THREE,
  time,
} from './bench.js';

describe('administration', () => {
  it('P6 R7 unlocks lock, count and escalation in one swap, at once in this process (pitfall 16)', async () => {
    const engine = engineOf({ policies: THREE });
    await failTimes(engine, 5);
    expect(await engine.unlock({ account: 'alice' }, BY_ADMIN)).toMatchObject({ changed: true });
    await failTimes(engine, 4);
    expect(await isLocked(engine)).toBe(false);
    const [hash] = engine.accounts.accountHashes({ account: 'alice' });
    const { items } = await stores.memory.list({
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
    await engine.lock({ account: 'alice' }, time.now + hours(1), BY_ADMIN);
    await engine.passwordReset({ account: 'alice' });
    time.now += hours(1);
    expect(await failuresOf(engine)).toBe(5);
  });

  it('R14 a password reset lifts a lock that another node set a moment ago (R27)', async () => {
    const [here, there] = [engineOf(), engineOf({ cacheMs: 0 })];
    await failTimes(there, 1);
    await guesser(true).guess(there);
    // Remembered here: a record that a reset has nothing to change at.
    await here.judge(alice);
    await failTimes(there, 5);
    expect(await here.passwordReset({ account: 'alice' })).toMatchObject({ locked: false });
  });

  it('R18 unlocks until none is locked, also where one locks at a new record meanwhile', async () => {
    const policies = [policy({ name: 'pair', scope: ['account', 'address'] })];
    const elsewhere = { ...alice, address: '203.0.113.5' };
    const attacked = engineOf({ policies });
    await failTimes(attacked, 5);
    const store = beforeSwap(() => failTimes(attacked, 5, elsewhere));
    const engine = engineOf({ policies, store });
    expect(await engine.unlock({ account: 'alice' }, BY_ADMIN)).toMatchObject({ changed: true });
    expect(await engine.status({ account: 'alice' })).toMatchObject({ locked: false });
    expect((await stores.memory.list({ type: 'unlocked', limit: 10 })).items).toHaveLength(2);
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
    time.now += minutes(5);
    await Promise.all([
      engine.sweeper.sweep(),
      engineOf({ policies: engine.options.policies }).sweeper.sweep(),
    ]);
    await engine.sweeper.sweep();
    const { items } = await stores.memory.list({ type: 'expired', limit: 10 });
    expect(items.map(({ event }) => event.at)).toEqual([time.now]);
    expect(await failuresOf(engine)).toBe(5);
    time.now += hours(1);
    expect((await engine.sweeper.sweep()).pruned).toBeGreaterThan(0);
    expect((await engine.status({ account: 'alice' })).counters).toEqual([]);
  });

  it('R5-13 tells when the last lock ends or ended', async () => {
    const engine = engineOf();
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe('never');
    await failTimes(engine, 5);
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe(time.now + minutes(5));
    time.now += seconds(10);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe(time.now);
  });

  it('R5-13 tells the end of a lock that still holds, whatever was unlocked since', async () => {
    const engine = engineOf({
      policies: [
        policy({ schedule: { kind: 'indefinite' } }),
        policy({ name: 'pair', threshold: 3, scope: ['account', 'address'] }),
      ],
    });
    await failTimes(engine, 3);
    await failTimes(engine, 2, { ...alice, address: '192.0.2.2' });
    time.now += seconds(1);
    await engine.unlock({ account: 'alice' }, BY_ADMIN, { address: '192.0.2.1' });
    expect(await isLocked(engine)).toBe(true);
    expect(await engine.accounts.lockoutEnd({ account: 'alice' })).toBe('indefinite');
  });
});
