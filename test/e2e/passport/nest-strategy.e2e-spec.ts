import { afterEach, describe, expect, test } from '@jest/globals';
import { Controller, HttpCode, Injectable, Post, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { Lockout } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { Strategy } from 'passport-local';
import { type LoginApp, PEOPLE, PLATFORMS, startLoginApp } from '../../support/login-app.js';

let verified: string[] = [];

function verify(username: string, password: string): { id: string } | null {
  verified.push(username);
  if (password === 'crash') throw new Error('the disk is full');
  const person = PEOPLE[username.toLowerCase()];
  return person?.password === password ? { id: person.id } : null;
}

@Injectable()
@LockoutStrategy({ method: 'password' })
class ThrowingStrategy extends PassportStrategy(Strategy, 'throwing') {
  constructor() {
    super();
  }

  validate(username: string, password: string): { id: string } {
    const user = verify(username, password);
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

  async validate(_request: unknown, username: string, password: string): Promise<{ id: string } | null> {
    return verify(username, password);
  }
}

@Controller()
class LoginController {
  @Post('throwing')
  @HttpCode(200)
  @UseGuards(AuthGuard('throwing'))
  throwing(@Req() { user }: { user: { id: string } }) {
    return { signedIn: user.id };
  }

  @Post('null')
  @HttpCode(200)
  @UseGuards(AuthGuard('null'))
  nullish(@Req() { user }: { user: { id: string } }) {
    return { signedIn: user.id };
  }

  @Post('both')
  @HttpCode(200)
  @UseGuards(AuthGuard('throwing'))
  @Lockout({ method: 'password', identifier: (request) => request.body['username'] })
  both(@Req() { user }: { user: { id: string } }) {
    return { signedIn: user.id };
  }
}

const as = (username: string, password: string) => ({ username, password });

describe.each(PLATFORMS)('@LockoutStrategy on a Nest strategy, on %s', (platform) => {
  let app: LoginApp;
  const start = async () => {
    verified = [];
    app = await startLoginApp({
      platform,
      metadata: {
        imports: [PassportModule],
        controllers: [LoginController],
        providers: [ThrowingStrategy, NullStrategy],
      },
    });
  };
  afterEach(() => app.close());

  test.each(['/throwing', '/null'])('%s: locks at the third failure, also for the right password (R37, pitfall 15)', async (path) => {
    await start();
    for (let n = 1; n <= 3; n += 1) expect((await app.post(path, as('alice', 'wrong'))).status).toBe(401);
    const refused = await app.post(path, as('alice', 'right'));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('300');
    expect(refused.body).toMatchObject({ reason: 'locked', retryAt: new Date(app.clock.now() + 300_000).toISOString() });
    expect(verified).toHaveLength(3);
    expect((await app.post(path, as('bob', 'right'))).body).toEqual({ signedIn: '2' });
    await app.clock.advance(299_999);
    expect((await app.post(path, as('alice', 'right'))).status).toBe(429);
    await app.clock.advance(1);
    expect((await app.post(path, as('alice', 'right'))).body).toEqual({ signedIn: '1' });
  });
});
