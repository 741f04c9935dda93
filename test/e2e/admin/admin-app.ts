import type { CanActivate, DynamicModule, ExecutionContext, INestApplication } from '@nestjs/common';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type AccountRef, LockoutEngine, LockoutModule, type LockoutModuleOptions } from 'nestjs-lockout';
import { LockoutAdminModule, type LockoutAdminOptions } from 'nestjs-lockout/admin';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { serversOf } from '../../support/databases.js';

export const SECRET = 'mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs';

export type Platform = 'express' | 'fastify';
export const PLATFORMS: readonly Platform[] = ['express', 'fastify'];
export type StoreKind = 'memory' | 'SQLite';

/** Every platform on every store. */
export const HOUSES: readonly { readonly platform: Platform; readonly store: StoreKind }[] =
  PLATFORMS.flatMap((platform) => (['memory', 'SQLite'] as const).map((store) => ({ platform, store })));

/** Each platform and each store once: for what depends on both, but not on how they come together. */
export const HOUSES_ONCE = HOUSES.filter(
  ({ platform, store }) => (platform === 'express') === (store === 'memory'),
);

export interface SignedIn {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const nameOf = (request: SignedIn): string | undefined => request.headers['x-user'];

/** Whoever is signed in as an `…admin`; 401 without anybody, 403 for others. */
@Injectable()
export class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const user = nameOf(context.switchToHttp().getRequest<SignedIn>());
    if (!user) throw new UnauthorizedException('sign in first');
    return user.endsWith('admin');
  }
}

/** Three failures lock for five minutes, then each further one for twice as long as before. */
export const doubling = definePolicy({
  name: 'login',
  threshold: 3,
  window: { kind: 'idle', durationMs: minutes(60) },
  schedule: { kind: 'exponential', initialMs: minutes(5), factor: 2, by: 'lockouts' },
});

export interface AdminAppOptions {
  readonly platform: Platform;
  readonly store?: StoreKind;
  readonly lockout?: Partial<LockoutModuleOptions>;
  readonly admin?: Partial<LockoutAdminOptions<SignedIn>>;
  readonly prefix?: string;
  /** Further modules of the application. */
  readonly imports?: readonly DynamicModule[];
  /** Whatever else the application sets up before it listens. */
  readonly configure?: (app: INestApplication) => void;
}

/** Typed as if there were always one: a test that finds none fails all the same. */
type Some<T> = readonly [T, ...T[]];

interface LockRow {
  readonly id: string;
  readonly address: string;
  readonly since: string;
  readonly until: string;
}

interface Row {
  readonly id: string;
  readonly account: string;
  readonly type: string;
  readonly locks: Some<LockRow>;
}

/** The fields that tests read one by one, of all the answers there are. */
export interface Body {
  readonly items: Some<Row>;
  readonly nextCursor: string | null;
  readonly id: string;
  readonly now: string;
  readonly locks: Some<LockRow>;
  readonly counters: Some<{ readonly policy: string; readonly failures: number }>;
  readonly events: readonly unknown[];
  readonly errors: Some<{ readonly path: string }>;
  readonly message: string;
  readonly known: boolean | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Try {
  readonly realm?: string;
  readonly address?: string;
  readonly method?: string;
}

export interface AdminApp {
  readonly app: INestApplication;
  readonly engine: LockoutEngine;
  readonly clock: FakeClock;
  readonly url: string;
  /** As the administrator `admin`, unless the headers say otherwise. */
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** JSON with the admin header, as `admin`; an `undefined` header is not sent. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Answer>;
  /** As {@link post}, by any method. */
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<Answer>;
  /** Verified wrong credentials, one after the other. Fails when one of them is refused. */
  fail(account: AccountRef, times: number, where?: Try): Promise<void>;
  /** Whether an attempt would be refused now. */
  isRefused(account: AccountRef, where?: Try): Promise<boolean>;
  close(): Promise<void>;
}

async function openSqlite(
  clock: FakeClock,
): Promise<{ store: TypeormLockoutStore; close: () => Promise<void> }> {
  const [server] = serversOf('SQLite');
  if (!server) throw new Error('SQLite is always there.');
  const database = await server.create();
  const { options } = database;
  const dataSource = new DataSource({
    ...options,
    entities: lockoutEntities(options.type),
  } as DataSourceOptions);
  await dataSource.initialize();
  await migrateLockout(dataSource);
  const store = new TypeormLockoutStore(dataSource, { clock: clock.now });
  await store.init();
  return {
    store,
    close: async () => {
      await store.close();
      await dataSource.destroy();
      await database.drop();
    },
  };
}

/** A real application on a real port; only the clock is moved by hand. */
export async function startAdminApp({
  platform,
  store: kind = 'memory',
  lockout,
  admin,
  prefix,
  imports = [],
  configure,
}: AdminAppOptions): Promise<AdminApp> {
  const clock = new FakeClock();
  const { store, close } =
    kind === 'memory'
      ? { store: new MemoryLockoutStore(clock.now), close: async () => {} }
      : await openSqlite(clock);
  const testing = await Test.createTestingModule({
    imports: [
      LockoutModule.forRoot({
        store,
        secrets: [SECRET],
        policies: [doubling],
        labels: true,
        sweepIntervalMs: 0,
        ...lockout,
      }),
      LockoutAdminModule.forRoot<SignedIn>({
        guards: [AdminGuard],
        actor: (request) => nameOf(request) ?? '',
        ...admin,
      }),
      ...imports,
    ],
    providers: [AdminGuard],
  }).compile();
  testing.useLogger(false);
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app: INestApplication = testing.createNestApplication(adapter, { logger: false });
  if (prefix !== undefined) app.setGlobalPrefix(prefix);
  configure?.(app);
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    await close();
    throw error;
  }
  const url = await app.getUrl();
  const engine = app.get(LockoutEngine);
  return {
    app,
    engine,
    clock,
    url,
    get: (path, headers = {}) => send(url, path, { headers: { 'x-user': 'admin', ...headers } }),
    post: (path, body, headers = {}) => change(url, 'POST', path, body, headers),
    send: (method, path, body, headers = {}) => change(url, method, path, body, headers),
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
    },
  };
}

/** A state change, with everything that one needs; an `undefined` header is not sent. */
function change(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string | undefined>,
): Promise<Answer> {
  const all = { 'x-user': 'admin', 'x-lockout-admin': '1', 'content-type': 'application/json', ...headers };
  return send(url, path, {
    method,
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function send(url: string, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url + path, { redirect: 'manual', ...init });
  const text = await response.text();
  const isJson = /json\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
