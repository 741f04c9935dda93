import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Controller,
  Get,
  Inject,
  Injectable,
  type LoggerService,
  Module,
  Post,
  Redirect,
  Res,
  Scope,
  Sse,
  UnauthorizedException,
} from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  Lockout,
  LockoutChecks,
  LockoutConfigError,
  LockoutEngine,
  LockoutModule,
  type LockoutModuleOptions,
  StoreError,
} from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { reachFive, seconds } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { Strategy } from 'passport-local';
import { NEVER, type Observable } from 'rxjs';
import { findAccount, policy, SECRET } from '../../support/login-app.js';

const clock = new FakeClock();
const sound = (): LockoutModuleOptions => ({
  store: new MemoryLockoutStore(clock.now),
  secrets: [SECRET],
  policies: [policy()],
  findAccount,
});

interface Metadata {
  readonly controllers?: readonly (new () => object)[];
  readonly providers?: readonly (new () => object)[];
}

const closers: (() => Promise<void>)[] = [];
let logged: string[] = [];

const LOGGER: LoggerService = {
  log: () => {},
  error: () => {},
  warn: (message: unknown) => void logged.push(String(message)),
};

/** Starts an application; rejects as `app.init()` does. */
async function start(options: LockoutModuleOptions, { controllers = [], providers = [] }: Metadata = {}) {
  const testing = await Test.createTestingModule({
    imports: [LockoutModule.forRoot(options)],
    controllers: [...controllers],
    providers: [...providers],
  })
    .setLogger(LOGGER)
    .compile();
  const app = testing.createNestApplication();
  closers.push(() => app.close());
  return app.init();
}

const problemsOf = async (starting: Promise<unknown>): Promise<readonly string[]> => {
  const error: unknown = await starting.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LockoutConfigError);
  return (error as LockoutConfigError).problems;
};
const ids = (lines: readonly string[]): string[] =>
  lines.map((line) => /^LCK\d+/.exec(line)?.[0] ?? line).sort();

const environment = process.env['NODE_ENV'];
beforeEach(() => {
  logged = [];
});
afterEach(async () => {
  process.env['NODE_ENV'] = environment;
  for (const close of closers.splice(0)) await close();
});

const LOOKED_UP = {
  method: 'password',
  identifier: (request: { body: Record<string, unknown> }) => request.body['name'],
};

describe('start-up', () => {
  test('a sound set-up starts and says nothing', async () => {
    @Controller()
    class LoginController {
      @Post()
      @Lockout(LOOKED_UP)
      login(): void {}
    }
    const app = await start(sound(), { controllers: [LoginController] });
    expect(app.get(LockoutChecks).results).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('every problem of options, secrets, policies and handlers comes in one error', async () => {
    @Controller()
    class LoginController {
      @Post('redirecting')
      @Redirect('/')
      @Lockout(LOOKED_UP)
      redirecting(): void {}
    }
    const options = {
      ...sound(),
      store: undefined as never,
      secrets: ['short'],
      policies: [],
      findAccount: undefined,
      disclose: 'nothing',
      waitMs: -1,
      sweepIntervalMs: 0.5,
    } satisfies Partial<LockoutModuleOptions> & { store: never };
    const problems = await problemsOf(
      start(options as LockoutModuleOptions, { controllers: [LoginController] }),
    );
    const text = problems.join('\n');
    for (const part of [
      /LCK001: store is missing/,
      /LCK001: .*policies is empty/,
      /LCK001: waitMs/,
      /LCK001.*sweepIntervalMs/,
      /LCK001: .*secrets\[0\]/,
      /LCK006/,
      /LCK008 \(LoginController\.redirecting\)/,
      /LCK009 \(LoginController\.redirecting\)/,
    ]) {
      expect(text).toMatch(part);
    }
    expect(text).not.toContain('short\n');
  });

  test('options that a factory fails to give are named', async () => {
    @Module({
      imports: [LockoutModule.forRootAsync({ useFactory: () => undefined as never })],
    })
    class AppModule {}
    await expect(Test.createTestingModule({ imports: [AppModule] }).compile()).rejects.toThrow(
      /useFactory must return them/,
    );
  });

  test('forRootAsync gets its dependencies and starts', async () => {
    @Module({ providers: [{ provide: 'SECRET', useValue: SECRET }], exports: ['SECRET'] })
    class ConfigModule {}
    const testing = await Test.createTestingModule({
      imports: [
        LockoutModule.forRootAsync({
          imports: [ConfigModule],
          inject: ['SECRET'],
          useFactory: async (secret: string) => ({ ...sound(), secrets: [secret] }),
        }),
      ],
    }).compile();
    const app = await testing.createNestApplication().init();
    closers.push(() => app.close());
    expect(app.get(LockoutEngine).keys.fingerprints()).toHaveLength(1);
  });

  test('LCK002 a typed secret', async () => {
    await start({ ...sound(), secrets: ['change-me-change-me-change-me-change-me'] });
    await start({ ...sound(), secrets: ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'] });
    expect(ids(logged)).toEqual(['LCK002', 'LCK002']);
    expect(logged.join()).not.toMatch(/change-me|aaaa/);
  });

  test('LCK003 the memory store in production (pitfalls 12 and 13)', async () => {
    process.env['NODE_ENV'] = 'production';
    await start(sound());
    expect(ids(logged)).toEqual(['LCK003']);
  });

  test("LCK004 a 'trust proxy' on Express that trusts everybody refuses to start; naming the proxies does not (pitfall 6)", async () => {
    const trusting = async (value: unknown) => {
      const testing = await Test.createTestingModule({ imports: [LockoutModule.forRoot(sound())] }).compile();
      const app = testing.createNestApplication();
      closers.push(() => app.close());
      app.getHttpAdapter().getInstance().set('trust proxy', value);
      return app.init();
    };
    for (const everybody of [true, () => true, 1_000_000]) {
      expect(ids(await problemsOf(trusting(everybody)))).toEqual(['LCK004']);
    }
    for (const somebody of [1, 'loopback', (address: string) => address === '10.0.0.1', false]) {
      await trusting(somebody);
    }
  });

  test('LCK004 the same for trustProxy on Fastify', async () => {
    // Fastify takes a number of hops too; its types leave that out.
    const trusting = async (value: unknown) => {
      const trustProxy = value as boolean;
      const testing = await Test.createTestingModule({ imports: [LockoutModule.forRoot(sound())] }).compile();
      const app = testing.createNestApplication(new FastifyAdapter({ trustProxy }));
      closers.push(() => app.close());
      return app.init();
    };
    for (const everybody of [true, () => true, 1_000_000]) {
      expect(ids(await problemsOf(trusting(everybody)))).toEqual(['LCK004']);
    }
    for (const somebody of ['127.0.0.1', 1, 'loopback', (address: string) => address === '10.0.0.1', false]) {
      await trusting(somebody);
    }
  });

  test('LCK005 two set-ups in one application', async () => {
    @Module({ imports: [LockoutModule.forRoot(sound())] })
    class FeatureModule {}
    const testing = await Test.createTestingModule({
      imports: [FeatureModule, LockoutModule.forRoot(sound())],
    }).compile();
    const app = testing.createNestApplication();
    closers.push(() => app.close());
    expect(ids(await problemsOf(app.init()))).toEqual(['LCK005']);
  });

  test('LCK007 a store that knows other secrets (R21)', async () => {
    const store = Object.assign(new MemoryLockoutStore(clock.now), {
      assertFingerprints: async (fingerprints: readonly string[]) => {
        throw new Error(`The store was written under other secrets than the ${fingerprints.length} given.`);
      },
    });
    expect(await problemsOf(start({ ...sound(), store }))).toEqual([
      'LCK007: The store was written under other secrets than the 1 given.',
    ]);
  });

  test('LCK022 a store that does not answer, which says nothing of secrets', async () => {
    const store = Object.assign(new MemoryLockoutStore(clock.now), {
      assertFingerprints: () => Promise.reject(new StoreError('unreachable', 'Connection refused.')),
    });
    expect(await problemsOf(start({ ...sound(), store }))).toEqual([
      'LCK022: The store cannot be asked: Connection refused.',
    ]);
  });

  test('LCK009 handlers without a telling status: redirects, GraphQL, sockets, RPC (R36)', async () => {
    const mark = (key: string) => (_target: object, _name: string | symbol, descriptor: PropertyDescriptor) =>
      Reflect.defineMetadata(key, 'x', descriptor.value as object);

    @Controller()
    class Redirecting {
      @Get('silent')
      @Redirect('/')
      @Lockout(LOOKED_UP)
      silent(): void {}

      @Get('told')
      @Redirect('/')
      @Lockout({ ...LOOKED_UP, outcome: () => 'failure' })
      told(): void {}
    }
    @Injectable()
    class Resolver {
      @mark('graphql:resolver_type')
      @Lockout(LOOKED_UP)
      graphql(): void {}

      @mark('websockets:message_mapping')
      @Lockout(LOOKED_UP)
      ws(): void {}

      @mark('microservices:pattern')
      @Lockout(LOOKED_UP)
      rpc(): void {}
    }
    const problems = await problemsOf(start(sound(), { controllers: [Redirecting], providers: [Resolver] }));
    expect(ids(problems)).toEqual(['LCK009', 'LCK009', 'LCK009', 'LCK009']);
    expect(problems.join()).not.toContain('told');
  });

  test('LCK010 a handler that answers by itself could not be refused in time (R6)', async () => {
    @Controller()
    class LoginController {
      @Post('own')
      @Lockout(LOOKED_UP)
      own(@Res() _response: unknown): void {}

      @Post('passing')
      @Lockout(LOOKED_UP)
      passing(@Res({ passthrough: true }) _response: unknown): void {}
    }
    const problems = await problemsOf(start(sound(), { controllers: [LoginController] }));
    expect(problems).toEqual([expect.stringMatching(/^LCK010 \(LoginController\.own\)/)]);
  });

  test('LCK010 an event stream would hold its attempt until it ends (R3)', async () => {
    @Controller()
    class StreamController {
      @Sse('events')
      @Lockout(LOOKED_UP)
      events(): Observable<never> {
        return NEVER;
      }
    }
    expect(await problemsOf(start(sound(), { controllers: [StreamController] }))).toEqual([
      expect.stringMatching(/^LCK010 \(StreamController\.events\): An event stream/),
    ]);
  });

  test('LCK011 an account that is what was typed (R19, pitfall 4)', async () => {
    interface Login {
      readonly body: { readonly username: string };
    }
    @Controller()
    class LoginController {
      @Post('1')
      @Lockout<Login>({ method: 'password', account: (request) => request.body.username })
      bare(): void {}

      @Post('2')
      @Lockout<Login>({ method: 'password', account: ({ body }) => ({ unknown: body.username }) })
      nobody(): void {}

      @Post('3')
      @Lockout<Login>({
        method: 'password',
        account: async (request) => findAccount(request.body.username) ?? 'x',
      })
      lookedUp(): void {}
    }
    @Injectable()
    @LockoutStrategy({ method: 'password', account: (username) => String(username) })
    class BareStrategy extends PassportStrategy(Strategy, 'bare') {
      constructor() {
        super();
      }

      validate(): boolean {
        return true;
      }
    }
    await start(sound(), { controllers: [LoginController], providers: [BareStrategy] });
    expect(logged).toEqual([
      expect.stringMatching(/^LCK011 \(LoginController\.bare\)/),
      expect.stringMatching(/^LCK011 \(BareStrategy\)/),
    ]);
  });

  test('LCK012 @Lockout where Nest runs no guard', async () => {
    @Injectable()
    class LoginService {
      @Lockout(LOOKED_UP)
      login(): void {}
    }
    expect(await problemsOf(start(sound(), { providers: [LoginService] }))).toEqual([
      expect.stringMatching(/^LCK012 \(LoginService\.login\)/),
    ]);
  });

  test('LCK013 a Passport strategy without protection, unless it is silenced (pitfall 5)', async () => {
    @Injectable()
    class OpenStrategy extends PassportStrategy(Strategy, 'open') {
      constructor() {
        super();
      }

      validate(): boolean {
        return true;
      }
    }
    const app = await start(sound(), { providers: [OpenStrategy] });
    expect(logged).toEqual([expect.stringMatching(/^LCK013 \(OpenStrategy\)/)]);
    expect(app.get(LockoutChecks).results).toMatchObject([
      { id: 'LCK013', level: 'warning', subject: 'OpenStrategy' },
    ]);
    logged = [];
    await start({ ...sound(), silencedChecks: ['LCK013:OpenStrategy'] }, { providers: [OpenStrategy] });
    expect(logged).toEqual([]);
  });

  test('LCK008 and LCK014 a protected strategy that could not be charged', async () => {
    @Injectable()
    @LockoutStrategy({ method: 'password', verifyProperty: '_elsewhere' })
    class LostStrategy extends PassportStrategy(Strategy, 'lost') {
      constructor() {
        super();
      }

      validate(): boolean {
        return true;
      }
    }
    const { findAccount: _left, ...options } = sound();
    expect(ids(await problemsOf(start(options, { providers: [LostStrategy] })))).toEqual([
      'LCK008',
      'LCK014',
    ]);
  });

  test.each([
    ['request', Scope.REQUEST],
    ['transient', Scope.TRANSIENT],
  ])(
    'LCK014 a protected strategy in the %s scope, which no engine is ever bound to (R40)',
    async (_name, scope) => {
      @Injectable({ scope })
      @LockoutStrategy({ method: 'password' })
      class ScopedStrategy extends PassportStrategy(Strategy, 'scoped') {
        constructor() {
          super();
        }

        validate(): boolean {
          return true;
        }
      }
      expect(await problemsOf(start(sound(), { providers: [ScopedStrategy] }))).toEqual([
        expect.stringMatching(/^LCK014 \(ScopedStrategy\): .*no singleton/),
      ]);
    },
  );

  test('LCK014 a protected strategy that depends on something made for each request (R40)', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Tenant {}
    @Injectable()
    @LockoutStrategy({ method: 'password' })
    class TenantStrategy extends PassportStrategy(Strategy, 'tenant') {
      constructor(@Inject(Tenant) readonly tenant: Tenant) {
        super();
      }

      validate(): boolean {
        return true;
      }
    }
    expect(await problemsOf(start(sound(), { providers: [Tenant, TenantStrategy as never] }))).toEqual([
      expect.stringMatching(/^LCK014 \(TenantStrategy\): .*no singleton/),
    ]);
  });

  test('LCK014 a protected strategy without the module; with it, its own hook is called as ever', async () => {
    let begun = 0;
    @Injectable()
    @LockoutStrategy({ method: 'password' })
    class LonelyStrategy extends PassportStrategy(Strategy, 'lonely') {
      constructor() {
        super();
      }

      validate(): boolean {
        return true;
      }

      onApplicationBootstrap(): void {
        begun += 1;
      }
    }
    const alone = await Test.createTestingModule({ providers: [LonelyStrategy] })
      .setLogger(LOGGER)
      .compile();
    expect(await problemsOf(alone.init())).toEqual([
      expect.stringMatching(/^LCK014 \(LonelyStrategy\): .*Import LockoutModule/),
    ]);
    expect(begun).toBe(0);
    await start(sound(), { providers: [LonelyStrategy] });
    expect(begun).toBe(1);
  });

  test('LCK015 several routes under the @Lockout of their class, where a page would clear the count (P4)', async () => {
    @Controller('shared')
    @Lockout(LOOKED_UP)
    class SharedController {
      @Post('login')
      login(): void {}

      @Get('page')
      page(): void {}
    }
    @Controller('alone')
    @Lockout(LOOKED_UP)
    class AloneController {
      @Post('login')
      login(): void {}

      @Post('otp')
      @Lockout({ ...LOOKED_UP, method: 'otp' })
      otp(): void {}

      notARoute(): void {}
    }
    @Controller('told')
    @Lockout({ ...LOOKED_UP, outcome: () => 'failure' })
    class ToldController {
      @Post('login')
      login(): void {}

      @Get('page')
      page(): void {}
    }
    await start(sound(), { controllers: [SharedController, AloneController, ToldController] });
    expect(logged).toEqual([expect.stringMatching(/^LCK015 \(SharedController\): .*\(login, page\)/)]);
    logged = [];
    await start(
      { ...sound(), silencedChecks: ['LCK015:SharedController'] },
      { controllers: [SharedController] },
    );
    expect(logged).toEqual([]);
  });

  test('LCK104 unknownAccounts ignore is said aloud (R47), and a lock that outlives its window', async () => {
    await start({
      ...sound(),
      policies: [policy({ unknownAccounts: 'ignore', window: { kind: 'idle', durationMs: seconds(1) } })],
    });
    // A second of memory lets a single address guess on and on, too.
    expect(ids(logged)).toEqual(['LCK101', 'LCK104', 'LCK110']);
    logged = [];
    await start({ ...sound(), policies: reachFive() });
    expect(logged).toEqual([]);
  });

  test('errors cannot be silenced', async () => {
    const options: LockoutModuleOptions = { ...sound(), disclose: 'nothing', silencedChecks: ['LCK006'] };
    expect(ids(await problemsOf(start(options)))).toEqual(['LCK006']);
    await start({ ...options, refusal: () => new UnauthorizedException() });
  });

  test('a decorated strategy without LockoutModule answers no one (R40)', async () => {
    @Injectable()
    @LockoutStrategy({ method: 'password' })
    class UnboundStrategy extends PassportStrategy(Strategy, 'unbound') {
      constructor() {
        super();
      }

      validate(): boolean {
        return true;
      }
    }
    const errors: unknown[] = [];
    const run = Object.assign(Object.create(new UnboundStrategy()) as UnboundStrategy, {
      success: () => errors.push('signed in'),
      error: (error: unknown) => errors.push(error),
    });
    run.authenticate({ body: { username: 'alice', password: 'right' } } as never);
    expect(errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/import LockoutModule/) }),
    ]);
  });

  test('decorating twice, or without what is needed, fails at definition', () => {
    expect(() => LockoutStrategy({ method: 'password' })(class Plain {})).toThrow(/no Passport strategy/);
    @LockoutStrategy({ method: 'password' })
    class Parent extends PassportStrategy(Strategy, 'parent') {
      validate(): boolean {
        return true;
      }
    }
    expect(() => LockoutStrategy({ method: 'otp' })(class Child extends Parent {})).toThrow(
      /protected already/,
    );
    expect(() => Lockout({ method: '', identifier: () => 'x' })).toThrow(/needs a method/);
    expect(() => Lockout({ method: 'password' } as never)).toThrow(/identifier or account/);
  });
});
