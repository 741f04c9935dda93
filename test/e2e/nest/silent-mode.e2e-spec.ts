import { afterEach, describe, expect, test } from '@jest/globals';
import {
  Body,
  Controller,
  HttpCode,
  Injectable,
  Post,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { Lockout } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { Strategy } from 'passport-local';
import { type Answer, type LoginApp, PEOPLE, PLATFORMS, startLoginApp } from '../../support/login-app.js';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const VERIFY_MS = 80;
const wrongCredential = () => new UnauthorizedException('Wrong name or password.');

let clock: FakeClock;
let verified = 0;

/** Takes as long for nobody as for somebody: that part is the application's. */
async function verify({ username, password }: Credentials): Promise<{ signedIn: string }> {
  verified += 1;
  await clock.advance(VERIFY_MS);
  const person = PEOPLE[username];
  if (person?.password !== password) throw wrongCredential();
  return { signedIn: person.id };
}

@Injectable()
@LockoutStrategy({ method: 'password' })
class SilentStrategy extends PassportStrategy(Strategy, 'silent') {
  constructor() {
    super();
  }

  validate(username: string, password: string): Promise<{ signedIn: string }> {
    return verify({ username, password });
  }
}

@Controller()
class LoginController {
  @Post('handler')
  @HttpCode(200)
  @Lockout({ method: 'password', identifier: (request) => request.body['username'] })
  handler(@Body() body: Credentials) {
    return verify(body);
  }

  @Post('strategy')
  @HttpCode(200)
  @UseGuards(AuthGuard('silent'))
  strategy(): string {
    return 'signed in';
  }
}

const comparable = ({ status, headers, body }: Answer) => {
  const named = Object.fromEntries(headers);
  delete named['date'];
  return { status, headers: named, body };
};

describe.each(PLATFORMS)("disclose: 'nothing', on %s", (platform) => {
  let app: LoginApp;
  const start = async () => {
    clock = new FakeClock();
    verified = 0;
    app = await startLoginApp({
      platform,
      makeStore: () => new MemoryLockoutStore(clock.now),
      lockout: { disclose: 'nothing', refusal: wrongCredential, clock, sweepIntervalMs: 0, waitMs: 0 },
      metadata: { imports: [PassportModule], controllers: [LoginController], providers: [SilentStrategy] },
    });
  };
  /** Posts, and moves the clock on until the answer is there; how much it took to be. */
  const post = async (path: string, body: Credentials) => {
    const startedAt = clock.now();
    let answer: Answer | null = null;
    const pending = app.post(path, body).then((got) => {
      answer = got;
    });
    for (let turn = 0; !answer && turn < 20_000; turn += 1) {
      if (clock.sleeping > 0) await clock.advance(1);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    await pending;
    return { ...comparable(answer as unknown as Answer), tookMs: clock.now() - startedAt };
  };
  afterEach(() => app.close());

  test.each(['/handler', '/strategy'])(
    '%s: unknown, wrong and locked get the same status, headers, body and time (P7, pitfall 14)',
    async (path) => {
      await start();
      const unknown = await post(path, { username: 'nobody', password: 'wrong' });
      const wrong = await post(path, { username: 'alice', password: 'wrong' });
      for (let n = 2; n <= 3; n += 1) await post(path, { username: 'alice', password: 'wrong' });
      for (let n = 2; n <= 3; n += 1) await post(path, { username: 'nobody', password: 'wrong' });
      const before = verified;
      const locked = await post(path, { username: 'alice', password: 'right' });
      const unknownLocked = await post(path, { username: 'nobody', password: 'right' });
      expect(verified).toBe(before);
      expect(wrong).toEqual(unknown);
      expect(locked).toEqual(unknown);
      expect(unknownLocked).toEqual(unknown);
      expect(unknown).toMatchObject({
        status: 401,
        tookMs: VERIFY_MS,
        body: { message: 'Wrong name or password.' },
      });
      expect(locked.headers).not.toHaveProperty('retry-after');
    },
  );

  test('before anything failed here, a refusal is held for the time a hash is taken to need', async () => {
    await start();
    await app.engine.lock({ account: '1' }, null, { by: 'admin', reason: 'stolen' });
    expect((await post('/handler', { username: 'alice', password: 'right' })).tookMs).toBe(100);
    expect(verified).toBe(0);
  });

  test('the lock is really there: it ends on time and the right password signs in', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) await post('/handler', { username: 'alice', password: 'wrong' });
    expect((await post('/handler', { username: 'alice', password: 'right' })).status).toBe(401);
    await clock.advance(300_000);
    expect(await post('/handler', { username: 'alice', password: 'right' })).toMatchObject({
      status: 200,
      body: { signedIn: '1' },
    });
  });
});
