import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { outSystems } from 'nestjs-lockout/policy';
import { type AdminApp, HOUSES, SECRET, startAdminApp } from './admin-app.js';

const why = { reason: 'called us, was verified' };

const NAMES = [
  'alice@example.com',
  'a/b/unlock',
  'unlock',
  'a%2Fb',
  '100%',
  'a?b=c#d',
  'a b+c',
  'Ünï çødé',
  '名前',
  '👩‍👩‍👧',
  '<script>alert(1)</script>',
  "'; DROP TABLE lockout_record; --",
  'constructor',
  '__proto__',
  '-',
  'x'.repeat(101),
  'x'.repeat(320),
  '%/é'.repeat(106),
  '名'.repeat(320),
];

describe.each(HOUSES)('names on $platform with the $store store', (house) => {
  let admin: AdminApp;

  beforeEach(async () => {
    admin = await startAdminApp({ ...house, prefix: 'api/v1' });
  });
  afterEach(() => admin.close());

  const pathOf = (account: string, realm = 'default') =>
    `/api/v1/lockout/accounts/${realm}/${encodeURIComponent(account)}`;

  it.each(NAMES)('%p is inspected, unlocked and locked by its name', async (account) => {
    await admin.fail(account, 3);
    const { status, body } = await admin.get(pathOf(account));
    expect(status).toBe(200);
    expect(body).toMatchObject({ account, realm: 'default', known: true, locked: true });
    expect((await admin.get('/api/v1/lockout/accounts')).body.items).toMatchObject([{ account }]);
    expect((await admin.post(`${pathOf(account)}/unlock`, why)).body).toEqual({ changed: true });
    expect(await admin.isRefused(account)).toBe(false);
    expect((await admin.post(`${pathOf(account)}/lock`, { until: null, ...why })).status).toBe(200);
    expect(await admin.isRefused(account)).toBe(true);
    const bulk = { accounts: [{ realm: 'default', account }], ...why };
    expect((await admin.post('/api/v1/lockout/accounts/unlock', bulk)).body).toEqual({ changed: true });
    expect(await admin.isRefused(account)).toBe(false);
  });

  it('names that a URL cannot hold are reached by the opaque id', async () => {
    for (const account of ['.', '..']) {
      await admin.fail(account, 3);
      const { body } = await admin.get('/api/v1/lockout/accounts');
      const { id } = body.items[0];
      expect((await admin.get(`/api/v1/lockout/accounts/-/${id}`)).body).toMatchObject({
        account,
        locked: true,
      });
      await admin.post(`/api/v1/lockout/accounts/-/${id}/unlock`, why);
      expect(await admin.isRefused(account)).toBe(false);
      await admin.post(`/api/v1/lockout/accounts/-/${id}/lock`, { until: null, ...why });
      expect(await admin.isRefused(account)).toBe(true);
      await admin.post('/api/v1/lockout/accounts/unlock', { accounts: [{ id }], ...why });
      expect(await admin.isRefused(account)).toBe(false);
    }
  });

  it('names and realms that cannot be one are refused, and so is a path of another shape', async () => {
    await admin.fail('alice', 3);
    expect((await admin.get(pathOf('x'.repeat(321)))).status).toBe(400);
    expect((await admin.get(pathOf(' '))).status).toBe(400);
    expect((await admin.get(pathOf('a\u0000b'))).status).toBe(400);
    expect((await admin.get(pathOf('alice', 'no%20realm'))).status).toBe(400);
    for (const path of ['default', 'default/', 'default/alice/unlock', 'default/a/l/i/c/e', '-/alice']) {
      expect((await admin.get(`/api/v1/lockout/accounts/${path}`)).status).toBe(404);
    }
    for (const path of [
      'default/alice',
      'default/alice%2Funlock',
      'default/alice/unlock/x',
      'default/alice/explode',
    ]) {
      expect((await admin.post(`/api/v1/lockout/accounts/${path}`, why)).status).toBe(404);
    }
    expect(await admin.isRefused('alice')).toBe(true);
  });

  it('R19: a name nobody has is found as it reads, and is not the account whose id reads the same', async () => {
    await admin.fail({ unknown: 'ghost' }, 3);
    expect((await admin.get(pathOf('ghost'))).body).toMatchObject({
      account: 'ghost',
      known: false,
      locked: true,
    });
    // However it is typed, it is called as the record has it.
    expect((await admin.get(`${pathOf('GHOST')}?unknown=true`)).body).toMatchObject({
      account: 'ghost',
      known: false,
    });
    expect((await admin.get(`${pathOf('ghost')}?unknown=false`)).status).toBe(404);

    // Once the account itself has a record, its id means the account.
    await admin.fail('ghost', 3);
    expect((await admin.get(pathOf('ghost'))).body).toMatchObject({ known: true });
    const { items } = (await admin.get('/api/v1/lockout/accounts')).body;
    expect(items.map(({ account }) => account)).toEqual(['ghost', 'ghost']);
    const byId = await Promise.all(items.map(({ id }) => admin.get(`/api/v1/lockout/accounts/-/${id}`)));
    expect(new Set(byId.map(({ body }) => body.known))).toEqual(new Set([false, true]));
    await admin.post(`${pathOf('ghost')}/unlock`, why);
    expect(await admin.isRefused('ghost')).toBe(false);
    expect(await admin.isRefused({ unknown: 'ghost' })).toBe(true);
    const accounts = [{ account: 'ghost', unknown: true }];
    await admin.post('/api/v1/lockout/accounts/unlock', { accounts, ...why });
    expect(await admin.isRefused({ unknown: 'ghost' })).toBe(false);
  });

  it('R15: somebody who types an id as a name does not draw the lock by hand to that name', async () => {
    await admin.fail({ unknown: 'u-1' }, 1);
    await admin.post(`${pathOf('u-1')}/lock`, { until: null, ...why });
    expect(await admin.isRefused('u-1')).toBe(true);
    expect(await admin.isRefused({ unknown: 'u-1' })).toBe(false);
  });
});

describe.each(HOUSES)('addresses on $platform with the $store store', (house) => {
  let admin: AdminApp;

  beforeEach(async () => {
    admin = await startAdminApp({ ...house, prefix: 'api/v1', lockout: { policies: outSystems() } });
  });
  afterEach(() => admin.close());

  const pathOf = (address: string, realm = 'default') =>
    `/api/v1/lockout/addresses/${realm}/${encodeURIComponent(address)}`;
  const block = async (address: string, realm = 'default') => {
    for (let user = 1; user <= 10; user += 1) await admin.fail(`user-${user}`, 2, { address, realm });
  };

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::/64'],
    ['2001:db8:0:1::/64', '2001:db8:0:1::/64'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::/64'],
  ])('%s is inspected by its name, however it is written, and by its id', async (written, counted) => {
    await block(written);
    for (const address of [written, counted]) {
      const { status, headers, body } = await admin.get(pathOf(address));
      expect([status, headers.get('etag')]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{32}"$/)]);
      expect(body).toMatchObject({ realm: 'default', address: counted, locked: true, unlockable: true });
      expect(body.locks).toHaveLength(1);
    }
    const { body } = await admin.get(pathOf(counted));
    expect((await admin.get(`/api/v1/lockout/addresses/-/${body.id}`)).body).toEqual(body);
    expect((await admin.get(pathOf(counted, 'it'))).status).toBe(404);
    const unlocked = await admin.post('/api/v1/lockout/addresses/unlock', { addresses: [written], ...why });
    expect(unlocked.body).toEqual({ changed: true });
    expect((await admin.get(pathOf(written))).body).toMatchObject({ locked: false, locks: [] });
  });

  it('that cannot be one are refused, and so is a path of another shape', async () => {
    await block('192.0.2.7');
    for (const address of ['nowhere', '192.0.2.7/24', ' ', '1'.repeat(3000), '2001:db8::7/64'])
      expect((await admin.get(pathOf(address))).status).toBe(400);
    expect((await admin.get(pathOf('192.0.2.7', 'no%20realm'))).status).toBe(400);
    for (const path of ['default', 'default/', '-/192.0.2.7', 'default/192.0.2.7/unlock'])
      expect((await admin.get(`/api/v1/lockout/addresses/${path}`)).status).toBe(404);
    expect((await admin.get(`/api/v1/lockout/addresses/-/${'0'.repeat(64)}`)).status).toBe(404);
  });
});

describe.each(HOUSES)('without labels on $platform with the $store store', (house) => {
  it('P10: lists opaque ids only, which serve for everything but a lock by hand; names still find', async () => {
    const admin = await startAdminApp({ ...house, lockout: { labels: false, policies: outSystems() } });
    try {
      const home = { address: '192.0.2.1' };
      await admin.fail('alice', 3, home);
      await admin.fail('alice', 3, { address: '192.0.2.2' });
      const { body } = await admin.get('/lockout/accounts');
      expect(body.items).toHaveLength(1);
      const [{ id, account, locks }] = body.items;
      expect([account, locks[0].address]).toEqual([null, null]);
      expect(JSON.stringify(body)).not.toMatch(/alice|192\.0\.2/);
      expect((await admin.get(`/lockout/accounts/-/${id}`)).body).toMatchObject({
        id,
        account: null,
        known: null,
      });
      expect((await admin.get('/lockout/accounts/default/alice')).body).toMatchObject({
        id,
        account: 'alice',
      });
      expect((await admin.get('/lockout/accounts?q=alice')).body.items).toMatchObject([{ id }]);
      expect((await admin.get('/lockout/accounts?q=ali')).body.items).toEqual([]);

      const unnamed = await admin.post(`/lockout/accounts/-/${id}/lock`, { until: null, ...why });
      expect(unnamed.status).toBe(422);
      await admin.post(`/lockout/accounts/-/${id}/unlock`, { ...home, ...why });
      expect(await admin.isRefused('alice', home)).toBe(false);
      expect(await admin.isRefused('alice', { address: '192.0.2.2' })).toBe(true);
      await admin.post('/lockout/accounts/unlock', { accounts: [{ id }], ...why });
      expect(await admin.isRefused('alice', { address: '192.0.2.2' })).toBe(false);
    } finally {
      await admin.close();
    }
  });
});

describe('while secrets are rotated', () => {
  it('R21: what stands under the previous secret is listed once, inspected and lifted too', async () => {
    // The node of before asks the store each time: what others change is not waited for.
    const admin = await startAdminApp({ platform: 'express', lockout: { cacheMs: 0 } });
    try {
      await admin.fail('alice', 3);
      const { store } = admin.engine.options;
      const next = await startAdminApp({
        platform: 'express',
        lockout: { store, secrets: ['k7Wq2mZx9TfVb4NcRs8Yh1Jd6LgPe3Ua0XoCiKrBtQ', SECRET] },
      });
      try {
        const { body } = await next.get('/lockout/accounts');
        expect(body.items).toMatchObject([{ account: 'alice' }]);
        expect((await next.get('/lockout/accounts?q=alice')).body.items).toHaveLength(1);
        expect((await next.get('/lockout/accounts/default/alice')).body).toMatchObject({
          id: body.items[0].id,
        });
        expect((await next.post('/lockout/accounts/default/alice/unlock', why)).body).toEqual({
          changed: true,
        });
        expect(await next.isRefused('alice')).toBe(false);
        // Recorded under either secret, by nodes of both kinds in turn: one list that holds each event once.
        await next.fail('alice', 3);
        await next.post('/lockout/accounts/default/alice/unlock', why);
        await next.fail('alice', 3);
        await admin.fail('alice', 3);
        const all = await next.get('/lockout/events?account=alice');
        const expected = all.body.items.map((event) => event.id);
        expect(all.body.items.map((event) => event.type)).toEqual([
          ...['locked', 'unlocked', 'locked'],
          ...['locked', 'unlocked', 'locked'],
        ]);
        for (const limit of [1, 2, 3, 5]) {
          const ids: string[] = [];
          let cursor = '';
          for (let page = 0; page < 8; page += 1) {
            const events = await next.get(`/lockout/events?account=alice&limit=${limit}${cursor}`);
            ids.push(...events.body.items.map((event) => event.id));
            if (events.body.nextCursor === null) break;
            cursor = `&cursor=${encodeURIComponent(events.body.nextCursor)}`;
          }
          expect(ids).toEqual(expected);
        }
      } finally {
        await next.close();
      }
    } finally {
      await admin.close();
    }
  });
});
