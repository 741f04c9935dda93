import { beforeEach, describe, expect, it } from '@jest/globals';
import { type AttemptRequest, LockoutConfigError, type LockoutEngine } from 'nestjs-lockout';
import { hours, minutes, seconds } from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, failTimes, failuresOf, isLocked, policy, stores, time } from './bench.js';

const BY_OTP: AttemptRequest = { ...alice, method: 'otp' };

let monotonic = 0;
beforeEach(() => {
  monotonic = 0;
});
const pass = (ms: number): void => {
  monotonic += ms;
  time.now += ms;
};
const processOf = (options: Parameters<typeof engineOf>[0]): LockoutEngine =>
  engineOf({
    clock: { monotonic: () => monotonic, sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    ...options,
  });
const save = (engine: LockoutEngine, settings: unknown) =>
  engine.policies.save({ policy: 'account', brand: null }, settings, { expected: 0, actor: BY_ADMIN });

async function begun(engine: LockoutEngine, request: AttemptRequest) {
  const answer = await engine.begin(request);
  if (!answer.allowed) throw new Error(`refused: ${answer.refusal.reason}`);
  return answer.attempt;
}

describe('a policy that changes while an attempt is verified', () => {
  it('R6 only a lock refuses a success: not a budget that others have taken', async () => {
    const engine = engineOf({ policies: [policy({ threshold: 2, counts: ['otp'], refuses: 'all' })] });
    const owner = await begun(engine, alice);
    for (let n = 0; n < 2; n += 1) await begun(engine, BY_OTP);
    await save(engine, { counts: 'all' });
    expect((await owner.succeed()).refusal).toBeNull();
  });

  it('R6 nor a pause that another method made meanwhile', async () => {
    const rule = { counts: ['otp'], refuses: 'all', minIntervalMs: seconds(1) } as const;
    const engine = engineOf({ policies: [policy(rule)] });
    const owner = await begun(engine, alice);
    await (await begun(engine, BY_OTP)).fail();
    expect((await owner.succeed()).refusal).toBeNull();
  });

  it('R6 and a lock that another method set meanwhile still does', async () => {
    const engine = engineOf({ policies: [policy({ threshold: 1, counts: ['otp'], refuses: 'all' })] });
    const owner = await begun(engine, alice);
    await (await begun(engine, BY_OTP)).fail();
    expect((await owner.succeed()).refusal).toMatchObject({ reason: 'locked', policy: 'account' });
  });

  it.each(['fail', 'abandon'] as const)(
    'OW-9 a method that no longer counts does not count: %s only ends its charge',
    async (outcome) => {
      const engine = engineOf({ policies: [policy({ threshold: 1, abandonAllowance: 0 })] });
      const attempt = await begun(engine, alice);
      await save(engine, { counts: ['otp'] });
      expect((await attempt[outcome]()).locked).toEqual([]);
      expect(await failuresOf(engine)).toBe(0);
      expect(await isLocked(engine, BY_OTP)).toBe(false);
      const [hash] = engine.accounts.accountHashes({ account: 'alice' });
      const records = hash ? await stores.memory.ofAccount(hash) : [];
      expect(records.flatMap(({ state }) => state.pending)).toEqual([]);
    },
  );

  it('P1 a fixed window that replaces a sliding one begins with the first failure that stands', async () => {
    const window = { kind: 'sliding', durationMs: hours(1) } as const;
    const engine = processOf({ policies: [policy({ window })] });
    for (let n = 0; n < 9; n += 1) {
      pass(minutes(20));
      await failTimes(engine, 1);
    }
    expect(await failuresOf(engine)).toBe(3);
    await save(engine, { window: { kind: 'fixed', durationMs: hours(2) } });
    expect(await failuresOf(engine)).toBe(3);
    pass(hours(2) - minutes(40));
    expect(await failuresOf(engine)).toBe(0);
  });
});

describe('a count that is past a lower threshold locks at its very next failure', () => {
  const EACH = { afterLock: 'relock-at-each-multiple' } as const;
  const table = (...rows: number[]) => ({
    kind: 'table' as const,
    rows: rows.map((failures) => ({ failures, lockMs: minutes(5) })),
  });
  const NONE = { kind: 'none' } as const;
  const IDLE = { kind: 'idle', durationMs: hours(1) } as const;
  const rules = [
    { rule: 'each multiple', window: NONE, before: EACH, after: { ...EACH, threshold: 3 } },
    { rule: 'each multiple in a window', window: IDLE, before: EACH, after: { ...EACH, threshold: 3 } },
    { rule: 'a table', window: NONE, before: {}, after: { schedule: table(3, 10) } },
  ];

  it.each(rules)('P1 $rule: after a save', async ({ before, after, window }) => {
    const engine = engineOf({ policies: [policy({ ...before, window })] });
    await failTimes(engine, 4);
    await save(engine, { ...after, window });
    expect(await isLocked(engine)).toBe(false);
    await failTimes(engine, 1);
    expect(await isLocked(engine)).toBe(true);
  });

  it('OW-10 each multiple: through a stricter brand', async () => {
    const engine = engineOf({
      policies: [policy({ ...EACH, threshold: 5 })],
      brands: { strict: [policy({ ...EACH, threshold: 3 })] },
    });
    await failTimes(engine, 3);
    await failTimes(engine, 1, { ...alice, brand: 'strict' });
    expect(await isLocked(engine, { ...alice, brand: 'strict' })).toBe(true);
  });

  it('P1 and after the lock its multiples are those of the new threshold', async () => {
    const engine = processOf({ policies: [policy({ ...EACH, threshold: 5 })] });
    await failTimes(engine, 4);
    await save(engine, { ...EACH, threshold: 3 });
    for (const more of [1, 1, 3]) {
      await failTimes(engine, more);
      expect(await isLocked(engine)).toBe(true);
      pass(minutes(5) + 1_001);
    }
  });
});

describe('policies that share a counter, one for each method', () => {
  const one = (name: string, method: string, threshold = 5) =>
    policy({ name, counter: 'login', counts: [method], threshold });
  const policies = [one('by-password', 'password'), one('by-otp', 'otp')];
  const through = (brand: string, request: AttemptRequest): AttemptRequest => ({ ...request, brand });

  it('OW-10 a brand overrides each by its own', async () => {
    const brands = { blue: [one('by-password', 'password', 3), one('by-otp', 'otp', 2)] };
    const engine = engineOf({ policies, brands });
    await failTimes(engine, 2, through('blue', BY_OTP));
    expect(await isLocked(engine, through('blue', BY_OTP))).toBe(true);
  });

  it('OW-10 a brand that overrides one leaves the other as it is', async () => {
    const engine = engineOf({ policies, brands: { blue: [one('by-password', 'password', 2)] } });
    await failTimes(engine, 5, through('blue', BY_OTP));
    expect(await isLocked(engine, through('blue', BY_OTP))).toBe(true);
  });

  it('an override that takes no place, or a name given twice, keeps an engine from starting', () => {
    const attempts = [
      { policies, brands: { blue: [one('others', 'password'), one('codes', 'otp')] } },
      { policies, brands: { blue: [policy({ counter: 'elsewhere' })] } },
      { policies: [policy({ counter: 'a' }), policy({ counter: 'b', counts: ['otp'] })] },
    ];
    for (const options of attempts) expect(() => engineOf(options)).toThrow(LockoutConfigError);
  });
});

describe('a sign-in of several factors that is completed through a brand', () => {
  it('OW-17 R11 clears by the policies of the brand, also where the global one is off', async () => {
    const engine = engineOf({
      policies: [policy({ enabled: false })],
      brands: { blue: [policy({ counts: ['password', 'totp'] })] },
    });
    await failTimes(engine, 3, { ...alice, brand: 'blue' });
    await engine.completed({ account: 'alice' }, ['password', 'totp'], { brand: 'blue' });
    expect(await failuresOf(engine)).toBe(0);
  });
});
