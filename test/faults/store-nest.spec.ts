// What an application says and logs while its store is gone.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, type LoggerService, Post, UnauthorizedException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Lockout,
  LockoutChecks,
  LockoutConfigError,
  LockoutEngine,
  LockoutModule,
  type LockoutModuleOptions,
  StoreError,
  type StoreStateEvent,
} from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import request from 'supertest';
import { turns } from '../support/gate.js';
import { policy, SECRET } from '../support/login-app.js';

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({
    method: 'password',
    identifier: (input: { body: { username?: string } }) => input.body?.username,
  })
  login(@Body() body: { password: string }) {
    if (body.password !== 'right') throw new UnauthorizedException();
    return { ok: true };
  }
}

const lines: string[] = [];
const note = (message: unknown) => void lines.push(String(message));
const LOGGER: LoggerService = { log: note, warn: note, error: note };
/** Those of the library, not Nest's own about routes and modules. */
const said = () => lines.filter((line) => /store|LCK|swe/i.test(line));

let clock: FakeClock;
let store: UnreliableStore;
let lookups: number;
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  clock = new FakeClock();
  store = new UnreliableStore(new MemoryLockoutStore(clock.now));
  store.fault = ANSWERS;
  lookups = 0;
  lines.length = 0;
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(lockout: Partial<LockoutModuleOptions> = {}) {
  const testing = await Test.createTestingModule({
    imports: [
      LockoutModule.forRoot({
        store,
        secrets: [SECRET],
        policies: [policy()],
        clock,
        waitMs: 0,
        findAccount: (name) => {
          lookups += 1;
          return name;
        },
        ...lockout,
      }),
    ],
    controllers: [LoginController],
  })
    .setLogger(LOGGER)
    .compile();
  const app = testing.createNestApplication();
  closing.push(() => app.close());
  await app.init();
  lines.length = 0;
  const login = (password: string, username = 'alice') =>
    request(app.getHttpServer()).post('/login').send({ username, password });
  return { app, engine: app.get(LockoutEngine), checks: app.get(LockoutChecks), login };
}

const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 50) {
    await clock.advance(50);
    await turns(8);
  }
};

const ANSWERS = () => null;

/** Moves the clock until it is answered. */
async function during<T>(answer: PromiseLike<T>): Promise<T> {
  let isOver = false;
  const answered = Promise.resolve(answer).finally(() => {
    isOver = true;
  });
  answered.catch(() => {});
  for (let n = 0; n < 400 && !isOver; n += 1) {
    await pass(50);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return answered;
}

/** The store goes, and somebody notices. */
async function gone(engine: LockoutEngine): Promise<void> {
  store.fault = () => 'before';
  await engine.status({ account: 'anybody' }).catch(() => {});
  await pass(1_000);
  expect(engine.storeState).toBe('gone');
}

describe('P9 an application whose store is gone', () => {
  it('logs one line when it goes and one when it comes back, also while it sweeps and is asked all the time', async () => {
    const told: StoreStateEvent[] = [];
    const { engine, login } = await start({
      sweepIntervalMs: 1_000,
      onStoreState: (event) => told.push(event),
    });
    await gone(engine);
    for (let n = 0; n < 20; n += 1) await login('right').expect(503);
    await pass(120_000);
    store.fault = () => null;
    await pass(3_000);
    await login('right').expect(200);
    expect(said()).toEqual([
      expect.stringMatching(
        /^The store does not answer \(.*Connection lost.*\): nobody can sign in until it does\.$/,
      ),
      expect.stringMatching(/^The store answers again, after 1\d\d\.\d s\.$/),
    ]);
    expect(told.map(({ type }) => type)).toEqual(['gone', 'returned']);
  });

  it('tells when to come back: whole seconds until the next probe, at least one', async () => {
    const { engine, login } = await start();
    await gone(engine);
    await pass(20_000);
    const seen = new Set<string>();
    for (let n = 0; n < 45; n += 1) {
      const { headers } = await login('right').expect(503);
      seen.add(String(headers['retry-after']));
      await pass(50);
    }
    expect([...seen].sort()).toEqual(['1', '2']);
  });

  it('deny looks nobody up, for the people may be in the very database that does not answer', async () => {
    const { engine, login } = await start();
    await login('right').expect(200);
    await gone(engine);
    const before = lookups;
    await login('right').expect(503);
    expect(lookups).toBe(before);
    // What cannot be a name is still nobody's (R20).
    await login('right', ' ').expect(400);
  });

  it.each(['deny', 'allow', 'memory'] as const)(
    '%s: a lookup at the very database that does not answer is told as that, at the first attempt already',
    async (onStoreError) => {
      const findAccount = (name: string) => {
        if (store.fault !== ANSWERS) throw new Error('Connection lost.');
        return name;
      };
      const { engine, login } = await start({ onStoreError, findAccount, sweepIntervalMs: 0 });
      await login('right').expect(200);
      store.fault = () => 'before';
      const first = during(login('right'));
      expect((await first).status).toBe(503);
      expect(engine.storeState).toBe('gone');
      const { headers } = await during(login('right').expect(503));
      expect(headers['retry-after']).toMatch(/^[12]$/);
      store.fault = ANSWERS;
      await pass(3_000);
      await login('right').expect(200);
      expect(said()).toHaveLength(2);
    },
  );

  it('a lookup that throws by itself is a fault of the application, and no sign of an outage', async () => {
    const { engine, login } = await start({ findAccount: () => Promise.reject(new Error('a slip')) });
    await login('right').expect(500);
    expect(engine.storeState).toBe('answers');
    expect(said()).toEqual([]);
  });

  it('says once a minute why attempts get 503 although the store answers, and names nobody', async () => {
    const { login } = await start();
    await login('right').expect(200);
    await pass(2_000);
    const cause = Object.assign(new Error('no room for alice'), {
      name: 'QueryFailedError',
      code: 'ER_DISK_FULL',
    });
    store.error = () => new StoreError('data', 'The lockout store failed: no room for alice', { cause });
    store.fault = ({ keys }) => (keys.length > 0 ? 'before' : null);
    for (let n = 0; n < 4; n += 1) await login('right').expect(503);
    expect(said()).toEqual([
      expect.stringMatching(
        /^Attempts get 503 although the store answers \(data, QueryFailedError ER_DISK_FULL\)\. docs\//,
      ),
    ]);
    await pass(60_000);
    await login('right').expect(503);
    expect(said()).toHaveLength(2);
    expect(said()[1]).toContain('; 4 since the last line. ');
    expect(said().join()).not.toContain('alice');
  });

  it('a lookup that never ends is given up in time', async () => {
    const { login } = await start({ findAccount: () => new Promise(() => {}), decisionTimeoutMs: 1_000 });
    expect((await during(login('right'))).status).toBe(503);
  });

  it.each([
    ['allow', /ATTEMPTS ARE LET THROUGH UNCOUNTED/, /2 attempts were let through uncounted/],
    ['memory', /this process counts for itself/, /records counted in this process go back to it/],
  ] as const)('%s says so, loudly, and what came of it', async (onStoreError, whileGone, after) => {
    const { engine, login } = await start({ onStoreError, sweepIntervalMs: 0 });
    await login('right').expect(200);
    await gone(engine);
    for (let n = 0; n < 2; n += 1) await login('wrong').expect(401);
    store.fault = () => null;
    await pass(3_000);
    expect(said()[0]).toMatch(whileGone);
    expect(said()[1]).toMatch(after);
    expect(said()).toHaveLength(onStoreError === 'memory' ? 3 : 2);
  });
});

describe('R47 what is given up is said at start', () => {
  it.each([
    ['allow', 'LCK018'],
    ['memory', 'LCK019'],
  ] as const)('%s: %s', async (onStoreError, id) => {
    const { checks } = await start({ onStoreError });
    expect(checks.results.filter((found) => found.id === id)).toMatchObject([
      { level: 'warning', subject: 'onStoreError' },
    ]);
  });

  it('nothing for deny, chosen or by default', async () => {
    for (const options of [{}, { onStoreError: 'deny' as const }]) {
      const { checks } = await start(options);
      expect(checks.results.filter(({ id }) => id === 'LCK018' || id === 'LCK019')).toEqual([]);
    }
  });

  it('LCK001 options that are out of range come in one error, with all others', async () => {
    const options = {
      onStoreError: 'ignore',
      decisionTimeoutMs: 50,
      waitMs: -1,
    } as unknown as LockoutModuleOptions;
    const error: unknown = await start(options).catch((thrown: unknown) => thrown);
    if (!(error instanceof LockoutConfigError)) throw new Error('it started');
    const text = error.problems.join('\n');
    for (const part of [
      /LCK001: onStoreError must be one of deny, allow, memory; it is ignore/,
      /decisionTimeoutMs/,
      /waitMs/,
    ])
      expect(text).toMatch(part);
  });
});
