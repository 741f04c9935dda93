import {
  Body,
  Controller,
  HttpCode,
  type INestApplication,
  Module,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Lockout, LockoutEngine, LockoutModule, type LockoutModuleOptions } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import request from 'supertest';
import { DataSource, type DataSourceOptions } from 'typeorm';

export const SECRET = 'a secret of the test suite, long enough';

/** What one attempt was answered, and how long that took, ms. */
export interface TimedAnswer {
  readonly status: number;
  readonly retryAfter: number;
  readonly tookMs: number;
}

interface Input {
  readonly body: { readonly username: string };
}

/** A Nest application whose lockout store is a real server, reached at the URL given. */
export class OutageApp {
  private constructor(
    /** Whose credential was verified, in order. */
    readonly verified: string[],
    readonly app: INestApplication,
    readonly engine: LockoutEngine,
    readonly dataSource: DataSource,
    private readonly store: TypeormLockoutStore,
  ) {}

  static async start(
    options: DataSourceOptions,
    lockout: Partial<LockoutModuleOptions> = {},
    poolSize = 10,
  ): Promise<OutageApp> {
    const dataSource = new DataSource({
      ...options,
      poolSize,
      entities: lockoutEntities(options.type),
    } as DataSourceOptions);
    await dataSource.initialize();
    await migrateLockout(dataSource);
    const store = new TypeormLockoutStore(dataSource);
    await store.init();
    const verified: string[] = [];

    const whose = lockout.findAccount
      ? { identifier: ({ body }: Input) => body.username }
      : { account: ({ body }: Input) => `id-${body.username}` };

    @Controller()
    class LoginController {
      @Post('login')
      @HttpCode(200)
      @Lockout({
        method: 'password',
        ...whose,
      })
      login(@Body() body: { username: string; password: string }) {
        verified.push(body.username);
        if (body.password !== 'right') throw new UnauthorizedException();
        return { ok: true };
      }
    }

    @Module({
      imports: [
        LockoutModule.forRoot({
          store,
          policies: definePolicies([
            { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(5) } },
          ]),
          secrets: [SECRET],
          sweepIntervalMs: 0,
          ...lockout,
        }),
      ],
      controllers: [LoginController],
    })
    class AppModule {}
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = testing.createNestApplication({ logger: false });
    await app.init();
    return new OutageApp(verified, app, app.get(LockoutEngine), dataSource, store);
  }

  async login(username: string, password: string): Promise<TimedAnswer> {
    const startedAt = performance.now();
    const { status, headers } = await request(this.app.getHttpServer())
      .post('/login')
      .send({ username, password });
    return { status, retryAfter: Number(headers['retry-after']), tookMs: performance.now() - startedAt };
  }

  /** Signs in until it is answered otherwise than 503; how long that took, ms. */
  async back(username: string, password: string): Promise<TimedAnswer> {
    const startedAt = performance.now();
    for (;;) {
      const answer = await this.login(username, password);
      const tookMs = performance.now() - startedAt;
      if (answer.status !== 503 || tookMs > 20_000) return { ...answer, tookMs };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.store.close();
    await this.dataSource.destroy();
  }
}

/** Resolves once the condition holds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('It never came true.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
