import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  ForbiddenException,
  HttpCode,
  Injectable,
  Post,
  Req,
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { Lockout } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { minutes } from 'nestjs-lockout/policy';
import { Strategy } from 'passport-local';
import { Gate, until } from '../../support/gate.js';
import {
  type LoginApp,
  type LoginAppOptions,
  PEOPLE,
  PLATFORMS,
  policy,
  startLoginApp,
} from '../../support/login-app.js';

interface User {
  readonly id: string;
}

let verified: string[] = [];
let gate: Gate | null = null;

async function verify(username: string, password: string): Promise<User | null> {
  verified.push(username);
  await gate?.pass();
  if (password === 'crash') throw new Error('the disk is full');
  if (password === 'busy') throw new ServiceUnavailableException();
  if (password === 'forbidden') throw new ForbiddenException();
  const person = PEOPLE[username.toLowerCase()];
  return person?.password === password ? { id: person.id } : null;
}

/** As Nest's documentation writes it. */
@Injectable()
@LockoutStrategy({ method: 'password' })
class ThrowingStrategy extends PassportStrategy(Strategy, 'throwing') {
  constructor() {
    super();
  }

  async validate(username: string, password: string): Promise<User> {
    const user = await verify(username, password);
    if (!user) throw new UnauthorizedException();
    return user;
  }
}

@Injectable()
@LockoutStrategy({ method: 'password' })
class NullStrategy extends PassportStrategy(Strategy, 'null') {
  constructor() {
    super({ passReqToCallback: true });
  }

  validate(_request: unknown, username: string, password: string): Promise<User | null> {
    return verify(username, password);
  }
}

/** Returns without waiting for anything. */
@Injectable()
@LockoutStrategy({
  method: 'password',
  account: async (username) => PEOPLE[String(username)]?.id ?? { unknown: String(username) },
})
class SynchronousStrategy extends PassportStrategy(Strategy, 'synchronous') {
  constructor() {
    super();
  }

  validate(username: string, password: string): User | false {
    verified.push(username);
    const person = PEOPLE[username];
    return person?.password === password ? { id: person.id } : false;
  }
}

/** Says that a wrong credential is an error of its own. */
class WrongPassword extends Error {}

@Injectable()
@LockoutStrategy({ method: 'password', isFailure: (error) => error instanceof WrongPassword, final: false })
class OwnErrorStrategy extends PassportStrategy(Strategy, 'own-error') {
  constructor() {
    super();
  }

  async validate(username: string, password: string): Promise<User> {
    const user = await verify(username, password);
    if (!user) throw new WrongPassword();
    return user;
  }
}

/** Its tests are at fault themselves. */
@Injectable()
@LockoutStrategy({
  method: 'password',
  isFailure: (error) => (error as { response: { status: number } }).response.status === 401,
  final: (user) => (user as { mfa: { on: boolean } }).mfa.on,
})
class FaultyStrategy extends PassportStrategy(Strategy, 'faulty') {
  constructor() {
    super();
  }

  validate(username: string, password: string): Promise<User | null> {
    return verify(username, password);
  }
}

/** Lets everybody through, signed in or not. */
@Injectable()
class OptionalGuard extends AuthGuard('throwing') {
  override handleRequest<T>(_error: unknown, user: T): T {
    return (user || null) as T;
  }
}

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

interface WithUser {
  readonly user: User;
}

@Controller()
class LoginController {
  @Post('throwing')
  @HttpCode(200)
  @UseGuards(AuthGuard('throwing'))
  throwing(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  @Post('null')
  @HttpCode(200)
  @UseGuards(AuthGuard('null'))
  nullish(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  @Post('synchronous')
  @HttpCode(200)
  @UseGuards(AuthGuard('synchronous'))
  synchronous(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  @Post('own-error')
  @HttpCode(200)
  @UseGuards(AuthGuard('own-error'))
  ownError(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  /** Guard, strategy and interceptor all see the one verification. */
  @Post('both')
  @HttpCode(200)
  @UseGuards(AuthGuard('throwing'))
  @Lockout({ method: 'password', identifier: (request) => request.body['username'] })
  both(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  /** What the handler says of a credential that the strategy has verified changes nothing. */
  @Post('both-failing')
  @UseGuards(AuthGuard('throwing'))
  @Lockout({ method: 'password', identifier: (request) => request.body['username'] })
  bothFailing(): void {
    throw new UnauthorizedException();
  }

  /** Whoever the strategy did not sign in, the handler verifies. */
  @Post('optional')
  @HttpCode(200)
  @UseGuards(OptionalGuard)
  @Lockout({ method: 'password', identifier: (request) => request.body['username'] })
  async optional(@Req() { user, body }: Partial<WithUser> & { body: Record<string, string> }) {
    const found = user ?? (await verify(body['username'] ?? '', body['pin'] ?? ''));
    if (!found) throw new UnauthorizedException();
    return { signedIn: found.id };
  }

  @Post('faulty')
  @HttpCode(200)
  @UseGuards(AuthGuard('faulty'))
  faulty(@Req() { user }: WithUser) {
    return { signedIn: user.id };
  }

  /** The handler verifies another credential of the same account. */
  @Post('second-factor')
  @HttpCode(200)
  @UseGuards(AuthGuard('throwing'))
  @Lockout({ method: 'otp', identifier: (request) => request.body['username'] })
  secondFactor() {
    throw new UnauthorizedException();
  }

  @Post('guarded')
  @UseGuards(AuthGuard('throwing'), RefusingGuard)
  guarded(): void {}
}

const as = (username: string, password: string) => ({ username, password });

describe.each(PLATFORMS)('@LockoutStrategy on a Nest strategy, on %s', (platform) => {
  let app: LoginApp;
  const start = async (options: Partial<LoginAppOptions> = {}) => {
    verified = [];
    gate = null;
    app = await startLoginApp({
      platform,
      metadata: {
        imports: [PassportModule],
        controllers: [LoginController],
        providers: [ThrowingStrategy, NullStrategy, SynchronousStrategy, OwnErrorStrategy, FaultyStrategy],
      },
      ...options,
    });
  };
  const counter = async () => (await app.engine.status({ account: '1' })).counters[0];
  afterEach(async () => {
    gate?.open();
    await app.close();
  });

  test.each(['/throwing', '/null', '/synchronous'])(
    '%s: locks at the third failure, also for the right password, until exactly its end (R37, pitfall 15)',
    async (path) => {
      await start();
      for (let n = 1; n <= 3; n += 1) expect((await app.post(path, as('alice', 'wrong'))).status).toBe(401);
      const refused = await app.post(path, as('alice', 'right'));
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('300');
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(refused.body).toMatchObject({
        reason: 'locked',
        retryAt: new Date(app.clock.now() + 300_000).toISOString(),
      });
      expect(verified).toHaveLength(3);
      expect((await app.post(path, as('bob', 'right'))).body).toEqual({ signedIn: '2' });
      await app.clock.advance(299_999);
      expect((await app.post(path, as('alice', 'right'))).status).toBe(429);
      await app.clock.advance(1);
      expect((await app.post(path, as('alice', 'right'))).body).toEqual({ signedIn: '1' });
    },
  );

  test('the name in the query counts against alice even if the body names somebody else or nobody (R38, pitfall 10)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) {
      expect((await app.post('/throwing?username=alice&password=wrong', {})).status).toBe(401);
    }
    expect((await app.post('/throwing?username=alice&password=right', {})).status).toBe(429);
    expect((await app.post('/throwing', as('alice', 'right'))).status).toBe(429);
    expect(verified).toHaveLength(3);
    // passport-local prefers the body: what it verifies is what is counted.
    expect((await app.post('/throwing?username=alice', as('bob', 'right'))).body).toEqual({ signedIn: '2' });
  });

  test('200 parallel wrong guesses verify exactly three credentials (P1, pitfall 1)', async () => {
    await start({ lockout: { waitMs: 0 } });
    gate = new Gate();
    const statuses: number[] = [];
    const guesses = Array.from({ length: 200 }, async () =>
      statuses.push((await app.post('/throwing', as('alice', 'wrong'))).status),
    );
    await until(async () => statuses.length === 197);
    expect(new Set(statuses)).toEqual(new Set([429]));
    gate.open();
    await Promise.all(guesses);
    expect(verified).toHaveLength(3);
  });

  test('a failed verification that strategy, guard and interceptor see counts once (R41, pitfall 20)', async () => {
    await start();
    expect((await app.post('/both', as('alice', 'wrong'))).status).toBe(401);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
    expect((await app.post('/both', as('alice', 'wrong'))).status).toBe(401);
    expect((await app.post('/both', as('alice', 'right'))).body).toEqual({ signedIn: '1' });
    expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
  });

  test('the handler does not charge what its strategy has charged, and so cannot count it again (R41)', async () => {
    await start();
    for (let n = 1; n <= 4; n += 1) {
      expect((await app.post('/both-failing', as('alice', 'right'))).status).toBe(401);
    }
    expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
    expect(verified).toHaveLength(4);
  });

  test('a strategy that signed nobody in does not stand for the charge of the handler behind an optional guard (R41, P1)', async () => {
    await start();
    const guess = (password: string, pin: string) => app.post('/optional', { ...as('alice', password), pin });
    expect((await guess('wrong', 'wrong')).status).toBe(401);
    expect(await counter()).toMatchObject({ failures: 2, inFlight: 0 });
    for (let n = 1; n <= 7; n += 1) expect((await guess('wrong', 'wrong')).status).toBe(429);
    expect(verified).toHaveLength(3);
    expect((await guess('wrong', 'right')).status).toBe(429);
    expect(verified).toHaveLength(3);
  });

  test('a strategy that signed somebody in does, behind the same guard (R41)', async () => {
    await start({ lockout: { waitMs: 0, policies: [policy({ threshold: 1 })] } });
    expect((await app.post('/optional', as('alice', 'right'))).body).toEqual({ signedIn: '1' });
    expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
    expect(verified).toHaveLength(1);
  });

  test.each([
    ['isFailure', 'crash'],
    ['final', 'right'],
  ])(
    'a fault in the %s test of a strategy abandons the attempt: nothing counts, nobody is signed in (P5)',
    async (_test, password) => {
      await start({ lockout: { policies: [policy({ attemptTimeoutMs: minutes(1) })] } });
      for (let n = 1; n <= 3; n += 1) {
        expect((await app.post('/faulty', as('alice', password))).status).toBe(500);
        expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
      }
      await app.clock.advance(minutes(2));
      expect((await app.post('/throwing', as('alice', 'right'))).status).toBe(200);
    },
  );

  test('with a budget of one the handler needs no second charge (R41)', async () => {
    await start({ lockout: { waitMs: 0, policies: [policy({ threshold: 1 })] } });
    expect((await app.post('/both', as('alice', 'right'))).body).toEqual({ signedIn: '1' });
  });

  test('another method on the same request is another attempt (R41, pitfall 21)', async () => {
    await start({
      lockout: { policies: [policy({ counts: ['password'] }), policy({ name: 'second', counts: ['otp'] })] },
    });
    for (let n = 1; n <= 3; n += 1) {
      expect((await app.post('/second-factor', as('alice', 'right'))).status).toBe(401);
    }
    expect((await app.post('/second-factor', as('alice', 'right'))).status).toBe(429);
    expect((await app.post('/throwing', as('alice', 'right'))).status).toBe(200);
  });

  test.each(['crash', 'busy'])(
    'a fault of ours (%s) is refunded within the allowance, then counts (P5, R8)',
    async (fault) => {
      await start();
      for (let n = 1; n <= 3; n += 1) {
        expect((await app.post('/throwing', as('alice', fault))).status).toBeGreaterThanOrEqual(500);
      }
      expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
      for (let n = 1; n <= 3; n += 1) await app.post('/throwing', as('alice', fault));
      expect((await app.post('/throwing', as('alice', 'right'))).status).toBe(429);
      expect(verified).toHaveLength(6);
    },
  );

  test('a thrown 403 is a failure as in a handler (R36), and reaches the person as thrown', async () => {
    await start();
    expect((await app.post('/throwing', as('alice', 'forbidden'))).status).toBe(403);
    expect(await counter()).toMatchObject({ failures: 1 });
  });

  test('an error that isFailure names is a failure (R37)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1)
      expect((await app.post('/own-error', as('alice', 'wrong'))).status).toBe(500);
    expect((await app.post('/own-error', as('alice', 'right'))).status).toBe(429);
  });

  test('a success that is not final refunds only its own charge (R11)', async () => {
    await start();
    await app.post('/own-error', as('alice', 'wrong'));
    expect((await app.post('/own-error', as('alice', 'right'))).status).toBe(200);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  test('a guard that refuses after the strategy strands no charge', async () => {
    await start();
    for (let n = 1; n <= 5; n += 1)
      expect((await app.post('/guarded', as('alice', 'right'))).status).toBe(403);
    expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
  });

  test.each([
    ['blank', '   '],
    ['with an invisible character', 'al\u200bice'],
    ['too long', 'a'.repeat(400)],
  ])('a name that is %s is answered 400 before any charge (R20, pitfall 19)', async (_what, username) => {
    await start({ lockout: { policies: [policy({ scope: ['address'] })] } });
    for (let n = 1; n <= 4; n += 1) {
      const answer = await app.post('/throwing', { username, password: 'wrong' });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ type: 'urn:nestjs-lockout:bad-input' });
    }
    expect(verified).toEqual([]);
    expect((await app.engine.accounts.addressStatus('127.0.0.1')).counters).toEqual([]);
  });

  test.each([
    ['a missing password', { username: 'alice' }],
    ['a password that is no text', { username: 'alice', password: { length: 8 } }],
    ['a name that is no text', { username: { $ne: '' }, password: 'wrong' }],
    ['nothing at all', undefined],
  ])(
    '%s is what it always was to passport-local (Nest says 401), and counts nowhere',
    async (_what, body) => {
      await start({ lockout: { policies: [policy({ scope: ['address'] })] } });
      for (let n = 1; n <= 4; n += 1) expect((await app.post('/throwing', body)).status).toBe(401);
      expect(verified).toEqual([]);
      expect((await app.engine.accounts.addressStatus('127.0.0.1')).counters).toEqual([]);
    },
  );

  test('a lock set while the right password was verified refuses its success (R6)', async () => {
    await start({ lockout: { policies: [policy({ weights: { otp: 3 } })] } });
    const held = new Gate();
    gate = held;
    const signingIn = app.post('/throwing', as('alice', 'right'));
    await held.reached(1);
    gate = null;
    const guess = await app.engine.begin({ account: '1', method: 'otp' });
    if (guess.allowed) await guess.attempt.fail();
    held.open();
    expect((await signingIn).status).toBe(429);
    expect(verified).toHaveLength(1);
  });

  test('hanging up before the answer buys no free guess (P5)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) {
      gate = new Gate();
      const client = new AbortController();
      const request = fetch(`${app.url}/throwing`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(as('alice', 'wrong')),
        signal: client.signal,
      });
      await gate.reached(1);
      client.abort();
      await expect(request).rejects.toThrow();
      gate.open();
      await until(async () => (await counter())?.inFlight === 0);
    }
    gate = null;
    expect((await app.post('/throwing', as('alice', 'right'))).status).toBe(429);
    expect(verified).toHaveLength(3);
  });

  test('two strategies for one account share its budget (pitfall 5)', async () => {
    await start();
    await app.post('/throwing', as('alice', 'wrong'));
    await app.post('/null', as('alice', 'wrong'));
    await app.post('/synchronous', as('alice', 'wrong'));
    for (const path of ['/throwing', '/null', '/synchronous']) {
      expect((await app.post(path, as('alice', 'right'))).status).toBe(429);
    }
  });

  test('a claimed X-Forwarded-For changes nothing (pitfall 6)', async () => {
    await start({ lockout: { policies: [policy({ scope: ['address'] })] } });
    for (let n = 1; n <= 3; n += 1) {
      await app.post('/throwing', as('alice', 'wrong'), { 'x-forwarded-for': `203.0.113.${n}` });
    }
    const answer = await app.post('/throwing', as('bob', 'right'), { 'x-forwarded-for': '203.0.113.9' });
    expect(answer.status).toBe(429);
  });
});
