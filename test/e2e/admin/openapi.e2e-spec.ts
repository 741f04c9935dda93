import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, RequestMethod } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DeliveryRefusedError, LockoutNotifier, type Page, StoreError } from 'nestjs-lockout';
import {
  type DeliveryPage,
  type EventView,
  LockoutAdminModule,
  openApiDocument,
  type SimulateAnswer,
} from 'nestjs-lockout/admin';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import {
  type AdminApp,
  type AdminAppOptions,
  doubling,
  HOUSES,
  PLATFORMS,
  startAdminApp,
} from './admin-app.js';
import { DocumentedApi } from './documented-api.js';

interface Listed {
  readonly items: readonly { readonly id: string; readonly locks: readonly { readonly id: string }[] }[];
}

interface Supported {
  readonly support: string;
}

const why = { reason: 'called us, was verified' };
const HOME = '192.0.2.1';
const byAddress = definePolicy({
  name: 'addresses',
  scope: ['address'],
  threshold: 3,
  schedule: { kind: 'fixed', durationMs: minutes(10) },
  notify: { from: 1 },
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockout-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-1.js'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

const start = (options: AdminAppOptions): Promise<AdminApp> =>
  startAdminApp({
    ...options,
    lockout: { policies: [doubling, byAddress], ...options.lockout },
    admin: { consoleFolder: folder, ...options.admin },
  });

describe.each(HOUSES)('every call on $platform with the $store store', (house) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  it('answers what its document says, and takes what it says', async () => {
    let eligible = true;
    admin = await start({
      ...house,
      lockout: {
        delivery: { dispatch: false },
        sinks: [
          {
            name: 'pager',
            wants: ({ type }) => type === 'locked',
            deliver: async () => {
              throw new DeliveryRefusedError('no pager');
            },
          },
        ],
      },
      admin: {
        signIn: '/login',
        support: () => 'help@example.com',
        can: (action, realm) => realm !== 'closed' || action === 'view',
        canUnlock: ({ account }) =>
          eligible || account !== 'alice' ? { unlockable: true } : { unlockable: false, reason: 'owner' },
      },
    });
    const api = await DocumentedApi.of(admin);
    const alice = { realm: 'default', account: 'alice' };
    await admin.fail('alice', 3, { address: HOME });
    await admin.fail({ unknown: 'ghost' }, 1);

    // Looking.
    const { body: accounts } = await api.call<Listed>('listAccounts', {
      query: { state: 'any', q: 'ali', realm: 'default', sort: 'since', limit: '5' },
    });
    const [item] = accounts.items;
    const id = item?.id ?? '';
    expect(item).toMatchObject({ account: 'alice', locks: [{ policy: 'login' }] });
    await api.call('listAddresses', { query: { limit: '1' } });
    await api.call('listEvents', {
      query: { account: 'alice', unknown: 'false', type: 'locked', address: HOME },
    });
    expect((await api.call('inspectAccount', { path: alice })).body).toMatchObject({
      counters: expect.arrayContaining([expect.objectContaining({ policy: 'login' })]),
    });
    await api.call('inspectAccount', {
      path: { realm: 'default', account: 'ghost' },
      query: { unknown: 'true' },
    });
    await api.call('inspectAccountById', { path: { id } });
    await api.call('followEvents');
    await api.call('exportEvents', { query: { account: 'alice', from: '2025-12-31T00:00:00Z' } });
    await api.call('readMe');
    await api.call('readOverview', { query: { realm: 'default', hours: '6' } });
    const { body: explained } = await api.call('explainAttempt', {
      query: {
        realm: 'default',
        account: 'alice',
        unknown: 'false',
        address: HOME,
        device: 'd',
        method: 'password',
      },
    });
    expect(explained).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
    const { body: address } = await api.call<{ readonly id: string }>('inspectAddress', {
      path: { realm: 'default', address: HOME },
    });
    await api.call('inspectAddressById', { path: { id: address.id } });
    const steps = ['failure', 'failure', 'failure', 'failure', 'unlock', 'success'].map((type, n) => ({
      at: n * 1000,
      type,
    }));
    const { threshold, schedule } = doubling as { threshold: number; schedule: unknown };
    const drafts = [{ name: 'draft', threshold, schedule }];
    const { body: simulated } = await api.call<SimulateAnswer>('simulate', {
      body: { policies: drafts, steps },
    });
    expect(simulated.results[0]?.outcomes).toHaveLength(6);
    const wrongDraft = { policies: [{ name: 'draft', threshold: 0, schedule }], steps };
    expect((await api.call('simulate', { body: wrongDraft })).status).toBe(422);

    // Changing.
    eligible = false;
    const refused = await api.call<Supported>('unlockAccount', { path: alice, body: why });
    expect([refused.status, refused.body.support]).toEqual([409, 'help@example.com']);
    eligible = true;
    const seen = (await api.call('inspectAccount', { path: alice })).headers.get('etag') ?? '';
    const unlock = { path: alice, body: why, headers: { 'if-match': seen } };
    expect((await api.call('unlockAccount', unlock)).status).toBe(200);
    expect((await api.call('unlockAccount', unlock)).status).toBe(412);
    await api.call('unlockAccount', { path: alice, body: { address: HOME, ...why } });
    const once = { path: alice, body: { until: null, ...why }, headers: { 'idempotency-key': 'k1' } };
    await api.call('lockAccount', once);
    expect((await api.call('lockAccount', once)).headers.get('idempotency-replayed')).toBe('true');
    await api.call('unlockAccountById', { path: { id }, body: why });
    await api.call('lockAccountById', {
      path: { id },
      body: { until: new Date(admin.clock.now() + minutes(5)).toISOString(), ...why },
    });
    await api.call('unlockAccounts', { body: { accounts: [alice], ...why } });
    await api.call('unlockAddresses', { body: { realm: 'default', addresses: [HOME], ...why } });
    await admin.fail('bob', 3);
    await admin.fail('carl', 3);
    const locked = (await api.call<Listed>('listAccounts')).body.items;
    const ids = locked.map(({ locks }) => locks[0]?.id ?? '');
    await api.call('unlockRecord', { path: { id: ids[0] ?? '' }, body: why });
    await api.call('unlockRecords', { body: { ids: [ids[1]], ...why } });
    await admin.clock.advance(minutes(60 * 24));
    await admin.engine.sweeper.catchUp(admin.clock, () => false);
    expect((await api.call<Page<EventView>>('listEvents')).body.items.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['locked', 'unlocked', 'failed']),
    );

    // Deliveries.
    await admin.app.get(LockoutNotifier).runOnce();
    const { body: dead } = await api.call<DeliveryPage>('listDeliveries', {
      query: { state: 'dead', sink: 'pager', limit: '2' },
    });
    expect(dead.items).toMatchObject([
      { sink: 'pager', problem: expect.stringContaining('no pager') },
      { state: 'dead' },
    ]);
    const [first = '', second = ''] = dead.items.map(({ id: letter }) => letter);
    await api.call('retryDeliveries', { body: { ids: [first], ...why } });
    await api.call('dropDeliveries', { body: { ids: [second, 'unheard-of'], ...why } });
    await api.call('listDeliveries', { query: { state: 'waiting' } });

    // Forgetting.
    const { body: erased } = await api.call('eraseAccount', {
      path: alice,
      body: { confirm: 'alice', ...why },
    });
    expect(erased).toMatchObject({ changed: true });
    await admin.fail('dan', 3);
    const { body: dan } = await api.call<{ readonly id: string }>('inspectAccount', {
      path: { realm: 'default', account: 'dan' },
    });
    const forget = (confirm: string) =>
      api.call('eraseAccountById', { path: { id: dan.id }, body: { confirm, ...why } });
    expect((await forget('somebody else')).status).toBe(422);
    expect((await forget('dan')).body).toMatchObject({ changed: true });
    await api.call('listEvents');

    // Policies.
    const targets: readonly (readonly [string, Record<string, string>])[] = [
      ['Policy', { name: 'login' }],
      ['Override', { name: 'login', brand: 'a/b' }],
    ];
    for (const [of, path] of targets) {
      const tag = async (id: string, body: unknown, before: string | null) => {
        const { status, headers } = await api.call(id, {
          path,
          body,
          headers: before === null ? {} : { 'if-match': before },
        });
        expect(status).toBe(200);
        return headers.get('etag');
      };
      const zero = (await api.call(`inspect${of}`, { path })).headers.get('etag');
      const one = await tag(`save${of}`, { settings: { threshold: 4 }, ...why }, zero);
      const two = await tag(`save${of}`, { settings: { threshold: 5 }, ...why }, one);
      const three = await tag(`revert${of}`, { version: 1, ...why }, two);
      await tag(`remove${of}`, why, three);
      await api.call(`list${of}History`, { path, query: { limit: '2' } });
      const stale = { path, body: { settings: {}, ...why }, headers: { 'if-match': '"1"' } };
      expect((await api.call(`save${of}`, stale)).status).toBe(409);
      expect((await api.call(`save${of}`, { ...stale, headers: {} })).status).toBe(428);
      const wrong = {
        ...stale,
        body: { settings: { threshold: 0 }, ...why },
        headers: { 'if-match': '"4"' },
      };
      expect((await api.call(`save${of}`, wrong)).status).toBe(422);
      expect((await api.call(`inspect${of}`, { path: { ...path, name: 'none' } })).status).toBe(404);
    }
    await api.call('listPolicies');

    // Pages.
    await api.call('readOpenApi');
    await api.call('openConsole');
    const page = await api.call('readConsole');
    const tag = page.headers.get('etag') ?? '';
    await api.call('readConsole', { headers: { 'if-none-match': tag } });
    await api.call('readConsole', { headers: { 'x-user': undefined, accept: 'text/html' } });
    const file = { path: { file: 'index-1.js' } };
    const script = await api.call('readConsoleFile', file);
    await api.call('readConsoleFile', {
      ...file,
      headers: { 'if-none-match': script.headers.get('etag') ?? '' },
    });
    await api.call('readMessages');

    // What everything may be answered to whoever is not admitted, or says too little.
    for (const [operation, { method }] of api.operations) {
      const path = { ...alice, address: HOME, id, name: 'login', brand: 'b', file: 'index-1.js' };
      const body = method === 'get' ? {} : { body: {} };
      const asks = (headers: Record<string, string | undefined>) =>
        api.call(operation, { path, headers, ...body });
      expect((await asks({ 'x-user': undefined })).status).toBe(401);
      expect((await asks({ 'x-user': 'alice' })).status).toBe(403);
      if (method === 'get') continue;
      expect((await asks({ 'content-type': 'text/plain' })).status).toBe(415);
      expect((await asks({ 'x-lockout-admin': undefined })).status).toBe(403);
      expect([400, 428]).toContain((await asks({})).status);
    }
    const closed = { path: { realm: 'closed', account: 'alice' }, body: why };
    expect((await api.call<Supported>('unlockAccount', closed)).body.support).toBe('help@example.com');
    const eleven = Array.from({ length: 11 }, (_, n) => ({ account: `a${n}` }));
    expect((await api.call('unlockAccounts', { body: { accounts: eleven, ...why } })).status).toBe(422);

    const successes = [...api.operations].flatMap(([id, { at }]) =>
      Object.keys(at.responses)
        .filter((status) => Number(status) < 400)
        .map((status) => `${id} ${status}`),
    );
    expect(successes.filter((call) => !api.seen.has(call))).toEqual([]);
  });

  it('without a store, or with one that keeps less, too', async () => {
    class LesserStore extends MemoryLockoutStore {
      isAway = false;
      override load(...keys: Parameters<MemoryLockoutStore['load']>): ReturnType<MemoryLockoutStore['load']> {
        return this.isAway ? Promise.reject(new StoreError('unreachable', 'away')) : super.load(...keys);
      }
      override find(
        ...query: Parameters<MemoryLockoutStore['find']>
      ): ReturnType<MemoryLockoutStore['find']> {
        return this.isAway ? Promise.reject(new StoreError('unreachable', 'away')) : super.find(...query);
      }
    }
    const store = new LesserStore(new FakeClock().now);
    for (const port of [
      ...['claimAnswer', 'savePolicy', 'policyCount', 'savedPolicies', 'policyHistory'],
      'outboxState',
    ]) {
      Object.defineProperty(store, port, { value: undefined });
    }
    admin = await start({ ...house, lockout: { store } });
    const api = await DocumentedApi.of(admin);
    const policy = {
      path: { name: 'login' },
      body: { settings: {}, ...why },
      headers: { 'if-match': '"0"' },
    };
    expect((await api.call('savePolicy', policy)).status).toBe(501);
    const keyed = { body: { ids: ['0'.repeat(64)], ...why }, headers: { 'idempotency-key': 'k' } };
    expect((await api.call('unlockRecords', keyed)).status).toBe(501);
    expect((await api.call('listDeliveries')).status).toBe(501);
    expect((await api.call('dropDeliveries', { body: { ids: ['1'], ...why } })).status).toBe(501);
    store.isAway = true;
    expect((await api.call('listAccounts')).status).toBe(503);
    expect((await api.call('unlockRecords', { ...keyed, headers: {} })).status).toBe(503);
  });
});

/** What Nest routes to the controllers of the admin API, as `GET /accounts/:realm/*`. */
function registeredRoutes(
  app: INestApplication,
): readonly { readonly method: string; readonly path: string }[] {
  const modules = [...app.get(ModulesContainer).values()].filter(
    ({ metatype }) => metatype === LockoutAdminModule,
  );
  return modules
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => {
      const prototype: object = metatype?.prototype;
      const above: string = Reflect.getMetadata('path', metatype as object);
      return Object.getOwnPropertyNames(prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(prototype, name);
        if (typeof handler !== 'function' || !Reflect.hasMetadata('method', handler)) return [];
        const method = RequestMethod[Reflect.getMetadata('method', handler) as number] ?? '';
        const path = `/${above}/${Reflect.getMetadata('path', handler)}`
          .replaceAll(/\/+/g, '/')
          .replace(/(.)\/$/, '$1');
        return [{ method, path: path.replace(/^\/lockout/, '') }];
      });
    });
}

/** Whether a route serves a documented path. */
function serves(
  route: { readonly method: string; readonly path: string },
  method: string,
  template: string,
): boolean {
  if (route.method !== method.toUpperCase()) return false;
  const pattern = route.path.replaceAll(/\*\w*/g, '.*').replaceAll(/:\w+/g, '[^/]+');
  // Express takes a path with and without its last slash for one.
  return new RegExp(`^${pattern}/?$`).test(template.replaceAll(/[{}]/g, ''));
}

describe.each(PLATFORMS)('the document and the routes on %s', (platform) => {
  it('are the same calls', async () => {
    const admin = await start({ platform });
    try {
      const routes = registeredRoutes(admin.app);
      expect(routes.length).toBeGreaterThan(15);
      const documented = Object.entries(openApiDocument().paths).flatMap(([template, methods]) =>
        Object.keys(methods).map((method) => ({ method, template })),
      );
      expect(
        documented.filter(({ method, template }) => !routes.some((route) => serves(route, method, template))),
      ).toEqual([]);
      expect(
        routes.filter((route) => !documented.some(({ method, template }) => serves(route, method, template))),
      ).toEqual([]);
    } finally {
      await admin.close();
    }
  });

  it('P11: the document is for those only whom the guards admit, and names where it lies', async () => {
    const admin = await start({ platform, prefix: 'api/v1' });
    try {
      const path = '/api/v1/lockout/openapi.json';
      expect((await admin.get(path, { 'x-user': '' })).status).toBe(401);
      const { body } = await admin.get(path);
      expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument('../lockout'))));
      const api = await DocumentedApi.of(admin, '/api/v1/lockout');
      expect((await api.call('listAccounts')).status).toBe(200);
    } finally {
      await admin.close();
    }
  });
});
