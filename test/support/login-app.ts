import type { ModuleMetadata } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LockoutEngine, LockoutModule, type LockoutModuleOptions } from 'nestjs-lockout';
import { definePolicy, type LockoutPolicy, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';

export const SECRET = 'mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs';

/** Three failures within an hour lock for five minutes. */
export const policy = (fields: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'login',
    threshold: 3,
    window: { kind: 'idle', durationMs: minutes(60) },
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    ...fields,
  } as PolicyInput);

export type Platform = 'express' | 'fastify';
export const PLATFORMS: readonly Platform[] = ['express', 'fastify'];

/** The people of the test applications: names are found whatever their case, as databases do. */
export const PEOPLE: Readonly<Record<string, { readonly id: string; readonly password: string }>> = {
  alice: { id: '1', password: 'right' },
  bob: { id: '2', password: 'right' },
};

export const findAccount = (identifier: string): string | null =>
  PEOPLE[identifier.toLowerCase()]?.id ?? null;

export interface LoginApp {
  readonly app: NestExpressApplication | NestFastifyApplication;
  readonly engine: LockoutEngine;
  readonly clock: FakeClock;
  readonly url: string;
  /** POSTs JSON. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface LoginAppOptions {
  readonly platform?: Platform;
  readonly lockout?: Partial<LockoutModuleOptions>;
  readonly metadata: ModuleMetadata;
  /** Default: a memory store by the clock. */
  readonly makeStore?: (clock: FakeClock) => LockoutModuleOptions['store'];
  /** Before the application is initialised. */
  readonly prepare?: (app: NestExpressApplication | NestFastifyApplication) => void;
}

/** A real application on a real port; only the store's clock is moved by hand. */
export async function startLoginApp(options: LoginAppOptions): Promise<LoginApp> {
  const clock = new FakeClock();
  const { imports = [], ...rest } = options.metadata;
  const testing = await Test.createTestingModule({
    ...rest,
    imports: [
      LockoutModule.forRoot({
        store: options.makeStore?.(clock) ?? new MemoryLockoutStore(clock.now),
        secrets: [SECRET],
        policies: [policy()],
        findAccount,
        ...options.lockout,
      }),
      ...imports,
    ],
  }).compile();
  testing.useLogger(false);
  const app =
    options.platform === 'fastify'
      ? testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false })
      : testing.createNestApplication<NestExpressApplication>(new ExpressAdapter(), { logger: false });
  options.prepare?.(app);
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    app,
    engine: app.get(LockoutEngine),
    clock,
    url,
    async post(path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        ...(body === undefined
          ? { headers }
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? {} : parse(text) };
    },
    close: () => app.close(),
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}
