import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LockoutChecks, LockoutEngine, LockoutModule, type LockoutModuleOptions } from 'nestjs-lockout';
import { definePolicy, type LockoutPolicy, minutes } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';

const SECRET = 'mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs';
const INTERVAL_MS = 1_000;
const BY = { by: 'admin', reason: 'called' };

const login = (threshold: number, more: Partial<LockoutPolicy> = {}): LockoutPolicy =>
  definePolicy({
    name: 'login',
    threshold,
    window: { kind: 'idle', durationMs: minutes(15) },
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    ...more,
  } as LockoutPolicy);

let clock: FakeClock;
let store: UnreliableStore;
let apps: INestApplication[] = [];
let logged: string[] = [];
const note = (line: unknown): void => void logged.push(String(line));
const LOGGER: LoggerService = { log: note, warn: note, error: note };

beforeEach(() => {
  clock = new FakeClock();
  store = new UnreliableStore(new MemoryLockoutStore(clock.now));
  logged = [];
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  apps = [];
});

/** One process: an application of its own on the shared store. */
async function start(options: Partial<LockoutModuleOptions> = {}): Promise<INestApplication> {
  const testing = await Test.createTestingModule({
    imports: [
      LockoutModule.forRoot({
        store,
        clock,
        secrets: [SECRET],
        policies: [login(5)],
        sweepIntervalMs: INTERVAL_MS,
        ...options,
      }),
    ],
  })
    .setLogger(LOGGER)
    .compile();
  const app = testing.createNestApplication();
  apps.push(app);
  return app.init();
}

async function stop(app: INestApplication): Promise<void> {
  apps = apps.filter((other) => other !== app);
  await app.close();
}

const TURNS_OF_A_ROUND = 30;

/** Lets time pass, and whatever it wakes come to its end: the store answers only after some turns. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= INTERVAL_MS / 4) {
    await clock.advance(INTERVAL_MS / 4);
    for (let n = 0; n < TURNS_OF_A_ROUND; n += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Every process has had a round since. */
const rounds = (count = 1): Promise<void> => pass(count * 2 * INTERVAL_MS);
const found = (app: INestApplication, id: string) =>
  app.get(LockoutChecks).results.filter((one) => one.id === id);
const lines = (id: string): readonly string[] => logged.filter((line) => line.startsWith(id));

describe('OS-26 LCK016 processes that share a store are configured alike', () => {
  test('one that differs is named with its policies to all, once, and until it is gone', async () => {
    const first = await start();
    const second = await start({ policies: [login(6), login(3, { name: 'otp', counter: 'otp' })] });
    // The second sees it at its start, the first with its next round.
    expect(found(second, 'LCK016')).toMatchObject([
      { level: 'warning', subject: 'login', message: expect.stringContaining(`:${process.pid}`) },
      { level: 'warning', subject: 'otp' },
    ]);
    expect(found(first, 'LCK016')).toEqual([]);
    await rounds();
    expect(found(first, 'LCK016').map(({ subject }) => subject)).toEqual(['login', 'otp']);
    await rounds(5);
    expect(lines('LCK016 (login): Processes')).toHaveLength(2);

    await stop(second);
    await pass(minutes(2));
    expect(found(first, 'LCK016')).toEqual([]);
    expect(lines('LCK016 (login) is over.')).toHaveLength(1);
  });

  test('alike ones say nothing, in whatever order their policies and fields are', async () => {
    const otp = login(3, { name: 'otp', counter: 'otp' });
    const turned = Object.fromEntries(Object.entries(login(5)).reverse()) as unknown as LockoutPolicy;
    const processes = [await start({ policies: [login(5), otp] }), await start({ policies: [otp, turned] })];
    await rounds();
    for (const app of processes) expect(found(app, 'LCK016')).toEqual([]);
  });

  test('overrides of brands are compared too', async () => {
    await start({ brands: { gold: [login(8)] } });
    const second = await start({ brands: { gold: [login(9)] } });
    expect(found(second, 'LCK016').map(({ subject }) => subject)).toEqual(['login@gold']);
  });

  test('what is saved governs everywhere and is no difference', async () => {
    const first = await start();
    const second = await start();
    const change = { expected: 0, actor: BY };
    await first.get(LockoutEngine).policies.save({ policy: 'login', brand: null }, { threshold: 2 }, change);
    await rounds();
    for (const app of [first, second]) expect(found(app, 'LCK016')).toEqual([]);
    expect(second.get(LockoutEngine).policies.forBrand()[0]).toMatchObject({ threshold: 2 });
  });

  test('silenced, it is still among the results and not in the log', async () => {
    await start();
    const second = await start({ policies: [login(6)], silencedChecks: ['LCK016:login'] });
    expect(found(second, 'LCK016')).toHaveLength(1);
    expect(lines('LCK016')).toEqual([]);
  });

  test('a registry that fails keeps nobody from starting, is told once, and is asked again', async () => {
    store.fault = ({ method }) => (method === 'announce' ? 'before' : null);
    const first = await start();
    const second = await start({ policies: [login(6)] });
    await rounds(4);
    expect(logged.filter((line) => line.includes('could not be looked at'))).toHaveLength(2);
    store.fault = () => null;
    await rounds(2);
    for (const app of [first, second]) expect(found(app, 'LCK016')).toHaveLength(1);
  });

  test('a store that keeps no list of processes is not asked', async () => {
    const bare = new Proxy(store, {
      get: (target, name) =>
        name === 'announce' ? undefined : (Reflect.get(target, name, target) as unknown),
    });
    const app = await start({ store: bare });
    await rounds();
    expect(app.get(LockoutChecks).results).toEqual([]);
    expect(store.calls.some(({ method }) => method === 'announce')).toBe(false);
  });
});

describe('R48 what a process refused travels with its announcements', () => {
  const GUESS = { account: 'alice', method: 'password', address: '192.0.2.1' };
  /** Fails until the account is locked, then is refused so many times. */
  async function refusals(app: INestApplication, count: number): Promise<void> {
    const engine = app.get(LockoutEngine);
    for (let n = 0; n < 5; n += 1) {
      const begun = await engine.begin(GUESS);
      if (begun.allowed) await begun.attempt.fail();
    }
    for (let n = 0; n < count; n += 1) expect((await engine.begin(GUESS)).allowed).toBe(false);
  }
  const told = async (): Promise<readonly number[]> =>
    (await store.nodes(minutes(60))).map(({ refusals: counts }) => {
      return Object.values(counts?.realms ?? {})
        .flat()
        .reduce((sum, count) => sum + count, 0);
    });
  const announcements = (): number => store.calls.filter(({ method }) => method === 'announce').length;

  test('with each round, and with nothing before it', async () => {
    const app = await start();
    expect(await told()).toEqual([0]);
    await refusals(app, 7);
    expect(await told()).toEqual([0]);
    await rounds();
    expect(await told()).toEqual([7]);
  });

  test('once more when the application ends, and only if there is more to tell', async () => {
    const [first, second] = [await start(), await start()];
    await refusals(first, 3);
    await rounds();
    const before = announcements();
    await stop(second);
    expect(announcements()).toBe(before);
    for (let n = 0; n < 2; n += 1) await first.get(LockoutEngine).begin(GUESS);
    await stop(first);
    expect(announcements()).toBe(before + 1);
    expect(new Set(await told())).toEqual(new Set([0, 5]));
  });

  test('an application ends although its last announcement fails', async () => {
    const app = await start();
    await refusals(app, 1);
    store.fault = ({ method }) => (method === 'announce' ? 'before' : null);
    await stop(app);
    expect(await told()).toEqual([0]);
    expect(logged.filter((line) => line.includes('could not be looked at'))).toEqual([]);
  });
});

describe('LCK017 what was saved fits the code', () => {
  test('a save that does not is told at start, once, and until it is saved anew', async () => {
    const earlier = await start();
    const target = { policy: 'login', brand: null };
    await earlier.get(LockoutEngine).policies.save(target, { threshold: 9 }, { expected: 0, actor: BY });
    await stop(earlier);
    const limits = { threshold: { min: 1, max: 5 } };
    const app = await start({ policies: [login(5, { limits })] });
    expect(found(app, 'LCK017')).toMatchObject([{ level: 'warning', subject: 'login' }]);
    await rounds(3);
    expect(lines('LCK017 (login): Version 1')).toHaveLength(1);
    const { policies } = app.get(LockoutEngine);
    expect(policies.forBrand()[0]).toMatchObject({ threshold: 5 });
    await policies.save(target, { threshold: 4 }, { expected: 1, actor: BY });
    expect(found(app, 'LCK017')).toEqual([]);
    await rounds();
    expect(lines('LCK017 (login) is over.')).toHaveLength(1);
  });
});
