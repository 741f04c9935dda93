import { afterEach, describe, expect, test } from '@jest/globals';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { Lockout } from 'nestjs-lockout';
import { isObservable, lastValueFrom } from 'rxjs';
import { type LoginApp, PEOPLE, policy, startLoginApp } from '../../support/login-app.js';

interface LoginArgs {
  readonly username: string;
  readonly password: string;
}

let verified = 0;

function verify({ username, password }: LoginArgs): boolean {
  verified += 1;
  return PEOPLE[username]?.password === password;
}

/** As `@nestjs/graphql`, `@nestjs/websockets` and `@nestjs/microservices` mark their handlers. */
const marked =
  (key: string): MethodDecorator =>
  (_target, _name, descriptor) => {
    Reflect.defineMetadata(key, 'login', descriptor.value as object);
  };

const OPTIONS = {
  method: 'password',
  identifier: ({ username }: LoginArgs) => username,
  outcome: (ending: { kind: string; value?: unknown }) =>
    ending.kind === 'returned' ? (ending.value === true ? 'success' : 'failure') : 'abandoned',
} as const;

@Injectable()
class LoginResolver {
  @marked('graphql:resolver_type')
  @Lockout<LoginArgs>(OPTIONS)
  graphql(_parent: unknown, args: LoginArgs): boolean {
    return verify(args);
  }

  @marked('websockets:message_mapping')
  @Lockout<LoginArgs>(OPTIONS)
  ws(_client: unknown, args: LoginArgs): boolean {
    return verify(args);
  }

  @marked('microservices:pattern')
  @Lockout<LoginArgs>({
    ...OPTIONS,
    outcome: (ending) =>
      ending.kind === 'threw' && ending.error instanceof UnauthorizedException ? 'failure' : 'success',
  })
  rpc(args: LoginArgs): boolean {
    if (!verify(args)) throw new UnauthorizedException();
    return true;
  }
}

type Kind = 'graphql' | 'ws' | 'rpc';
type Handler = (...args: unknown[]) => Promise<unknown>;

/** One request object for all calls, as a GraphQL document with aliases has. */
const REQUEST = { ip: '192.0.2.1' };
const ARGUMENTS: Readonly<Record<Kind, (args: LoginArgs) => readonly unknown[]>> = {
  graphql: (args) => [undefined, args, { req: REQUEST }, {}],
  ws: (args) => [{ handshake: { address: '192.0.2.1' } }, args],
  rpc: (args) => [args],
};

describe('@Lockout outside HTTP', () => {
  let app: LoginApp;
  const start = async (kind: Kind, scope: 'account' | 'address' = 'account') => {
    verified = 0;
    app = await startLoginApp({
      metadata: { providers: [LoginResolver] },
      lockout: { waitMs: 0, policies: [policy({ scope: [scope] })] },
    });
    const resolver = app.app.get(LoginResolver);
    const handler = app.app
      .get(ExternalContextCreator)
      .create(
        resolver,
        resolver[kind] as unknown as Handler,
        kind,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        kind,
      ) as Handler;
    return async (password: string, username = 'alice') => {
      const answer = await handler(...ARGUMENTS[kind]({ username, password }));
      return isObservable(answer) ? lastValueFrom(answer) : answer;
    };
  };
  afterEach(() => app.close());

  test.each<Kind>(['graphql', 'ws', 'rpc'])(
    '%s: 100 aliases of one request are 100 attempts, and three verifications (R41, pitfall 30)',
    async (kind) => {
      const login = await start(kind);
      const answers = await Promise.allSettled(Array.from({ length: 100 }, () => login('wrong')));
      const refused = answers.filter(
        (answer) => answer.status === 'rejected' && !(answer.reason instanceof UnauthorizedException),
      );
      expect(verified).toBe(3);
      expect(refused).toHaveLength(97);
      await expect(login('right')).rejects.toMatchObject({ status: 429 });
      expect(await login('right', 'bob')).toBe(true);
    },
  );

  test.each<Kind>(['graphql', 'ws'])('%s: knows the address of the connection', async (kind) => {
    const login = await start(kind, 'address');
    for (const name of ['alice', 'bob', 'nobody']) await login('wrong', name);
    await expect(login('right')).rejects.toMatchObject({ status: 429 });
    expect((await app.engine.accounts.addressStatus('192.0.2.1')).locked).toBe(true);
  });

  test('rpc: without an address the policies by address do not watch', async () => {
    const login = await start('rpc', 'address');
    for (let n = 1; n <= 5; n += 1)
      await expect(login('wrong')).rejects.toBeInstanceOf(UnauthorizedException);
    expect(verified).toBe(5);
  });

  test('graphql: a name that cannot be one is bad input, and nothing is verified (R20)', async () => {
    const login = await start('graphql');
    await expect(login('right', '  ')).rejects.toMatchObject({ code: 'LOCKOUT_BAD_INPUT', status: 400 });
    expect(verified).toBe(0);
  });
});
