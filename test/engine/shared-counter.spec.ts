import { describe, expect, it } from '@jest/globals';
import type { AttemptRequest, LockoutEngine } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { alice, engineOf, failTimes, policy, stores, time } from './bench.js';

const shared = { counter: 'one', threshold: 3, schedule: { kind: 'fixed', durationMs: minutes(5) } } as const;
const passwords = () => policy({ ...shared, name: 'passwords', counts: ['password'] });
const codes = () => policy({ ...shared, name: 'codes', counts: ['otp'], refuses: 'all' });
const by = (method: string): AttemptRequest => ({ ...alice, method });
const kinds = async (type: string) =>
  (await stores.memory.list({ limit: 100 })).items.filter(({ event }) => event.type === type).length;

const remaining = async (engine: LockoutEngine, request: AttemptRequest): Promise<number | null> => {
  const begun = await engine.begin(request);
  if (!begun.allowed) throw new Error('refused');
  await begun.attempt.abandon();
  return begun.attempt.remaining;
};

describe('policies that share a counter', () => {
  it.each([
    ['first', () => [passwords(), codes()]],
    ['last', () => [codes(), passwords()]],
  ])(
    'P1 an attempt that one of them counts is charged, also as a lock ends: counted %s',
    async (_, policies) => {
      const engine = engineOf({ policies: policies() });
      await failTimes(engine, 3, by('password'));
      time.now += minutes(5);
      // The lock's end is folded in by each of them; the charge must be what is written.
      const begun = await engine.begin(by('password'));
      const second = await engine.begin(by('password'));
      expect([begun.allowed, second.allowed]).toEqual([true, false]);
      if (begun.allowed) await begun.attempt.fail();
      expect((await engine.status({ account: alice.account })).locked).toBe(true);
    },
  );

  it('P8 the end of their lock is recorded once', async () => {
    const engine = engineOf({ policies: [codes(), passwords()] });
    await failTimes(engine, 3, by('password'));
    time.now += minutes(5);
    await failTimes(engine, 1, by('password'));
    expect(await kinds('expired')).toBe(1);
    expect(await kinds('locked')).toBe(2);
  });

  it('a success clears what one of them lets it clear, whichever comes first', async () => {
    const clearing = () => policy({ ...shared, name: 'clearing', counts: ['password', 'otp'] });
    const keeping = () => policy({ ...shared, name: 'keeping', counts: ['password'], onSuccess: 'refund' });
    for (const policies of [
      [clearing(), keeping()],
      [keeping(), clearing()],
    ]) {
      const engine = engineOf({ policies });
      await failTimes(engine, 2, by('password'));
      const begun = await engine.begin(by('password'));
      if (begun.allowed) await begun.attempt.succeed();
      expect(await remaining(engine, by('password'))).toBe(2);
      await engine.unlock({ account: alice.account }, { by: 'admin', reason: 'next' });
    }
  });
});
