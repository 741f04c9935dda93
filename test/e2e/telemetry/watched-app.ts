import { trace } from '@opentelemetry/api';
import type { LockoutModuleOptions } from 'nestjs-lockout';
import { LockoutTelemetryModule, type LockoutTelemetryOptions } from 'nestjs-lockout/telemetry';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { type LoginApp, startLoginApp } from '../../support/login-app.js';
import { LoginController } from '../../support/login-controller.js';

/** An application that is watched, on a store whose every call can be made to fail or to take its time. */
export interface WatchedApp extends LoginApp {
  readonly store: UnreliableStore;
  /** How long each call of the store takes, ms of the clock; and what happens once before the next swap. */
  readonly pace: { ms: number; beforeSwap: (() => Promise<unknown>) | null };
  login(password: string, username?: string): Promise<number>;
}

export async function startWatchedApp(
  lockout: Partial<LockoutModuleOptions> = {},
  telemetry: LockoutTelemetryOptions = {},
): Promise<WatchedApp> {
  const clock = new FakeClock();
  const store = new UnreliableStore(new MemoryLockoutStore(clock.now));
  const pace: WatchedApp['pace'] = { ms: 0, beforeSwap: null };
  const paced = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'load' && name !== 'compareAndSwap') return member;
      return async (...args: unknown[]) => {
        if (pace.ms > 0) await clock.advance(pace.ms);
        const { beforeSwap } = pace;
        if (name === 'compareAndSwap') pace.beforeSwap = null;
        if (name === 'compareAndSwap') await beforeSwap?.();
        return (member as (...given: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  const app = await startLoginApp({
    makeStore: () => paced,
    // Moved by hand, so that what is measured is known.
    lockout: { clock, waitMs: 0, sweepIntervalMs: 0, logEvents: false, ...lockout },
    metadata: { controllers: [LoginController], imports: [LockoutTelemetryModule.forRoot(telemetry)] },
    prepare: (made) => {
      // As the instrumentation of HTTP does.
      made.use(
        (_request: unknown, response: { on(event: 'finish', end: () => void): void }, next: () => void) => {
          trace.getTracer('http').startActiveSpan('POST /login', (span) => {
            response.on('finish', () => span.end());
            next();
          });
        },
      );
    },
  });
  return {
    ...app,
    clock,
    store,
    pace,
    login: async (password, username = 'alice') => (await app.post('/login', { username, password })).status,
  };
}
