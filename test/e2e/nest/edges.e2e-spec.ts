import { afterEach, describe, expect, test } from '@jest/globals';
import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  HttpCode,
  type NestInterceptor,
  Post,
  Res,
  UnauthorizedException,
  UseInterceptors,
} from '@nestjs/common';
import { Lockout } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { type Observable, retry } from 'rxjs';
import { turns } from '../../support/gate.js';
import {
  type LoginApp,
  type LoginAppOptions,
  PEOPLE,
  PLATFORMS,
  policy,
  startLoginApp,
} from '../../support/login-app.js';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

let verified: string[] = [];

async function verify({ username, password }: Credentials): Promise<{ signedIn: string }> {
  verified.push(password);
  await turns(5);
  const person = PEOPLE[username];
  if (person?.password !== password) throw new UnauthorizedException();
  return { signedIn: person.id };
}

/** Runs the handler once more when it fails, as applications do against databases that come back. */
class RetryInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(retry(1));
  }
}

const PASSWORD = {
  method: 'password',
  identifier: (request: { body: Readonly<Record<string, unknown>> }) => request.body['username'],
} as const;

@Controller('plain')
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout(PASSWORD)
  login(@Body() body: Credentials) {
    return verify(body);
  }
}

@Controller('retried')
@UseInterceptors(RetryInterceptor)
class RetriedController {
  @Post('login')
  @HttpCode(200)
  @Lockout(PASSWORD)
  login(@Body() body: Credentials) {
    return verify(body);
  }
}

@Controller('final')
class FinalController {
  @Post('throwing')
  @HttpCode(200)
  @Lockout({
    ...PASSWORD,
    final: () => {
      throw new TypeError('mfa of undefined');
    },
  })
  throwing(@Body() body: Credentials) {
    return verify(body);
  }
}

/** What accessors read of a body that is not there. */
interface Sent {
  readonly body: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
}
const ALICE = { method: 'password', account: () => '1' } as const;
const tenantOf = ({ body }: Sent): string => body['tenant'] as string;

@Controller('bodiless')
class BodilessController {
  @Post('account')
  @Lockout<Sent>({ method: 'password', account: ({ body }) => ({ unknown: body['username'] as string }) })
  account() {
    return verify({ username: '', password: '' });
  }

  @Post('looked-up')
  @Lockout<Sent>({ method: 'password', account: async ({ body }) => body['username']?.trim() ?? 'x' })
  lookedUp() {
    return verify({ username: '', password: '' });
  }

  @Post('realm')
  @Lockout<Sent>({ ...ALICE, realm: tenantOf })
  realm() {
    return verify({ username: '', password: '' });
  }

  @Post('brand')
  @Lockout<Sent>({ ...ALICE, brand: tenantOf })
  brand() {
    return verify({ username: '', password: '' });
  }

  @Post('device')
  @Lockout<Sent>({ ...ALICE, device: tenantOf })
  device() {
    return verify({ username: '', password: '' });
  }

  @Post('custom')
  @Lockout<Sent>({ ...ALICE, custom: (request) => ({ tenant: tenantOf(request) }) })
  custom() {
    return verify({ username: '', password: '' });
  }

  /** A fault of the application's own, whatever was sent. */
  @Post('fault')
  @Lockout({
    method: 'password',
    account: () => {
      throw new RangeError('a fault');
    },
  })
  fault(): void {}

  @Post('nested')
  @Lockout<{ readonly body: { readonly who: { readonly id: string } } }>({
    method: 'password',
    account: async ({ body }) => body.who.id.trim(),
  })
  nested(): void {}
}

@Controller()
class RedirectingController {
  @Post('redirecting')
  @Lockout(PASSWORD)
  async redirecting(
    @Body() body: Credentials,
    @Res({ passthrough: true }) response: { status(code: number): unknown },
  ): Promise<void> {
    await verify(body);
    response.status(303);
  }
}

describe.each(PLATFORMS)('at the edges of @Lockout, on %s', (platform) => {
  let app: LoginApp;
  const start = async (options: Partial<LoginAppOptions> = {}): Promise<void> => {
    verified = [];
    app = await startLoginApp({
      platform,
      metadata: {
        controllers: [
          LoginController,
          RetriedController,
          FinalController,
          BodilessController,
          RedirectingController,
        ],
      },
      ...options,
    });
  };
  afterEach(() => app.close());
  const alice = (password: string) => ({ username: 'alice', password });
  const counter = async () => (await app.engine.status({ account: '1' })).counters[0];

  describe.each<[string, string, LoginAppOptions['prepare']]>([
    ['the class', '/retried/login', undefined],
    ['the whole application', '/plain/login', (nest) => nest.useGlobalInterceptors(new RetryInterceptor())],
  ])('with a retry() on %s', (_where, path, prepare) => {
    const five = (): Partial<LoginAppOptions> => ({
      lockout: { waitMs: 0, policies: [policy({ threshold: 5 })] },
      ...(prepare ? { prepare } : {}),
    });

    test('200 parallel wrong guesses verify exactly five credentials: each run is charged (P1, R42)', async () => {
      await start(five());
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) => app.post(path, alice(`x${n}`))),
      );
      expect(verified).toHaveLength(5);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
      expect((await app.post(path, alice('right'))).status).toBe(429);
      expect(verified).toHaveLength(5);
    });

    test('one after the other, they verify five too, and each run counts (P1)', async () => {
      await start(five());
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1) statuses.push((await app.post(path, alice(`x${n}`))).status);
      expect(statuses).toEqual([401, 401, 429, 429, 429, 429]);
      expect(verified).toEqual(['x0', 'x0', 'x1', 'x1', 'x2']);
    });
  });

  test('a redirect that nobody announced is a failure, and the log says once what to do (R8, R36)', async () => {
    const lines: string[] = [];
    const warn = (message: unknown) => void lines.push(String(message));
    await start({ prepare: (nest) => nest.useLogger({ log: () => {}, error: () => {}, warn }) });
    for (let n = 0; n < 2; n += 1) expect((await app.post('/redirecting', alice('right'))).status).toBe(303);
    expect(await counter()).toMatchObject({ failures: 2 });
    const told = lines.filter((line) => /redirect/.test(line));
    expect(told).toEqual([expect.stringMatching(/^A "password" handler answered 303, .* outcome test\.$/)]);
  });

  test('a final() that throws is a fault: the attempt is abandoned, and never presumed a failure (P5, R3)', async () => {
    await start({ lockout: { policies: [policy({ attemptTimeoutMs: minutes(1) })] } });
    for (let n = 1; n <= 3; n += 1) {
      expect((await app.post('/final/throwing', alice('right'))).status).toBe(500);
      expect(await counter()).toMatchObject({ failures: 0, inFlight: 0 });
    }
    await app.clock.advance(minutes(2));
    expect((await app.post('/plain/login', alice('right'))).status).toBe(200);
    expect(verified).toHaveLength(4);
  });

  test('a final() that throws clears nothing that stood', async () => {
    await start();
    await app.post('/plain/login', alice('wrong'));
    expect((await app.post('/final/throwing', alice('right'))).status).toBe(500);
    expect(await counter()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  test.each(['account', 'looked-up', 'realm', 'brand', 'device', 'custom'])(
    'an accessor (%s) that looks into a body that was not sent is answered 400, and nothing counts (R20)',
    async (name) => {
      await start({ lockout: { policies: [policy(), policy({ name: 'by-address', scope: ['address'] })] } });
      for (let n = 1; n <= 4; n += 1) {
        const answer = await app.post(`/bodiless/${name}`);
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(answer.body).toMatchObject({
          type: 'urn:nestjs-lockout:bad-input',
          detail: 'The request has no body.',
        });
      }
      expect(verified).toEqual([]);
      expect(await counter()).toBeUndefined();
      expect((await app.engine.accounts.addressStatus('127.0.0.1')).counters).toEqual([]);
    },
  );

  test('any other fault of an accessor stays one: 500', async () => {
    await start();
    expect((await app.post('/bodiless/fault')).status).toBe(500);
    expect((await app.post('/bodiless/nested', { who: null })).status).toBe(500);
  });
});
