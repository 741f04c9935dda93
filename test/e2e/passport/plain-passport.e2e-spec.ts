import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { LockoutConfigError, LockoutEngine } from 'nestjs-lockout';
import { type WithLockoutOptions, withLockout } from 'nestjs-lockout/passport';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Gate, until } from '../../support/gate.js';
import { findAccount, PEOPLE, policy, SECRET } from '../../support/login-app.js';

type Done = (error: unknown, user?: Express.User | false, info?: { message: string }) => void;

const { Strategy } = passport;

/** Ends as each test says, in `authenticate`, around the verify callback. */
class ScriptedStrategy extends Strategy {
  override readonly name = 'scripted';

  constructor(
    private readonly script: (strategy: ScriptedStrategy) => void,
    private readonly _verify: (name: string, password: string, done: Done) => unknown,
  ) {
    super();
  }

  verify(done: Done, name = 'alice', password = 'wrong'): void {
    this._verify(name, password, done);
  }

  override authenticate(): void {
    this.script(this);
  }
}

describe('withLockout, with plain Passport on Express', () => {
  let server: Server | null = null;
  let clock: FakeClock;
  let engine: LockoutEngine;
  let verified: string[];
  let warnings: string[];
  let gate: Gate | null;

  beforeEach(() => {
    clock = new FakeClock();
    engine = new LockoutEngine({
      store: new MemoryLockoutStore(clock.now),
      secrets: [SECRET],
      policies: [policy()],
      waitMs: 0,
    });
    verified = [];
    warnings = [];
    gate = null;
  });
  afterEach(async () => {
    gate?.open();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    server = null;
  });

  const options: WithLockoutOptions = {
    method: 'password',
    findAccount,
    warn: (message) => warnings.push(message),
  };

  const check = (name: string, password: string, done: Done): void => {
    verified.push(name);
    void answer(name, password, done);
  };
  const answer = async (name: string, password: string, done: Done): Promise<void> => {
    await gate?.pass();
    const person = PEOPLE[name];
    if (password === 'crash') done(new Error('the disk is full'));
    else done(null, person?.password === password ? { id: person.id } : false, { message: 'Wrong.' });
  };

  /** `how`: the strategy by name, or as an object, which Passport does not clone. */
  const listen = async (strategy: passport.Strategy, how: 'name' | 'object' = 'name') => {
    const authenticator = new passport.Passport();
    if (how === 'name') authenticator.use('login', strategy);
    const app = express();
    app.use(express.json());
    app.post(
      '/login',
      authenticator.authenticate(how === 'name' ? 'login' : strategy, { session: false }),
      (request, response) => {
        response.json(request.user ?? 'nobody');
      },
    );
    const listening = app.listen(0, '127.0.0.1');
    server = listening;
    await new Promise((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as AddressInfo;
    return async (body: unknown, query = '') => {
      const response = await fetch(`http://127.0.0.1:${port}/login${query}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
  };
  const local = () => withLockout(new LocalStrategy(check), engine, options);
  const scripted = (script: (strategy: ScriptedStrategy) => void) =>
    withLockout(new ScriptedStrategy(script, check), engine, options);
  const counter = async () => (await engine.status({ account: '1' })).counters[0];
  const alice = (password: string) => ({ username: 'alice', password });

  test.each(['name', 'object'] as const)(
    'by %s: locks, refuses with 429 and Retry-After, and frees on time',
    async (how) => {
      const post = await listen(local(), how);
      for (let n = 1; n <= 3; n += 1) expect((await post(alice('wrong'))).status).toBe(401);
      const refused = await post(alice('right'));
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('300');
      expect(verified).toHaveLength(3);
      await clock.advance(300_000);
      expect((await post(alice('right'))).text).toBe('{"id":"1"}');
    },
  );

  test('the empty body of ?username=alice counts against alice (R38)', async () => {
    const post = await listen(local());
    for (let n = 1; n <= 3; n += 1) await post({}, '?username=alice&password=wrong');
    expect((await post({}, '?username=alice&password=right')).status).toBe(429);
    expect(verified).toHaveLength(3);
  });

  test('requests that share a strategy object get each their own answer (R39)', async () => {
    const post = await listen(local(), 'object');
    gate = new Gate();
    const signingIn = post(alice('right'));
    await gate.reached(1);
    const guessing = post({ username: 'bob', password: 'wrong' });
    await gate.reached(2);
    gate.open();
    expect((await signingIn).text).toBe('{"id":"1"}');
    expect((await guessing).status).toBe(401);
    expect((await engine.status({ account: '2' })).counters[0]).toMatchObject({ failures: 1 });
  });

  test('bad names and passwords are 400 before any charge (R20)', async () => {
    const post = await listen(local());
    for (const body of [
      { username: 'a\u0000', password: 'x' },
      { username: 'alice', password: { a: 1 } },
      {},
    ]) {
      expect((await post(body)).status).toBe(400);
    }
    expect(verified).toEqual([]);
  });

  test('done(error) is a fault of ours: passed on, and nothing counts', async () => {
    const post = await listen(local());
    expect((await post(alice('crash'))).status).toBe(500);
    expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
  });

  test('a success without asking the verify callback signs nobody in (R38)', async () => {
    const post = await listen(scripted((strategy) => strategy.success({ id: '1' })));
    const answer = await post(alice('right'));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('"id"');
  });

  test('pass() lets nobody through, before or after the verification (R39)', async () => {
    const post = await listen(scripted((strategy) => strategy.pass()));
    expect((await post(alice('right'))).status).toBe(500);
    await new Promise((resolve) => server?.close(resolve));
    const after = await listen(scripted((strategy) => strategy.verify(() => strategy.pass())));
    expect((await after(alice('right'))).status).toBe(500);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  test('the first action decides; a second is ignored and logged (R39)', async () => {
    const post = await listen(
      scripted((strategy) =>
        strategy.verify(() => {
          strategy.fail('no', 401);
          strategy.success({ id: '1' });
        }),
      ),
    );
    expect((await post(alice('wrong'))).status).toBe(401);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
    expect(warnings).toEqual([expect.stringMatching(/success\(\) after fail\(\)/)]);
  });

  test('a strategy that ends while it is charged has verified nothing', async () => {
    const post = await listen(
      scripted((strategy) => {
        strategy.verify(() => strategy.success({ id: '1' }));
        strategy.fail('no', 401);
      }),
    );
    expect((await post(alice('right'))).status).toBe(401);
    await until(async () => (await counter())?.inFlight === 0);
    expect(verified).toEqual([]);
    expect(await counter()).toMatchObject({ failures: 0 });
  });

  test('a second verification in one run is refused: one charge covers one (pitfall 30)', async () => {
    const post = await listen(
      scripted((strategy) => {
        strategy.verify(() => strategy.verify(() => strategy.success({ id: '2' }), 'bob', 'right'));
      }),
    );
    expect((await post(alice('wrong'))).status).toBe(500);
    expect(verified).toEqual(['alice']);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  test('a redirect after the verification is a failure (R36, R8)', async () => {
    const post = await listen(scripted((strategy) => strategy.verify(() => strategy.redirect('/wrong'))));
    const answer = await post(alice('wrong'));
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/wrong');
    expect(await counter()).toMatchObject({ failures: 1 });
  });

  test('a redirect before it (to an identity provider) is none of our business', async () => {
    const post = await listen(scripted((strategy) => strategy.redirect('/provider')));
    expect((await post({})).status).toBe(302);
    expect(await counter()).toBeUndefined();
  });

  test('an exception of authenticate itself is a fault', async () => {
    const post = await listen(
      scripted(() => {
        throw new Error('broken');
      }),
    );
    expect((await post(alice('right'))).status).toBe(500);
  });

  test('the application may answer a refusal as a wrong credential (R43)', async () => {
    const silent = withLockout(new LocalStrategy(check), engine, {
      ...options,
      refusal: () => ({ challenge: { message: 'Wrong.' } }),
    });
    const post = await listen(silent);
    const wrong = await post(alice('wrong'));
    for (let n = 2; n <= 3; n += 1) await post(alice('wrong'));
    const refused = await post(alice('right'));
    expect(verified).toHaveLength(3);
    expect([refused.status, refused.text]).toEqual([wrong.status, wrong.text]);
  });

  test('a set-up that cannot work is refused at once, with everything that is wrong', () => {
    const nameless = Object.assign(new LocalStrategy(check), { _verify: undefined });
    const set = () => withLockout(nameless, engine, { method: '' });
    expect(set).toThrow(LockoutConfigError);
    expect(set).toThrow(/verifyProperty[\s\S]*needs a method[\s\S]*findAccount or account/);
  });

  test('the given strategy stays as it was', async () => {
    const strategy = new LocalStrategy(check);
    const own = Object.keys(strategy);
    withLockout(strategy, engine, options);
    expect(Object.keys(strategy)).toEqual(own);
    expect(Object.hasOwn(strategy, 'authenticate')).toBe(false);
  });
});
