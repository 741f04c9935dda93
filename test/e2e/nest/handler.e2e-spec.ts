import { afterEach, describe, expect, test } from '@jest/globals';
import {
  BadRequestException,
  Body,
  Controller,
  HttpCode,
  InternalServerErrorException,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { Lockout } from 'nestjs-lockout';
import { type LoginApp, PEOPLE, PLATFORMS, policy, startLoginApp } from '../../support/login-app.js';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

let verified = 0;

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({
    method: 'password',
    identifier: (request) => request.body['username'],
    credential: (request) => request.body['password'],
  })
  login(@Body() { username, password }: Credentials): { signedIn: string } {
    verified += 1;
    if (password === 'crash') throw new Error('the disk is full');
    if (password === 'down') throw new InternalServerErrorException();
    if (password === 'malformed') throw new BadRequestException();
    const person = PEOPLE[username.toLowerCase()];
    if (person?.password !== password) throw new UnauthorizedException();
    return { signedIn: person.id };
  }
}

const alice = (password: string) => ({ username: 'alice', password });

describe.each(PLATFORMS)('@Lockout on a handler, on %s', (platform) => {
  let app: LoginApp;
  const start = async (options: Partial<Parameters<typeof startLoginApp>[0]> = {}) => {
    verified = 0;
    app = await startLoginApp({ platform, metadata: { controllers: [LoginController] }, ...options });
    return app;
  };
  afterEach(() => app.close());

  test('locks at the third failure, refuses with problem details, and verifies nothing while locked (P1, P3)', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) expect((await app.post('/login', alice('wrong'))).status).toBe(401);
    const refused = await app.post('/login', alice('right'));
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
    expect(verified).toBe(3);
  });

  test('an exception of ours is refunded', async () => {
    await start();
    expect((await app.post('/login', alice('crash'))).status).toBe(500);
    expect((await app.post('/login', alice('right'))).body).toEqual({ signedIn: '1' });
  });
});
void policy;
