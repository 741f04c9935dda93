import { describe, expect, it } from '@jest/globals';
import type { AttemptRequest } from 'nestjs-lockout';
import { hours } from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, failTimes, guesser, isLocked, SECRET, stores, time } from './bench.js';

describe('R20 bad input', () => {
  it.each([[''], ['   '], ['a\u0000b'], [42], [null], [{}], [{ unknown: 'a\u200bb' }]])(
    'counts nothing for account %j',
    async (account) => {
      const engine = engineOf();
      await expect(engine.begin({ ...alice, account: account as string })).rejects.toMatchObject({
        code: 'LOCKOUT_BAD_INPUT',
      });
      expect(stores.unreliable.calls).toHaveLength(0);
    },
  );
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
    time.now += hours(1);
    expect(await guesser().guess(engine, unknown(200))).toBe('failure');
  });
});
