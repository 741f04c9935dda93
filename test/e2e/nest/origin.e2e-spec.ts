import { afterEach, describe, expect, test } from '@jest/globals';
import { Controller, HttpCode, Injectable, Post, UnauthorizedException, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { Lockout, type LockoutModuleOptions } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { Strategy } from 'passport-local';
import { type LoginApp, PLATFORMS, policy, startLoginApp } from '../../support/login-app.js';

@Injectable()
@LockoutStrategy({ method: 'password' })
class NobodyStrategy extends PassportStrategy(Strategy, 'nobody') {
  validate(): null {
    return null;
  }
}

@Controller()
class LoginController {
  @Post('handler')
  @HttpCode(200)
  @Lockout({ method: 'password', identifier: ({ body }) => body['username'] })
  handler(): never {
    throw new UnauthorizedException();
  }

  @Post('strategy')
  @UseGuards(AuthGuard('nobody'))
  strategy(): void {}
}

let app: LoginApp;
afterEach(() => app.close());

const start = async (
  platform: (typeof PLATFORMS)[number],
  lockout: Partial<LockoutModuleOptions>,
): Promise<void> => {
  app = await startLoginApp({
    platform,
    lockout: { policies: [policy({ notify: { from: 1 } })], ...lockout },
    metadata: {
      imports: [PassportModule],
      controllers: [LoginController],
      providers: [NobodyStrategy],
    },
  });
};

const failedFrom = async (path: string): Promise<unknown> => {
  const sent = { username: 'alice', password: 'wrong' };
  expect((await app.post(path, sent, { 'user-agent': 'Mozilla/5.0 (X11; Linux)' })).status).toBe(401);
  const { items } = await app.engine.options.store.list({ type: 'failed', limit: 1 });
  return items[0]?.event;
};

describe.each(PLATFORMS)('what a client calls itself, on %s', (platform) => {
  // Passport on Fastify needs an adapter of its own; the strategy's edge reads the request alike.
  const paths = platform === 'express' ? ['/handler', '/strategy'] : ['/handler'];

  test.each(paths)('%s: is recorded with the failure, with labels only (P10)', async (path) => {
    await start(platform, { labels: true });
    const origin = { address: '127.0.0.1', userAgent: 'Mozilla/5.0 (X11; Linux)' };
    expect(await failedFrom(path)).toMatchObject({ type: 'failed', origin });
    await app.close();
    await start(platform, {});
    expect(await failedFrom(path)).not.toHaveProperty('origin');
  });
});
