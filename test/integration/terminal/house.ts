import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CanActivate, ExecutionContext, INestApplication } from '@nestjs/common';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { type AccountRef, LockoutEngine, LockoutModule, type LockoutModuleOptions } from 'nestjs-lockout';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { definePolicies, hours, type LockoutPolicy } from 'nestjs-lockout/policy';
import { migrateLockout } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { databaseServers } from '../../support/databases.js';
import { openRedisStore, redisServers } from '../../support/redis-store.js';
import { connect, openStore } from '../../support/typeorm-store.js';

export const SECRET = 'mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs';

/** Locks are long: nothing ends by itself while a test looks at it twice. */
export const POLICIES: readonly LockoutPolicy[] = definePolicies([
  {
    name: 'login',
    threshold: 3,
    window: { kind: 'idle', durationMs: hours(12) },
    schedule: { kind: 'fixed', durationMs: hours(6) },
  },
  {
    name: 'address',
    scope: ['address'],
    threshold: 8,
    window: { kind: 'idle', durationMs: hours(12) },
    schedule: { kind: 'fixed', durationMs: hours(6) },
  },
]);

interface SignedIn {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const nameOf = (request: SignedIn): string | undefined => request.headers['x-user'];

/** Whoever is signed in as an `…admin`; 401 without anybody, 403 for others. */
@Injectable()
class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const user = nameOf(context.switchToHttp().getRequest<SignedIn>());
    if (!user) throw new UnauthorizedException('sign in first');
    return user.endsWith('admin');
  }
}

/** A store on a real server, and how the terminal is told of it. */
export interface Premises {
  readonly name: string;
  readonly create: () => Promise<{
    readonly store: LockoutModuleOptions['store'];
    /** For the terminal. */
    readonly database: readonly string[];
    readonly close: () => Promise<void>;
  }>;
}

/** The URL of a database of the tests. */
export function urlOf(options: DataSourceOptions): string {
  if (options.type === 'better-sqlite3') return `sqlite:${options.database}`;
  const { url = '', database } = options as { readonly url?: string; readonly database?: string };
  const location = new URL(url);
  if (database !== undefined) location.pathname = `/${database}`;
  return location.href.replace(/^\w+:/, `${options.type}:`);
}

const tables: readonly Premises[] = databaseServers.map((server) => ({
  name: server.name,
  create: async () => {
    const database = await server.create();
    const migrating = await connect(database.options);
    await migrateLockout(migrating);
    await migrating.destroy();
    const { store, close } = await openStore(database.options);
    return {
      store,
      database: ['--database', urlOf(database.options)],
      close: async () => {
        await close();
        await database.drop();
      },
    };
  },
}));

const redis: readonly Premises[] = redisServers.map(({ name, url }) => ({
  name,
  create: async () => {
    const prefix = `terminal-${randomBytes(6).toString('hex')}:`;
    const { store, close } = await openRedisStore([url], { prefix });
    return { store, database: ['--database', url, '--prefix', prefix], close };
  },
}));

/** Every kind of store that this machine has. */
export const premises: readonly Premises[] = [...tables, ...redis];

export interface House {
  readonly app: INestApplication;
  readonly engine: LockoutEngine;
  /** Options and environment that reach it over the API, as the administrator `admin`. */
  readonly api: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** The same straight at the store, with the policies in code. */
  readonly store: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** Without `/lockout`. */
  readonly origin: string;
  /** For files of a test. */
  readonly folder: string;
  /** Verified wrong credentials, one after the other. */
  fail(account: AccountRef, times: number, where?: { address?: string; realm?: string }): Promise<void>;
  isRefused(account: AccountRef, where?: { address?: string; realm?: string }): Promise<boolean>;
  close(): Promise<void>;
}

/** A real application on a real port and a real store, by the real clock. */
export async function openHouse(
  { create }: Premises,
  lockout: Partial<LockoutModuleOptions> = {},
): Promise<House> {
  const { store, database, close } = await create();
  const folder = mkdtempSync(join(tmpdir(), 'lockout-terminal-'));
  const policies = join(folder, 'policies.json');
  writeFileSync(policies, JSON.stringify(lockout.policies ?? POLICIES));
  const testing = await Test.createTestingModule({
    imports: [
      LockoutModule.forRoot({
        store,
        secrets: [SECRET],
        policies: POLICIES,
        labels: true,
        sweepIntervalMs: 0,
        // What the terminal did is seen by the very next decision.
        cacheMs: 0,
        ...lockout,
      }),
      LockoutAdminModule.forRoot<SignedIn>({
        guards: [AdminGuard],
        actor: (request) => nameOf(request) ?? '',
        can: (action, realm, request) =>
          nameOf(request) !== 'clerk-admin' || (action === 'view' && realm !== 'vault'),
        canUnlock: ({ account }) =>
          account === 'vip' ? { unlockable: false, reason: 'only the board may' } : { unlockable: true },
        support: (realm) => (realm === 'vault' ? 'the vault desk' : null),
      }),
    ],
    providers: [AdminGuard],
  }).compile();
  testing.useLogger(false);
  const app: INestApplication = testing.createNestApplication(new ExpressAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const origin = await app.getUrl();
  const engine = app.get(LockoutEngine);
  return {
    app,
    engine,
    origin,
    folder,
    api: { args: ['--url', `${origin}/lockout`], env: { LOCKOUT_HEADER: 'X-User: admin' } },
    store: { args: [...database, '--policies', policies], env: { LOCKOUT_SECRETS: SECRET } },
    async fail(account, times, where = {}) {
      for (let count = 0; count < times; count += 1) {
        const begun = await engine.begin({ account, method: 'password', ...where });
        if (!begun.allowed) throw new Error(`Attempt ${count + 1} was refused.`);
        await begun.attempt.fail();
      }
    },
    async isRefused(account, where = {}) {
      return (await engine.judge({ account, method: 'password', ...where })) !== null;
    },
    async close() {
      await app.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
