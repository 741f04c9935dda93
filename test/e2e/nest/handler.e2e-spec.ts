import { afterEach, describe, expect, test } from '@jest/globals';
import {
  Body,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  HttpException,
  Injectable,
  type NestInterceptor,
  Post,
  RequestTimeoutException,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Lockout } from 'nestjs-lockout';
import { MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { merge, type Observable, Subject } from 'rxjs';
import { map, take } from 'rxjs/operators';
import { Gate, turns, until } from '../../support/gate.js';
import {
  findAccount,
  type LoginApp,
  type LoginAppOptions,
  PEOPLE,
  PLATFORMS,
  policy,
  startLoginApp,
} from '../../support/login-app.js';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

let verified: string[] = [];
let gate: Gate | null = null;
let giveUp = new Subject<void>();

/** Stands for an outer timeout(): fires when the test says so. */
@Injectable()
class TimeoutInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const late = giveUp.pipe(
      map(() => {
        throw new RequestTimeoutException();
      }),
    );
    return merge(next.handle(), late).pipe(take(1));
  }
}

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

const PASSWORD = {
  method: 'password',
  identifier: (request: { body: Readonly<Record<string, unknown>> }) => request.body['username'],
} as const;

/** Answers a password that is a status with that status. */
async function verify({ username, password }: Credentials): Promise<{ signedIn: string }> {
  verified.push(username);
  await gate?.pass();
  if (/^\d{3}$/.test(password)) throw new HttpException('as asked', Number(password));
  if (password === 'crash') throw new Error('the disk is full');
  const person = PEOPLE[username.toLowerCase()];
  if (person?.password !== password) throw new UnauthorizedException();
  return { signedIn: person.id };
}

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({ ...PASSWORD, credential: (request) => request.body['password'] })
  login(@Body() body: Credentials) {
    return verify(body);
  }

  @Post('timed')
  @HttpCode(200)
  @Lockout(PASSWORD)
  @UseInterceptors(TimeoutInterceptor)
  timed(@Body() body: Credentials) {
    return verify(body);
  }

  @Post('guarded')
  @UseGuards(RefusingGuard)
  @Lockout(PASSWORD)
  guarded(@Body() body: Credentials) {
    return verify(body);
  }
}

/** On the class and on the method: pitfall 20. */
@Controller('class')
@Lockout({ ...PASSWORD, method: 'otp' })
class ProtectedController {
  @Post('own')
  @HttpCode(200)
  @Lockout(PASSWORD)
  own(@Body() body: Credentials) {
    return verify(body);
  }

  @Post('inherited')
  @HttpCode(200)
  inherited(@Body() body: Credentials) {
    return verify(body);
  }
}

const alice = (password: string) => ({ username: 'alice', password });

describe.each(PLATFORMS)('@Lockout on a handler, on %s', (platform) => {
  let app: LoginApp;
  const start = async (options: Partial<LoginAppOptions> = {}): Promise<void> => {
    verified = [];
    gate = null;
    giveUp = new Subject();
    app = await startLoginApp({
      platform,
      metadata: { controllers: [LoginController, ProtectedController] },
      ...options,
    });
  };
  const login = (password: string, path = '/login') => app.post(path, alice(password));
  const failures = async (): Promise<number> =>
    (await app.engine.status({ account: '1' })).counters.reduce((sum, counter) => sum + counter.failures, 0);
  const inFlight = async (): Promise<number> =>
    (await app.engine.status({ account: '1' })).counters.reduce((sum, counter) => sum + counter.inFlight, 0);

  afterEach(async () => {
    gate?.open();
    await app.close();
  });

  test('locks at the third failure, refuses with problem details, and verifies nothing while locked (P1, P3, pitfall 15)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) expect((await login('wrong')).status).toBe(401);
    const refused = await login('right');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.headers.get('retry-after')).toBe('300');
    expect(refused.body).toEqual({
      type: 'urn:nestjs-lockout:locked',
      title: 'Too many attempts',
      status: 429,
      detail: 'Too many failed attempts. Try again in 5 minutes.',
      reason: 'locked',
      retryAt: new Date(app.clock.now() + 300_000).toISOString(),
    });
    expect(verified).toHaveLength(3);
    expect((await app.post('/login', { username: 'bob', password: 'right' })).status).toBe(200);
  });

  test('is free at exactly retryAt, not a millisecond earlier; Retry-After is rounded up (R43)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) await login('wrong');
    await app.clock.advance(298_500);
    expect((await login('right')).headers.get('retry-after')).toBe('2');
    await app.clock.advance(1_499);
    const last = await login('right');
    expect(last.status).toBe(429);
    expect(last.headers.get('retry-after')).toBe('1');
    await app.clock.advance(1);
    expect((await login('right')).body).toEqual({ signedIn: '1' });
  });

  test('a success clears what stood; the next failure is the first again', async () => {
    await start();
    await login('wrong');
    await login('wrong');
    expect((await login('right')).status).toBe(200);
    await login('wrong');
    expect(await failures()).toBe(1);
  });

  test('200 parallel wrong guesses verify exactly three credentials (P1, pitfall 1)', async () => {
    await start({ lockout: { waitMs: 0 } });
    gate = new Gate();
    const statuses: number[] = [];
    const guesses = Array.from({ length: 200 }, async () => statuses.push((await login('wrong')).status));
    await gate.reached(3);
    // All others are answered while not one of the three knows its verdict.
    await until(async () => statuses.length === 197);
    gate.open();
    await Promise.all(guesses);
    expect(verified).toHaveLength(3);
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(197);
  });

  test('an exhausted budget says so, with Retry-After 1 and no time (R2)', async () => {
    await start({ lockout: { waitMs: 0 } });
    gate = new Gate();
    const held = [login('wrong'), login('wrong'), login('wrong')];
    await gate.reached(3);
    const refused = await login('right');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.body).toMatchObject({ reason: 'exhausted', retryAt: null });
    gate.open();
    await Promise.all(held);
  });

  test('an exhausted budget is waited for: the right password signs in once those in flight are settled (R2)', async () => {
    let lookups = 0;
    const countingLookup = (identifier: string) => {
      lookups += 1;
      return findAccount(identifier);
    };
    await start({ lockout: { waitMs: 10_000, findAccount: countingLookup } });
    gate = new Gate();
    const held = [login('500'), login('500'), login('500')];
    await gate.reached(3);
    const waiting = login('right');
    await until(async () => lookups === 4);
    await turns(50);
    gate.open();
    expect((await waiting).status).toBe(200);
    await Promise.all(held);
  });

  test('an indefinite lock has no Retry-After and retryAt null', async () => {
    await start();
    await app.engine.lock({ account: '1' }, null, { by: 'admin', reason: 'stolen' });
    const refused = await login('right');
    expect(refused.status).toBe(429);
    expect(refused.headers.has('retry-after')).toBe(false);
    expect(refused.body).toMatchObject({ reason: 'locked', retryAt: null });
    expect(verified).toEqual([]);
  });

  test("says the policy's own sentence, and neither its name nor a count", async () => {
    await start({
      lockout: { policies: [policy({ name: 'secret-policy', messages: ['Wait {minutes} min.'] })] },
    });
    for (let n = 1; n <= 3; n += 1) await login('wrong');
    const { body } = await login('right');
    expect(body['detail']).toBe('Wait 5 min.');
    expect(JSON.stringify(body)).not.toMatch(/secret-policy|failures|threshold/);
  });

  test.each(['401', '403', '404', '409', '418', '423', '429'])(
    'HTTP %s is a failure (R36)',
    async (status) => {
      await start();
      expect((await login(status)).status).toBe(Number(status));
      expect(await failures()).toBe(1);
    },
  );

  test.each(['400', '413', '415', '422', '500', '503', 'crash'])(
    '%s is abandoned: nothing counts (R36, P5)',
    async (ending) => {
      await start();
      await login('wrong');
      expect((await login(ending)).status).toBe(ending === 'crash' ? 500 : Number(ending));
      // Neither one more, as a failure would make it, nor none, as a success would.
      expect(await failures()).toBe(1);
      expect(await inFlight()).toBe(0);
    },
  );

  test('provoked 500s are refunded three times, then they count like wrong guesses (R8)', async () => {
    await start();
    for (let n = 1; n <= 6; n += 1) expect((await login('crash')).status).toBe(500);
    expect((await login('right')).status).toBe(429);
    expect(verified).toHaveLength(6);
  });

  test.each([
    ['no body', undefined],
    ['an absent name', { password: 'x' }],
    ['a blank name', { username: '  ', password: 'x' }],
    ['a name that is no text', { username: { $ne: '' }, password: 'x' }],
    ['an invisible character in the name', { username: 'ali\u200bce', password: 'x' }],
    ['an absent password', { username: 'alice' }],
    ['a password that is no text', { username: 'alice', password: { $ne: '' } }],
  ])(
    '%s is answered 400 before any charge, and counts nowhere (R20, pitfalls 10 and 19)',
    async (_what, body) => {
      await start({ lockout: { policies: [policy(), policy({ name: 'by-address', scope: ['address'] })] } });
      for (let n = 1; n <= 4; n += 1) {
        const answer = await app.post('/login', body);
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(answer.body).toMatchObject({ type: 'urn:nestjs-lockout:bad-input', status: 400 });
      }
      expect(verified).toEqual([]);
      expect(await failures()).toBe(0);
      expect((await app.engine.accounts.addressStatus('127.0.0.1')).counters).toEqual([]);
    },
  );

  test('spellings that the lookup takes for one account share its budget (R19, pitfall 4)', async () => {
    await start();
    for (const username of ['alice', 'ALICE', 'Alice'])
      await app.post('/login', { username, password: 'wrong' });
    expect((await login('right')).status).toBe(429);
  });

  test('a guard that refuses after ours strands no charge', async () => {
    await start();
    for (let n = 1; n <= 4; n += 1) expect((await login('right', '/guarded')).status).toBe(403);
    expect(verified).toEqual([]);
    expect(await inFlight()).toBe(0);
    expect((await login('right')).status).toBe(200);
  });

  test('on the class and on the method it charges once, by the method (R41, pitfall 20)', async () => {
    await start();
    await login('wrong', '/class/own');
    expect(await failures()).toBe(1);
    await login('wrong', '/class/own');
    expect((await login('right', '/class/own')).status).toBe(200);
  });

  test('on the class alone it protects every route', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) await login('wrong', '/class/inherited');
    expect((await login('right', '/class/inherited')).status).toBe(429);
  });

  test('a lock set while the right password was verified refuses its success (R6)', async () => {
    // One wrong code weighs as much as the whole budget.
    await start({ lockout: { policies: [policy({ weights: { otp: 3 } })] } });
    const held = new Gate();
    gate = held;
    const signingIn = login('right');
    await held.reached(1);
    gate = null;
    expect((await login('wrong', '/class/inherited')).status).toBe(401);
    held.open();
    const answer = await signingIn;
    expect(answer.status).toBe(429);
    expect(answer.body).not.toHaveProperty('signedIn');
    expect(verified).toHaveLength(2);
  });

  test('an outer timeout decides nothing: the verdict settles afterwards (R42)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) {
      gate = new Gate();
      const answer = login('wrong', '/timed');
      await gate.reached(1);
      giveUp.next();
      expect((await answer).status).toBe(408);
      expect(await inFlight()).toBe(1);
      gate.open();
      await until(async () => (await inFlight()) === 0);
      expect(await failures()).toBe(n);
    }
    gate = null;
    expect((await login('right')).status).toBe(429);
  });

  test('hanging up before the answer buys no free guess (P5)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) {
      gate = new Gate();
      const client = new AbortController();
      const request = fetch(`${app.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alice('wrong')),
        signal: client.signal,
      });
      await gate.reached(1);
      client.abort();
      await expect(request).rejects.toThrow();
      gate.open();
      await until(async () => (await inFlight()) === 0);
      expect(await failures()).toBe(n);
    }
    gate = null;
    expect((await login('right')).status).toBe(429);
    expect(verified).toHaveLength(3);
  });

  test('a claimed X-Forwarded-For changes nothing (pitfall 6)', async () => {
    await start({ lockout: { policies: [policy({ scope: ['address'] })] } });
    for (let n = 1; n <= 3; n += 1) {
      const headers = {
        'x-forwarded-for': `203.0.113.${n}`,
        forwarded: `for=203.0.113.${n}`,
        'x-real-ip': `203.0.113.${n}`,
      };
      expect((await app.post('/login', alice('wrong'), headers)).status).toBe(401);
    }
    expect((await app.post('/login', alice('right'), { 'x-forwarded-for': '203.0.113.9' })).status).toBe(429);
  });

  test('works under a global prefix, however the path is written (pitfall 11)', async () => {
    await start({ prepare: (nest) => nest.setGlobalPrefix('api/v1') });
    for (let n = 1; n <= 3; n += 1) expect((await login('wrong', '/api/v1/login')).status).toBe(401);
    expect((await login('right', '/api/v1/login')).status).toBe(429);
    // Express answers other spellings of the path too; wherever it does, the lock holds.
    for (const path of ['/api/v1/Login', '/api/v1/login/', '/API/v1/LOGIN']) {
      expect([404, 429]).toContain((await login('right', path)).status);
    }
  });

  test('a store that does not answer gets 503, and nothing is verified (P9, pitfall 27)', async () => {
    const stores: UnreliableStore[] = [];
    await start({
      lockout: { retryMs: 1, cacheMs: 0 },
      makeStore: (clock) => {
        const store = new UnreliableStore(new MemoryLockoutStore(clock.now));
        stores.push(store);
        return store;
      },
    });
    for (const store of stores) store.fault = () => 'before';
    const answer = await login('right');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body).toMatchObject({ reason: 'unavailable', status: 503 });
    expect(verified).toEqual([]);
    for (const store of stores) store.fault = () => null;
    expect((await login('right')).status).toBe(200);
  });

  test('a settle the store does not take never changes the answer to a verified person (R32)', async () => {
    const stores: UnreliableStore[] = [];
    await start({
      lockout: { retryMs: 1 },
      makeStore: (clock) => {
        const store = new UnreliableStore(new MemoryLockoutStore(clock.now));
        stores.push(store);
        return store;
      },
    });
    gate = new Gate();
    const signingIn = login('right');
    await gate.reached(1);
    for (const store of stores) store.fault = () => 'before';
    gate.open();
    expect((await signingIn).body).toEqual({ signedIn: '1' });
    for (const store of stores) store.fault = () => null;
  });
});
