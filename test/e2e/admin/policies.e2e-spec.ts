import { request } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PolicyBody, PolicyItem } from 'nestjs-lockout/admin';
import { definePolicy, minutes, oneWelcome } from 'nestjs-lockout/policy';
import {
  type AdminApp,
  type AdminAppOptions,
  type Answer,
  doubling,
  HOUSES,
  startAdminApp,
} from './admin-app.js';

const OTP = definePolicy({
  name: 'otp',
  threshold: 4,
  counts: ['otp'],
  schedule: { kind: 'fixed', durationMs: minutes(10) },
  limits: { threshold: { min: 1, max: 10, integer: true } },
});
const LOGIN = '/lockout/policies/login';
const PROBLEM = /^application\/problem\+json/;

/** Answers about policies, beside what all answers have. */
interface PolicyAnswer extends Omit<Answer, 'body'> {
  readonly body: PolicyBody & {
    readonly items: readonly (PolicyItem & { readonly at: string; readonly by: string })[];
    readonly nextCursor: string | null;
    readonly current: PolicyBody;
    readonly detail: string;
    readonly errors: readonly { readonly path: string; readonly message: string; readonly hint: string }[];
    readonly support?: string;
  };
}

describe.each(HOUSES)('policies over HTTP, on $platform and $store', ({ platform, store }) => {
  let app: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}): Promise<void> => {
    app = await startAdminApp({
      platform,
      store,
      ...options,
      lockout: { policies: [doubling, OTP], ...options.lockout },
    });
  };
  afterEach(() => app.close());

  const get = (path: string, headers?: Record<string, string>) =>
    app.get(path, headers) as Promise<unknown> as Promise<PolicyAnswer>;
  const send = (method: string, path: string, body: unknown, headers?: Record<string, string | undefined>) =>
    app.send(method, path, body, headers) as Promise<unknown> as Promise<PolicyAnswer>;
  const put = (path: string, settings: unknown, version: number) =>
    send('PUT', path, { settings, reason: 'stricter' }, { 'if-match': `"${version}"` });
  const remove = (path: string, version: number) =>
    send('DELETE', path, { reason: 'no longer' }, { 'if-match': `"${version}"` });

  test('what code says is version 0, whole and with its limits', async () => {
    await start();
    const { status, headers, body } = await get('/lockout/policies/otp');
    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    expect(body).toMatchObject({
      name: 'otp',
      brand: null,
      version: 0,
      source: 'configured',
      settings: { name: 'otp', counter: 'otp', threshold: 4, counts: ['otp'], onSuccess: 'clear' },
      limits: { threshold: { min: 1, max: 10, integer: true } },
      savedAt: null,
      savedBy: null,
      reason: null,
    });
    expect(body.settings).not.toHaveProperty('limits');
    expect(body.configured).toEqual(body.settings);
    const list = await get('/lockout/policies');
    expect(list.body.items.map(({ name, brands }) => [name, brands])).toEqual([
      ['login', []],
      ['otp', []],
    ]);
    expect(list.body.items[1]).toMatchObject({ settings: body.settings, version: 0 });
  });

  test('a save governs at once, with who, when and why; what it leaves out is as in code (OW-12, OW-15)', async () => {
    await start();
    const saved = await put(LOGIN, { threshold: 1 }, 0);
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"1"']);
    expect(saved.body).toMatchObject({
      version: 1,
      source: 'saved',
      settings: { threshold: 1, window: { kind: 'idle', durationMs: minutes(60) } },
      configured: { threshold: 3 },
      savedAt: new Date(app.clock.now()).toISOString(),
      savedBy: 'admin',
      reason: 'stricter',
    });
    expect((await get(LOGIN)).body).toEqual(saved.body);
    await app.fail('alice', 1);
    expect(await app.isRefused('alice')).toBe(true);
    // A whole policy again, as it was read: nothing else is said by it.
    const again = await put(LOGIN, saved.body.settings, 1);
    expect(again.body.settings).toEqual(saved.body.settings);
  });

  test('a stale save gets 409 and what governs now, and changes nothing', async () => {
    await start();
    const first = await put(LOGIN, { threshold: 2 }, 0);
    const stale = await put(LOGIN, { threshold: 9 }, 0);
    expect(stale.status).toBe(409);
    expect(stale.headers.get('content-type')).toMatch(PROBLEM);
    expect(stale.body.current).toEqual(first.body);
    expect((await get(LOGIN)).body).toEqual(first.body);
    for (const path of [`${LOGIN}/revert`, LOGIN]) {
      const method = path === LOGIN ? 'DELETE' : 'POST';
      const body = path === LOGIN ? { reason: 'no' } : { version: 1, reason: 'no' };
      const answer = await send(method, path, body, { 'if-match': '"7"' });
      expect([answer.status, answer.body.current.version]).toEqual([409, 1]);
    }
  });

  test('of twenty saves at once of the same version exactly one wins', async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => put(LOGIN, { threshold: n + 1 }, 0)),
    );
    const withStatus = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([withStatus(200), withStatus(409)]).toEqual([1, 19]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await get(LOGIN)).body).toEqual(winner?.body);
    expect((await get(`${LOGIN}/history`)).body.items).toHaveLength(1);
  });

  test('If-Match: none is 428; what is no version in quotes is 400', async () => {
    await start();
    const save = (headers: Record<string, string | undefined>) =>
      send('PUT', LOGIN, { settings: { threshold: 2 }, reason: 'stricter' }, headers);
    expect((await save({})).status).toBe(428);
    for (const tag of [
      '0',
      'W/"0"',
      '*',
      '"0", "1"',
      '"00"',
      '"-1"',
      '"0.0"',
      '"1e3"',
      '""',
      '"9999999999999999"',
    ]) {
      expect([tag, (await save({ 'if-match': tag })).status]).toEqual([tag, 400]);
    }
    expect((await get(LOGIN)).body.version).toBe(0);
  });

  test('everything that is wrong comes in one answer, and nothing is changed (OW-4)', async () => {
    await start();
    const settings = {
      threshold: 11,
      enabled: 'yes',
      window: { kind: 'idle', durationMs: -1 },
      counter: 'other',
      scope: ['address'],
      name: 'other',
      limits: {},
      tresholds: 3,
      schedule: { kind: 'fixed' },
    };
    const { status, body, headers } = await put('/lockout/policies/otp', settings, 0);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toMatch(PROBLEM);
    expect(body.errors.map(({ path }) => path).sort()).toEqual([
      'counter',
      'enabled',
      'limits',
      'name',
      'schedule.durationMs',
      'scope',
      'threshold',
      'tresholds',
      'window.durationMs',
    ]);
    for (const { message, hint } of body.errors) expect([message, hint]).not.toContain('');
    expect((await get('/lockout/policies/otp')).body.version).toBe(0);
    expect((await get('/lockout/policies/otp/history')).body.items).toEqual([]);
  });

  test('OW-14 only code sets what may be entered', async () => {
    await start({ lockout: { policies: oneWelcome() } });
    const [item] = (await get('/lockout/policies')).body.items;
    if (!item) throw new Error('OneWelcome has a policy.');
    const path = `/lockout/policies/${item.name}`;
    const wider = { ...item.limits, threshold: { min: 1, max: 1_000 } };
    for (const at of [path, `${path}/brands/acme`]) {
      const answer = await put(at, { threshold: 500, limits: wider }, 0);
      expect([answer.status, answer.body.errors.map((error) => error.path).sort()]).toEqual([
        422,
        ['limits', 'threshold'],
      ]);
      // The same ones are no change.
      expect((await put(at, { threshold: 10, limits: item.limits }, 0)).status).toBe(200);
    }
  });

  test('a threshold gives way to a table, and comes back with another schedule', async () => {
    await start();
    const rows = [{ failures: 2, lockMs: minutes(1) }];
    const table = await put(LOGIN, { schedule: { kind: 'table', rows } }, 0);
    expect(table.body.settings).toMatchObject({ schedule: { rows } });
    expect(table.body.settings).not.toHaveProperty('threshold');
    const both = await put(LOGIN, { schedule: { kind: 'table', rows }, threshold: 2 }, 1);
    expect(both.body.errors.map(({ path }) => path)).toEqual(['threshold']);
    expect((await put(LOGIN, { enforce: false }, 1)).body.settings).toMatchObject({
      threshold: 3,
      enforce: false,
    });
  });

  test('OW-10 OW-11 OW-13 a brand has a policy of its own until it is deleted', async () => {
    await start({ lockout: { policies: [doubling] } });
    const acme = `${LOGIN}/brands/acme`;
    expect((await get(acme)).body).toMatchObject({
      brand: 'acme',
      version: 0,
      source: 'configured',
      configured: null,
    });
    const saved = await put(acme, { threshold: 1 }, 0);
    expect(saved.body).toMatchObject({
      name: 'login',
      brand: 'acme',
      version: 1,
      source: 'saved',
      configured: null,
    });
    await put(`${LOGIN}/brands/zeta`, { threshold: 5 }, 0);
    const list = await get('/lockout/policies');
    expect(list.body.items[0]?.brands.map(({ brand, settings }) => [brand, settings['threshold']])).toEqual([
      ['acme', 1],
      ['zeta', 5],
    ]);
    await app.fail('alice', 1);
    expect(await app.isRefused('alice')).toBe(false);
    const { engine } = app;
    const begun = await engine.begin({ account: 'bob', method: 'password', brand: 'acme' });
    if (begun.allowed) await begun.attempt.fail();
    expect((await engine.judge({ account: 'bob', method: 'password' }))?.reason).toBe('locked');

    // Without an override it follows the global one, saved or not.
    const deleted = await remove(acme, 1);
    expect(deleted.body).toMatchObject({ version: 2, source: 'configured', settings: { threshold: 3 } });
    expect(deleted.headers.get('etag')).toBe('"2"');
    await put(LOGIN, { threshold: 7 }, 0);
    expect((await get(acme)).body).toMatchObject({ version: 2, source: 'saved', settings: { threshold: 7 } });
    expect((await get('/lockout/policies')).body.items[0]?.brands.map(({ brand }) => brand)).toEqual([
      'zeta',
    ]);
    // Deleted again: nothing is left to delete, and nothing is written.
    expect((await remove(acme, 2)).body.version).toBe(2);
  });

  test('what code says for a brand is its default, which a save replaces and a deletion brings back', async () => {
    const gold = definePolicy({ ...doubling, threshold: 8 });
    await start({ lockout: { policies: [doubling], brands: { gold: [gold] } } });
    const path = `${LOGIN}/brands/gold`;
    expect((await get(path)).body).toMatchObject({ source: 'configured', configured: { threshold: 8 } });
    await put(LOGIN, { threshold: 2 }, 0);
    expect((await get(path)).body).toMatchObject({ source: 'configured', settings: { threshold: 8 } });
    expect((await put(path, { enforce: false }, 0)).body.settings).toMatchObject({
      threshold: 8,
      enforce: false,
    });
    expect((await remove(path, 1)).body.settings).toMatchObject({ threshold: 8, enforce: true });
  });

  test('names of brands may have slashes, spaces, and letters of any script, and be long', async () => {
    await start();
    for (const brand of ['a/b', 'Jörg & Söhne', '日'.repeat(64), 'history', '..%2f']) {
      const path = `${LOGIN}/brands/${encodeURIComponent(brand)}`;
      expect((await put(path, { threshold: 2 }, 0)).body).toMatchObject({ brand, version: 1 });
      expect((await get(`${path}/history`)).body.items).toHaveLength(1);
    }
    const tooLong = `${LOGIN}/brands/${'x'.repeat(65)}`;
    expect((await put(tooLong, { threshold: 2 }, 0)).status).toBe(400);
    expect((await put(`${LOGIN}/brands/${encodeURIComponent('a\nb')}`, { threshold: 2 }, 0)).status).toBe(
      400,
    );
  });

  test.each(['.', '..', '%2e', '%2E%2e'])(
    'a brand called %s is 400: browsers take it out of the path, and the call would be about the global policy',
    async (brand) => {
      await start();
      // Not by fetch, which does the same.
      const status = await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(app.url);
        const headers = { 'x-user': 'admin' };
        request({ hostname, port, path: `${LOGIN}/brands/${brand}/history`, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
      expect(status).toBe(400);
    },
  );

  test('the history has every save, latest first and page by page; a revert saves again what one said', async () => {
    await start();
    for (const [version, threshold] of [9, 8, 7].entries()) {
      await put(LOGIN, { threshold }, version);
      await app.clock.advance(1_000);
    }
    await remove(LOGIN, 3);
    const first = await get(`${LOGIN}/history?limit=3`);
    expect(first.body.items.map((item) => [item.version, item.settings?.['threshold'] ?? null])).toEqual([
      [4, null],
      [3, 7],
      [2, 8],
    ]);
    expect(first.body.items[2]).toMatchObject({
      by: 'admin',
      reason: 'stricter',
      at: '2026-01-01T00:00:01.000Z',
    });
    const rest = await get(`${LOGIN}/history?limit=3&cursor=${first.body.nextCursor ?? ''}`);
    expect(rest.body.items.map(({ version }) => version)).toEqual([1]);
    expect(rest.body.nextCursor).toBeNull();
    expect((await get(`${LOGIN}/history?cursor=nonsense`)).status).toBe(400);

    const revert = (version: unknown, expected: number) =>
      send('POST', `${LOGIN}/revert`, { version, reason: 'it was better' }, { 'if-match': `"${expected}"` });
    const reverted = await revert(2, 4);
    expect(reverted.status).toBe(200);
    expect(reverted.body).toMatchObject({ version: 5, settings: { threshold: 8 }, reason: 'it was better' });
    expect((await revert(4, 5)).body).toMatchObject({
      version: 6,
      source: 'configured',
      settings: { threshold: 3 },
    });
    expect((await revert(17, 6)).status).toBe(404);
    expect((await revert('2', 6)).status).toBe(400);
  });

  test('the linter has its say about every save', async () => {
    await start();
    const { body } = await put(LOGIN, { unknownAccounts: 'ignore' }, 0);
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ id: 'LCK104', path: 'unknownAccounts', message: expect.any(String) }),
    );
  });

  test('a lock in force keeps its end when its policy is made milder, stricter or is switched off (P2, OW-5)', async () => {
    await start();
    await app.fail('alice', 3);
    const locks = async () => (await app.get('/lockout/accounts/default/alice')).body.locks;
    const before = await locks();
    await put(LOGIN, { threshold: 9, schedule: { kind: 'fixed', durationMs: minutes(1) } }, 0);
    expect(await locks()).toEqual(before);
    expect(await app.isRefused('alice')).toBe(true);
    await put(LOGIN, { enabled: false }, 1);
    expect(await app.isRefused('alice')).toBe(false);
    expect(await locks()).toEqual(before);
    await remove(LOGIN, 2);
    expect(await app.isRefused('alice')).toBe(true);
    await app.clock.advance(minutes(5));
    expect(await app.isRefused('alice')).toBe(false);
  });

  test('only whom the application lets look sees policies, only whom it lets configure changes them', async () => {
    await start({
      admin: {
        can: (action, realm, { headers }) => realm === '*' && action === headers['x-may'],
        support: (realm) => `security desk (${realm})`,
      },
    });
    const version = { 'if-match': '"0"' };
    const body = { settings: { threshold: 2 }, reason: 'stricter' };
    expect((await get('/lockout/policies', { 'x-may': 'view' })).status).toBe(200);
    const changes = [
      ['PUT', LOGIN, body],
      ['DELETE', LOGIN, { reason: 'no' }],
      ['POST', `${LOGIN}/revert`, { version: 1, reason: 'no' }],
    ] as const;
    for (const [method, path, sent] of changes) {
      const answer = await send(method, path, sent, { 'x-may': 'view', ...version });
      expect([answer.status, answer.body.support]).toEqual([403, 'security desk (*)']);
    }
    for (const path of ['/lockout/policies', LOGIN, `${LOGIN}/history`]) {
      expect((await get(path, { 'x-may': 'configure' })).status).toBe(403);
    }
    expect((await send('PUT', LOGIN, body, { 'x-may': 'configure', ...version })).status).toBe(200);
  });

  test('the gate stands before policies as before everything else (P11)', async () => {
    await start();
    const version = { 'if-match': '"0"' };
    const body = { settings: { threshold: 2 }, reason: 'stricter' };
    expect((await get('/lockout/policies', { 'x-user': '' })).status).toBe(401);
    expect((await get(LOGIN, { 'x-user': 'bob' })).status).toBe(403);
    for (const headers of [
      { 'x-user': 'bob' },
      { 'x-lockout-admin': undefined },
      { origin: 'https://evil.example' },
    ]) {
      expect((await send('PUT', LOGIN, body, { ...version, ...headers })).status).toBe(403);
    }
    expect((await send('DELETE', LOGIN, '{}', { ...version, 'content-type': 'text/plain' })).status).toBe(
      415,
    );
    expect((await put(LOGIN, { threshold: 2 }, 0)).body.version).toBe(1);
  });

  test('what is not there is 404, and what is no such body 400', async () => {
    await start();
    for (const path of [
      '/lockout/policies/nobody',
      '/lockout/policies/nobody/brands/acme',
      '/lockout/policies/nobody/history',
      `${LOGIN}/brands`,
      `${LOGIN}/brands/`,
      `${LOGIN}/brands/acme/history/more`,
      `${LOGIN}/other`,
      `${LOGIN}/revert`,
      `${LOGIN}/%E0%A4%A`,
    ]) {
      const { status } = await get(path);
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
    }
    expect((await put('/lockout/policies/nobody', { threshold: 1 }, 0)).status).toBe(404);
    expect((await put(`${LOGIN}/history`, { threshold: 1 }, 0)).status).toBe(404);
    const tag = { 'if-match': '"0"' };
    for (const body of [
      {},
      { settings: { threshold: 2 } },
      { reason: 'x' },
      { settings: [], reason: 'x' },
      { settings: null, reason: 'x' },
      { settings: { threshold: 2 }, reason: ' ' },
      { settings: { threshold: 2 }, reason: 'x', brand: 'acme' },
    ]) {
      expect([body, (await send('PUT', LOGIN, body, tag)).status]).toEqual([body, 400]);
    }
    const poisoned = '{"settings":{"__proto__":{"threshold":1},"constructor":1},"reason":"x"}';
    // Fastify refuses such a body by itself.
    expect([400, 422]).toContain((await send('PUT', LOGIN, poisoned, tag)).status);
    expect((await get(LOGIN)).body).toMatchObject({ version: 0, settings: { threshold: 3 } });
  });
});
