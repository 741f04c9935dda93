import { describe, expect, it } from '@jest/globals';
import { type CanActivate, Inject, Injectable, Module, Scope } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LockoutConfigError, LockoutEngine, LockoutModule } from 'nestjs-lockout';
import { LockoutAdminModule, type LockoutAdminOptions } from 'nestjs-lockout/admin';
import { MemoryLockoutStore } from 'nestjs-lockout/testing';
import { AdminGuard, doubling, PLATFORMS, SECRET, startAdminApp } from './admin-app.js';

const actor = () => 'admin';

const lockout = () =>
  LockoutModule.forRoot({
    store: new MemoryLockoutStore(() => 1_900_000_000_000),
    secrets: [SECRET],
    policies: [doubling],
    labels: true,
    sweepIntervalMs: 0,
  });

async function start(
  platform: string,
  imports: NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>,
) {
  const testing = await Test.createTestingModule({ imports: [lockout(), ...imports] }).compile();
  testing.useLogger(false);
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = testing.createNestApplication(adapter, { logger: false });
  try {
    await app.listen(0, '127.0.0.1');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

const problemsOf = async (attempt: () => unknown): Promise<readonly string[]> => {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof LockoutConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('LockoutAdminModule does not start', () => {
  it.each([
    ['an empty list', { guards: [], actor }],
    ['none', { actor }],
    ['something else', { guards: 'AdminGuard', actor }],
  ])('P11: without a guard (%s), and says what to add', async (_, options) => {
    const problems = await problemsOf(() => LockoutAdminModule.forRoot(options as never));
    expect(problems).toEqual([expect.stringContaining('guards: [YourAdminGuard]')]);
  });

  it('P11: with a guard that is not there because of a circular import', async () => {
    const problems = await problemsOf(() =>
      LockoutAdminModule.forRoot({ guards: [undefined as never], actor }),
    );
    expect(problems).toEqual([expect.stringContaining('circular import')]);
  });

  it('with other wrong options, all named in one error', async () => {
    const wrong = { guards: [], actor: 'admin', can: 5, canUnlock: true, bulkMaximum: 0 };
    expect(await problemsOf(() => LockoutAdminModule.forRoot(wrong as never))).toHaveLength(5);
    expect(await problemsOf(() => LockoutAdminModule.forRoot(undefined as never))).toHaveLength(2);
  });

  it('with wrong realms or messages, each named', async () => {
    const wrong = {
      guards: [AdminGuard],
      actor,
      realms: ['staff', 'no realm', 'Staff', 5],
      messages: { 'explain.nothing': 'x', 'explain.off': '{nobody}', 'summary.allowed': '{' },
    };
    const problems = await problemsOf(() => LockoutAdminModule.forRoot(wrong as never));
    expect(problems).toEqual([
      expect.stringContaining('realms[1] is no realm: '),
      'LockoutAdminModule realms has "staff" twice.',
      expect.stringContaining('realms[3] is no realm: '),
      expect.stringContaining('LockoutAdminModule messages["explain.nothing"] is no message'),
      expect.stringContaining('LockoutAdminModule messages["explain.off"] has a place {nobody}'),
      expect.stringContaining('LockoutAdminModule messages["summary.allowed"] cannot be read: '),
    ]);
    for (const realms of [[], 'staff', {}]) {
      const options = { guards: [AdminGuard], actor, realms };
      expect(await problemsOf(() => LockoutAdminModule.forRoot(options as never))).toEqual([
        'LockoutAdminModule realms must be a list of at least one realm.',
      ]);
    }
  });

  describe.each(PLATFORMS)('on %s', (platform) => {
    it('P11: when the factory gives no guard', async () => {
      const admin = LockoutAdminModule.forRootAsync({ useFactory: async () => ({ guards: [], actor }) });
      expect(await problemsOf(() => start(platform, [admin]))).toEqual([
        expect.stringContaining('has no guard'),
      ]);
    });

    it('P11: with a guard whose dependencies are missing, or that is made anew for each request', async () => {
      @Injectable()
      class NeedyGuard implements CanActivate {
        constructor(@Inject('nobody provides this') readonly missing: unknown) {}
        canActivate = () => true;
      }
      @Injectable({ scope: Scope.REQUEST })
      class RequestGuard implements CanActivate {
        canActivate = () => true;
      }
      @Module({ providers: [RequestGuard], exports: [RequestGuard] })
      class GuardModule {}
      const withGuard = (guard: typeof NeedyGuard | typeof RequestGuard) =>
        LockoutAdminModule.forRoot({ guards: [guard], actor });
      expect(await problemsOf(() => start(platform, [withGuard(NeedyGuard)]))).toEqual([
        expect.stringContaining('NeedyGuard'),
      ]);
      expect(await problemsOf(() => start(platform, [GuardModule, withGuard(RequestGuard)]))).toEqual([
        expect.stringContaining('request-scoped'),
      ]);
    });
  });
});

describe.each(PLATFORMS)('LockoutAdminModule starts on %s', (platform) => {
  @Injectable()
  class Sessions {
    isAdmin = (request: { headers: Record<string, string> }) => request.headers['x-user'] === 'admin';
  }
  @Injectable()
  class SessionGuard implements CanActivate {
    constructor(@Inject(Sessions) private readonly sessions: Sessions) {}
    canActivate: CanActivate['canActivate'] = (context) =>
      this.sessions.isAdmin(context.switchToHttp().getRequest());
  }
  @Module({ providers: [Sessions, SessionGuard], exports: [Sessions] })
  class SessionModule {}

  const statuses = async (url: string, path: string) =>
    Promise.all(
      ['admin', 'alice'].map(
        async (user) => (await fetch(url + path, { headers: { 'x-user': user } })).status,
      ),
    );

  it('with a guard that another module provides, and with options of a factory', async () => {
    const app = await start(platform, [
      SessionModule,
      LockoutAdminModule.forRootAsync({
        path: 'admin/lockout',
        imports: [SessionModule],
        inject: [Sessions],
        useFactory: async (sessions: Sessions): Promise<LockoutAdminOptions> => {
          expect(sessions).toBeInstanceOf(Sessions);
          return { guards: [SessionGuard], actor };
        },
      }),
    ]);
    const url = await app.getUrl();
    expect(await statuses(url, '/admin/lockout/accounts')).toEqual([200, 403]);
    expect(await statuses(url, '/lockout/accounts')).toEqual([404, 404]);
    await app.close();
  });

  it('OS-8: twice, with a path, guards and permissions for each realm', async () => {
    const only = (permitted: string) => (_: string, realm: string) => realm === permitted;
    const app = await start(platform, [
      LockoutAdminModule.forRoot({ path: 'it', guards: [AdminGuard], actor, can: only('it') }),
      LockoutAdminModule.forRoot({
        path: 'users',
        guards: [{ canActivate: () => false }],
        actor,
        can: only('users'),
      }),
    ]);
    await app.get(LockoutEngine).lock({ account: 'a', realm: 'it' }, null, { by: 'x', reason: 'y' });
    const url = await app.getUrl();
    expect(await statuses(url, '/it/accounts/it/a')).toEqual([200, 403]);
    expect(await statuses(url, '/it/accounts/users/a')).toEqual([403, 403]);
    expect(await statuses(url, '/users/accounts/it/a')).toEqual([403, 403]);
    await app.close();
  });

  it('below a global prefix', async () => {
    const admin = await startAdminApp({ platform, prefix: 'api' });
    await admin.fail('alice', 3);
    expect((await admin.get('/api/lockout/accounts')).body.items).toHaveLength(1);
    expect((await admin.get('/api/lockout/accounts/default/alice')).status).toBe(200);
    expect((await admin.get('/lockout/accounts')).status).toBe(404);
    await admin.close();
  });
});
