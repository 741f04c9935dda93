import { afterEach, describe, expect, test } from '@jest/globals';
import { Controller, Get, Inject, Module } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { DeliveryRefusedError, type LockoutModuleOptions, LockoutNotifier } from 'nestjs-lockout';
import { LockoutHealthIndicator, type LockoutHealthLimits } from 'nestjs-lockout/terminus';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { turns } from '../../support/gate.js';
import { type LoginApp, policy, startLoginApp } from '../../support/login-app.js';
import { Pager } from './pager.js';

let limits: LockoutHealthLimits = {};

@Controller('health')
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(LockoutHealthIndicator) private readonly lockout: LockoutHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.lockout.isHealthy('lockout', limits)]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [LockoutHealthIndicator],
})
class HealthModule {}

const request = { account: '1', method: 'password' };
let app: LoginApp;
let clock: FakeClock;
let store: UnreliableStore;

afterEach(async () => {
  limits = {};
  store.fault = () => null;
  await app.close();
});

async function start(lockout: Partial<LockoutModuleOptions> = {}): Promise<void> {
  clock = new FakeClock();
  store = new UnreliableStore(new MemoryLockoutStore(clock.now));
  app = await startLoginApp({
    makeStore: () => store,
    lockout: {
      clock,
      waitMs: 0,
      sweepIntervalMs: 0,
      logEvents: false,
      policies: [policy({ threshold: 1 })],
      ...lockout,
    },
    metadata: { imports: [HealthModule] },
  });
}

/** What the health check says; the clock goes on meanwhile, as it does. */
async function health(): Promise<{ status: number; lockout: Record<string, unknown> }> {
  let isOver = false;
  const answered = fetch(`${app.url}/health`).finally(() => {
    isOver = true;
  });
  for (let step = 0; step < 2_000 && !isOver; step += 1) {
    await turns(4);
    await clock.advance(20);
  }
  const answer = await answered;
  const body = (await answer.json()) as { details: { lockout: Record<string, unknown> } };
  return { status: answer.status, lockout: body.details.lockout };
}

describe('the health check', () => {
  test('is up while the store answers, and tells what waits', async () => {
    await start();
    expect(await health()).toEqual({
      status: 200,
      lockout: {
        status: 'up',
        store: 'answers',
        unwrittenSettles: 0,
        outboxLagMs: 0,
        deadLetters: 0,
        problems: [],
      },
    });
  });

  test('is down while the store does not answer, although nobody signs in, and up again after', async () => {
    await start();
    store.fault = () => 'before';
    expect(await health()).toMatchObject({
      status: 503,
      lockout: { status: 'down', store: 'gone', problems: ['The store does not answer.'], outboxLagMs: null },
    });
    store.fault = () => null;
    await clock.advance(5_000);
    await turns(20);
    expect(await health()).toMatchObject({ status: 200, lockout: { status: 'up', store: 'answers' } });
  });

  test.each([
    { mode: 'deny', tolerant: true, status: 503 },
    { mode: 'memory', tolerant: false, status: 503 },
    { mode: 'memory', tolerant: true, status: 200 },
  ] as const)(
    'of a process with $mode answers $status without a store (upWhileGone: $tolerant)',
    async (known) => {
      await start({ onStoreError: known.mode });
      limits = { upWhileGone: known.tolerant };
      await app.engine.judge(request);
      store.fault = () => 'before';
      expect(await health()).toMatchObject({ status: known.status, lockout: { store: 'gone' } });
    },
  );

  test('is down past the limits that are set, and says which', async () => {
    const pager = new Pager(new DeliveryRefusedError('no'));
    await start({ sinks: [pager], delivery: { dispatch: false } });
    await app.engine.protect(request, () => false);
    await app.app.get(LockoutNotifier).runOnce();
    pager.answer = null;
    await app.engine.protect({ ...request, account: '2' }, () => false);
    await clock.advance(60_000);
    expect((await health()).lockout).toMatchObject({ status: 'up', deadLetters: 1 });
    limits = { deadLetters: 1, outboxLagMs: 3_600_000 };
    expect((await health()).lockout).toMatchObject({ status: 'up' });
    limits = { deadLetters: 0, outboxLagMs: 30_000 };
    const { status, lockout } = await health();
    expect(status).toBe(503);
    expect(lockout['outboxLagMs']).toBeGreaterThanOrEqual(60_000);
    expect(lockout['problems']).toEqual([
      `An event waits for its delivery for ${String(lockout['outboxLagMs'])} ms.`,
      '1 deliveries were given up.',
    ]);
  });

  test('is down while more settles wait than may', async () => {
    await start();
    limits = { unwrittenSettles: 0 };
    const begun = await app.engine.begin(request);
    if (!begun.allowed) throw new Error('refused');
    store.fault = () => 'before';
    await begun.attempt.fail();
    // The store answers again, and takes nothing yet.
    store.fault = ({ method }) => (method === 'compareAndSwap' ? 'before' : null);
    const { lockout } = await health();
    expect(lockout).toMatchObject({ status: 'down', unwrittenSettles: 1 });
    expect(lockout['problems']).toContain('1 settles wait to be written.');
  });
});
