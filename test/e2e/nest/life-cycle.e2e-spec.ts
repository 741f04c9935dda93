import { afterEach, describe, expect, test } from '@jest/globals';
import { Controller, HttpCode, Injectable, Post, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { LockoutEngine } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { Strategy } from 'passport-local';
import { until } from '../../support/gate.js';
import {
  type LoginApp,
  type LoginAppOptions,
  PEOPLE,
  policy,
  startLoginApp,
} from '../../support/login-app.js';

@Injectable()
@LockoutStrategy({ method: 'password' })
class LoginStrategy extends PassportStrategy(Strategy, 'life-cycle') {
  constructor() {
    super();
  }

  validate(username: string, password: string): object | null {
    return PEOPLE[username]?.password === password ? { username } : null;
  }
}

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @UseGuards(AuthGuard('life-cycle'))
  login(): string {
    return 'signed in';
  }
}

const metadata = { imports: [PassportModule], controllers: [LoginController], providers: [LoginStrategy] };
const alice = (password: string) => ({ username: 'alice', password });

describe('the life of the module', () => {
  const apps: LoginApp[] = [];
  const start = async (options: Partial<LoginAppOptions> = {}): Promise<LoginApp> => {
    const app = await startLoginApp({ metadata, ...options });
    apps.push(app);
    return app;
  };
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  test('the sweeper ends what time has ended, spread about its interval, and stops with the application (R12)', async () => {
    const clock = new FakeClock();
    const app = await start({
      makeStore: () => new MemoryLockoutStore(clock.now),
      lockout: { clock, sweepIntervalMs: 1_000 },
    });
    for (let n = 1; n <= 3; n += 1) await app.post('/login', alice('wrong'));
    const expired = async () =>
      (await app.engine.options.store.list({ type: 'expired', limit: 10 })).items.length;
    await clock.advance(299_000);
    expect(await expired()).toBe(0);
    await clock.advance(3_000);
    expect(await expired()).toBe(1);
    expect(clock.sleeping).toBe(1);
    await app.close();
    apps.length = 0;
    await clock.advance(3_000);
    expect(clock.sleeping).toBe(0);
  });

  test('closing waits for nothing: an application that sweeps once a day is gone at once', async () => {
    const clock = new FakeClock();
    const app = await start({
      makeStore: () => new MemoryLockoutStore(clock.now),
      lockout: { clock, sweepIntervalMs: 86_400_000 },
    });
    apps.length = 0;
    await app.close();
    expect(clock.monotonic()).toBe(0);
  });

  test('a store that is down does not end the sweeping', async () => {
    const clock = new FakeClock();
    const store = new UnreliableStore(new MemoryLockoutStore(clock.now));
    const app = await start({
      makeStore: () => store,
      lockout: { clock, sweepIntervalMs: 1_000, retryMs: 1 },
    });
    for (let n = 1; n <= 3; n += 1) await app.post('/login', alice('wrong'));
    store.fault = () => 'before';
    await clock.advance(310_000);
    store.fault = () => null;
    await until(async () => {
      await clock.advance(100);
      return (await store.list({ type: 'expired', limit: 10 })).items.length === 1;
    });
  });

  test('an engine and a strategy that are provided twice are still one each (pitfall 36)', async () => {
    const app = await start({
      metadata: {
        ...metadata,
        providers: [
          LoginStrategy,
          { provide: 'SAME_STRATEGY', useExisting: LoginStrategy },
          { provide: 'SAME_ENGINE', useExisting: LockoutEngine },
        ],
      },
    });
    expect(app.app.get('SAME_ENGINE')).toBe(app.engine);
    await app.post('/login', alice('wrong'));
    expect((await app.engine.status({ account: '1' })).counters).toMatchObject([
      { failures: 1, inFlight: 0 },
    ]);
    await app.post('/login', alice('wrong'));
    await app.post('/login', alice('wrong'));
    expect((await app.post('/login', alice('right'))).status).toBe(429);
  });

  test('two applications in one process on one store share its locks, and each its own engine (pitfalls 13 and 36)', async () => {
    const clock = new FakeClock();
    const store = new MemoryLockoutStore(clock.now);
    const first = await start({ makeStore: () => store, lockout: { cacheMs: 0 } });
    for (let n = 1; n <= 2; n += 1) await first.post('/login', alice('wrong'));
    const second = await start({ makeStore: () => store, lockout: { cacheMs: 0 } });
    expect(second.engine).not.toBe(first.engine);
    await second.post('/login', alice('wrong'));
    expect((await second.post('/login', alice('right'))).status).toBe(429);
    expect((await first.engine.status({ account: '1' })).locked).toBe(true);
  });

  test('a lock of another realm or policy does not reach this one (pitfall 29)', async () => {
    const app = await start({ lockout: { policies: [policy()] } });
    await app.engine.lock({ account: '1', realm: 'staff' }, null, { by: 'admin', reason: 'test' });
    expect((await app.post('/login', alice('right'))).status).toBe(200);
  });
});
