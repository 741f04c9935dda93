import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  type AttemptRequest,
  LockoutEngine,
  LockoutModule,
  type LockoutModuleOptions,
  LockoutNotifier,
} from 'nestjs-lockout';
import { LockoutMailModule, type LockoutMailOptions, MailSink } from 'nestjs-lockout/mail';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { policy, SECRET } from '../../support/login-app.js';

export const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

export interface MailAppOptions {
  /** Null: no mails at all. */
  readonly mail: Partial<LockoutMailOptions> | null;
  readonly lockout?: Partial<LockoutModuleOptions>;
  /** Two applications on one store are two processes of one. */
  readonly clock?: FakeClock;
}

/** An application whose deliveries are made when the test says so; its clock is moved by hand. */
export class MailApp {
  private constructor(
    private readonly app: INestApplicationContext,
    readonly clock: FakeClock,
  ) {}

  static async start({ mail, lockout = {}, clock = new FakeClock() }: MailAppOptions): Promise<MailApp> {
    const testing = await Test.createTestingModule({
      imports: [
        LockoutModule.forRoot({
          store: new MemoryLockoutStore(clock.now),
          secrets: [SECRET],
          policies: [policy({ notify: { from: 1, successAfter: 2 } })],
          labels: true,
          clock,
          waitMs: 0,
          cacheMs: 0,
          sweepIntervalMs: 0,
          delivery: { dispatch: false },
          ...lockout,
        }),
        ...(mail
          ? [
              LockoutMailModule.forRoot({
                transport: 'smtp://127.0.0.1:9',
                from: 'Example <security@example.com>',
                recipient: ({ account }) => ({ address: `${account}@example.com` }),
                ...mail,
              }),
            ]
          : []),
      ],
    }).compile();
    testing.useLogger(false);
    try {
      await testing.init();
    } catch (error) {
      await testing.close();
      throw error;
    }
    return new MailApp(testing, clock);
  }

  get engine(): LockoutEngine {
    return this.app.get(LockoutEngine);
  }

  get sink(): MailSink {
    return this.app.get(MailSink);
  }

  get notifier(): LockoutNotifier {
    return this.app.get(LockoutNotifier);
  }

  /** An attempt with a wrong password: what the person was told. */
  async fail(request: Partial<AttemptRequest> = {}): Promise<unknown> {
    const begun = await this.engine.begin(attempt(request));
    return begun.allowed ? begun.attempt.fail() : begun.refusal;
  }

  async failTimes(times: number, request: Partial<AttemptRequest> = {}): Promise<void> {
    for (let n = 0; n < times; n += 1) await this.fail(request);
  }

  async succeed(request: Partial<AttemptRequest> = {}): Promise<unknown> {
    const begun = await this.engine.begin(attempt(request));
    return begun.allowed ? begun.attempt.succeed() : begun.refusal;
  }

  /** Delivers what is due; answers how much that was. */
  deliver(): Promise<number> {
    return this.notifier.runOnce();
  }

  async waiting(): Promise<number> {
    return (await this.states()).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  async dead(): Promise<number> {
    return (await this.states()).reduce((sum, { dead }) => sum + dead, 0);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  private async states() {
    return (await this.notifier.outbox?.outboxState()) ?? [];
  }
}

const attempt = (request: Partial<AttemptRequest>): AttemptRequest => ({
  account: 'alice',
  method: 'password',
  address: '203.0.113.9',
  userAgent: FIREFOX,
  ...request,
});
