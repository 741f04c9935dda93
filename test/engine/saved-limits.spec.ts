import { describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import {
  days,
  minutes,
  oneWelcome,
  PolicyError,
  type PolicyInput,
  pciDss,
  seconds,
} from 'nestjs-lockout/policy';
import { alice, BY_ADMIN, engineOf, policy } from './bench.js';

const ACCOUNT = { policy: 'account', brand: null };

/** The paths of what is wrong with a save; none: it was saved. */
async function problemsOf(
  engine: LockoutEngine,
  settings: unknown,
  target: { readonly policy: string; readonly brand: string | null } = ACCOUNT,
): Promise<readonly string[]> {
  try {
    await engine.policies.save(target, settings, { expected: 0, actor: BY_ADMIN });
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ path }) => path);
  }
}

const saved = async (engine: LockoutEngine) => (await engine.policies.get(ACCOUNT)).version > 0;

describe('OW-14 limits hold for every save', () => {
  const ONE_WELCOME = { policy: 'onewelcome', brand: null };
  const [TEN_YEARS, ONE_HOUR] = [days(3650), minutes(60)];

  it.each([
    ['a fixed lock', { kind: 'fixed', durationMs: TEN_YEARS }],
    ['a lock until unlocked', { kind: 'indefinite' }],
    ['multiples', { kind: 'multiples', stepMs: TEN_YEARS, by: 'lockouts' }],
    ['a linear one', { kind: 'linear', initialMs: minutes(5), stepMs: TEN_YEARS, by: 'lockouts' }],
  ])('also where a schedule of another kind has none of the limited numbers: %s', async (_, schedule) => {
    for (const brand of [null, 'blue']) {
      const engine = engineOf({ policies: oneWelcome({ maximumLockoutActive: true }) });
      const target = { ...ONE_WELCOME, brand };
      expect(await problemsOf(engine, { schedule }, target)).toContain('schedule.factor');
      expect((await engine.policies.get(target)).version).toBe(0);
    }
  });

  it('also where the limited number is optional', async () => {
    const schedule = {
      kind: 'exponential',
      initialMs: minutes(1),
      factor: 2,
      by: 'lockouts',
      maximumMs: ONE_HOUR,
    };
    const limits = { 'schedule.maximumMs': { min: 1, max: ONE_HOUR } };
    const engine = engineOf({ policies: [policy({ schedule, limits } as Partial<PolicyInput>)] });
    const { maximumMs: _, ...open } = schedule;
    expect(await problemsOf(engine, { schedule: open })).toEqual(['schedule.maximumMs']);
    expect(await problemsOf(engine, { schedule: { ...schedule, initialMs: minutes(2) } })).toEqual([]);
  });

  it('and let a save choose among the kinds that code limits', async () => {
    const target = { policy: 'pci-dss', brand: null };
    const engine = () => engineOf({ policies: pciDss() });
    const schedule = { kind: 'exponential', initialMs: minutes(30), factor: 2, by: 'lockouts' };
    expect(await problemsOf(engine(), { schedule }, target)).toEqual([]);
  });

  it.each([
    { required: false, problems: [] },
    { required: true, problems: ['quickFailure.lockMs'] },
  ])('what is switched off as a whole may be, unless required: $required', async ({ required, problems }) => {
    const quick = policy({
      quickFailure: { withinMs: seconds(1), lockMs: minutes(1) },
      limits: { 'quickFailure.lockMs': { min: minutes(1), max: minutes(5), required } },
    });
    expect(await problemsOf(engineOf({ policies: [quick] }), { quickFailure: null })).toEqual(problems);
  });
});

describe('exempt addresses that are none', () => {
  it('are a problem of the save, instead of an exception at every attempt', async () => {
    const engine = engineOf();
    const exempt = { accounts: [], addresses: ['10.0.0.0/8', 'office', '10.0.0.1/8'] };
    expect(await problemsOf(engine, { exempt })).toEqual(['exempt.addresses[1]', 'exempt.addresses[2]']);
    expect(await saved(engine)).toBe(false);
    expect((await engine.begin(alice)).allowed).toBe(true);
  });

  it('keep an engine from starting, in a brand too', () => {
    const wrong = policy({ exempt: { accounts: [], addresses: ['office'] } });
    for (const options of [{ policies: [wrong] }, { brands: { blue: [wrong] } }]) {
      expect(() => engineOf(options)).toThrow(/"account": exempt\.addresses\[0\] is no address/);
    }
  });
});
