import { describe, expect, it } from '@jest/globals';
import { LockoutConfigError, type LockoutEngine } from 'nestjs-lockout';
import { days, hours, minutes } from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, failTimes, policy, stores, time } from './bench.js';

const ALICE = { account: 'alice' };
const recorded = async () =>
  (await stores.memory.list({ limit: 1_000 })).items.map(({ event }) => event.type).reverse();
const drops = (): number => stores.unreliable.calls.filter(({ method }) => method === 'dropEvents').length;

const pass = async (engine: LockoutEngine, ms: number): Promise<void> => {
  time.now += ms;
  await engine.sweeper.catchUp({ monotonic: () => 0, sleep: async () => {} });
};

describe('how long events are kept', () => {
  it('is for ever, unless a time is given', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    await pass(engine, days(10_000));
    expect(await recorded()).toEqual(['locked', 'expired']);
    expect(drops()).toBe(0);
  });

  it('is the time that was given, to the millisecond that is looked at it', async () => {
    const engine = engineOf({ auditRetentionMs: days(30) });
    await failTimes(engine, 5);
    await pass(engine, minutes(5));
    await pass(engine, days(30) - minutes(5));
    expect(await recorded()).toEqual(['locked', 'expired']);
    // A millisecond later its time is over; who has just looked does not look again for ten minutes.
    await pass(engine, 1);
    expect(await recorded()).toEqual(['locked', 'expired']);
    await pass(engineOf({ auditRetentionMs: days(30) }), 0);
    expect(await recorded()).toEqual(['expired']);
    await pass(engine, minutes(10) - 1);
    expect(await recorded()).toEqual([]);
  });

  it('costs a question each ten minutes', async () => {
    const engine = engineOf({ auditRetentionMs: days(1) });
    for (let n = 0; n < 60; n += 1) await pass(engine, minutes(1));
    expect(drops()).toBe(6);
  });

  it('goes on in bounded rounds until all that is too old is gone', async () => {
    const engine = engineOf({
      auditRetentionMs: days(1),
      policies: [policy({ threshold: 1_000, notify: { from: 1 } })],
    });
    await failTimes(engine, 600);
    time.now += days(1) + 1;
    await failTimes(engine, 3);
    const swept = await engine.sweeper.catchUp({ monotonic: () => 0, sleep: async () => {} });
    expect(swept).toMatchObject({ dropped: 600, more: false });
    expect(drops()).toBe(3);
    expect(await recorded()).toEqual(['failed', 'failed', 'failed']);
  });

  it('that fails fails one sweep in ten minutes, so that others end locks by the round', async () => {
    const engine = engineOf({ auditRetentionMs: days(1) });
    stores.unreliable.fault = ({ method }) => (method === 'dropEvents' ? 'before' : null);
    await expect(pass(engine, minutes(1))).rejects.toThrow('Connection lost');
    for (let n = 0; n < 9; n += 1) await pass(engine, minutes(1));
    expect(drops()).toBe(1);
    await expect(pass(engine, minutes(1))).rejects.toThrow('Connection lost');
  });

  it.each([0, 1, days(1) - 1, 1.5 * days(1) + 0.5, Number.NaN, '30d'])('is not %p', (auditRetentionMs) => {
    expect(() => engineOf({ auditRetentionMs: auditRetentionMs as number })).toThrow(LockoutConfigError);
  });
});

describe('the end of the last lock (R5-13)', () => {
  it('is known for as long as events are kept after it, however long the lock was', async () => {
    const engine = engineOf({ auditRetentionMs: days(1) });
    await engine.lock(ALICE, time.now + days(40), BY_ADMIN);
    const end = time.now + days(40);
    // The event that it was locked is long gone.
    await pass(engine, days(39));
    expect(await recorded()).toEqual([]);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
    await pass(engine, days(1) + hours(12));
    expect(await recorded()).toEqual(['expired']);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
    await pass(engine, days(1));
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe('never');
  });

  it('is that of the lock which ended last, whichever began last', async () => {
    const long = policy({ schedule: { kind: 'fixed', durationMs: hours(2) } });
    const short = policy({ name: 'pair', scope: ['account', 'address'], threshold: 6 });
    const engine = engineOf({ policies: [long, short] });
    await failTimes(engine, 5);
    const end = time.now + hours(2);
    await engine.accounts.lock(ALICE, time.now + hours(1), BY_ADMIN);
    await pass(engine, hours(3));
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
  });

  it('is that of the lock which the failure of the very moment set in which another ended, or was lifted', async () => {
    const engine = engineOf({ policies: [policy({ threshold: 1 })] });
    await failTimes(engine, 1);
    time.now += minutes(5);
    await failTimes(engine, 1);
    expect(await recorded()).toEqual(['locked', 'expired', 'locked']);
    const end = time.now + minutes(5);
    time.now += minutes(20);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
    await failTimes(engine, 1);
    await engine.unlock(ALICE, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(time.now);
    time.now += minutes(1);
    await failTimes(engine, 1);
    time.now += minutes(1);
    await engine.unlock(ALICE, BY_ADMIN);
    await failTimes(engine, 1);
    const last = time.now + minutes(5);
    time.now += minutes(20);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(last);
  });

  it('is none of a lock that only watches: nobody was refused', async () => {
    const trial = policy({ name: 'trial', enforce: false, threshold: 2 });
    const engine = engineOf({ policies: [trial, policy({ threshold: 4, afterLock: 'fresh-budget' })] });
    await failTimes(engine, 2);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe('never');
    await pass(engine, minutes(6));
    expect(await recorded()).toEqual(['locked', 'expired']);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe('never');
    await failTimes(engine, 2);
    const end = time.now + minutes(5);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
    await pass(engine, minutes(10));
    await failTimes(engine, 2);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
    await engine.unlock(ALICE, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(end);
  });

  it('is when a password reset or an administrator lifted it, and nothing that clears a count alone changes it', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    time.now += minutes(1);
    await engine.passwordReset(ALICE);
    const lifted = time.now;
    time.now += minutes(1);
    await failTimes(engine, 2, alice);
    await engine.passwordReset(ALICE);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(lifted);
    await failTimes(engine, 5);
    await engine.unlock(ALICE, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe(time.now);
  });

  it('of an erased account is not known any more', async () => {
    const engine = engineOf();
    await failTimes(engine, 5);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe('never');
    await pass(engine, hours(1));
    expect(await engine.accounts.lockoutEnd(ALICE)).toBe('never');
  });
});
