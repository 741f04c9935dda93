import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CanActivate } from '@nestjs/common';
import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { of } from 'rxjs';
import { type AdminApp, AdminGuard, doubling, PLATFORMS, type SignedIn, startAdminApp } from './admin-app.js';

const why = { reason: 'called us, was verified' };
const UNLOCK = '/lockout/accounts/default/alice/unlock';
const LOCK = '/lockout/accounts/default/alice/lock';

describe.each(PLATFORMS)('the admin API is closed on %s', (platform) => {
  let admin: AdminApp;

  const start = async (options: Partial<Parameters<typeof startAdminApp>[0]> = {}) => {
    admin = await startAdminApp({ platform, ...options });
    await admin.fail('alice', 3);
  };
  afterEach(() => admin.close());

  const expectNothingChanged = async () => {
    expect(await admin.isRefused('alice')).toBe(true);
    const { items } = await admin.engine.options.store.list({ limit: 10 });
    expect(items.map(({ event }) => event.type)).toEqual(['locked']);
  };

  /** Every call there is, with a body that would do. */
  const everyCall = async (headers: Record<string, string>) => {
    const { items } = (await admin.get('/lockout/accounts')).body;
    const [{ id, locks }] = items;
    return [
      await admin.get('/lockout/accounts', headers),
      await admin.get('/lockout/accounts/default/alice', headers),
      await admin.get(`/lockout/accounts/-/${id}`, headers),
      await admin.get('/lockout/addresses', headers),
      await admin.get('/lockout/addresses/default/192.0.2.1', headers),
      await admin.get(`/lockout/addresses/-/${id}`, headers),
      await admin.get('/lockout/events', headers),
      await admin.get('/lockout/me', headers),
      await admin.get('/lockout/overview', headers),
      await admin.get('/lockout/explain?account=alice', headers),
      await admin.post('/lockout/simulate', { policies: [doubling], steps: [] }, headers),
      await admin.post(UNLOCK, why, headers),
      await admin.post(`/lockout/accounts/-/${id}/unlock`, why, headers),
      await admin.post(LOCK, { until: null, ...why }, headers),
      await admin.post('/lockout/accounts/unlock', { accounts: [{ account: 'alice' }], ...why }, headers),
      await admin.post('/lockout/addresses/unlock', { addresses: ['192.0.2.1'], ...why }, headers),
      await admin.post(`/lockout/records/${locks[0].id}/unlock`, why, headers),
      await admin.post('/lockout/records/unlock', { ids: [locks[0].id], ...why }, headers),
      await admin.post('/lockout/accounts/default/alice/erase', { confirm: 'alice', ...why }, headers),
      await admin.post(`/lockout/accounts/-/${id}/erase`, { confirm: 'alice', ...why }, headers),
    ];
  };

  describe('to whoever is not an administrator', () => {
    beforeEach(() => start());

    it("P11: without a session every call is the guard's own 401", async () => {
      for (const answer of await everyCall({ 'x-user': '' })) {
        expect([answer.status, answer.body.message]).toEqual([401, 'sign in first']);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
      await expectNothingChanged();
    });

    it('P11, CS-12: for an ordinary user every call is 403', async () => {
      for (const answer of await everyCall({ 'x-user': 'alice' })) expect(answer.status).toBe(403);
      await expectNothingChanged();
    });

    it('the guards are asked before the request is looked at', async () => {
      const bare = { 'x-user': '', 'x-lockout-admin': undefined, 'content-type': 'application/json' };
      expect((await admin.post(UNLOCK, {}, bare)).status).toBe(401);
    });
  });

  describe('to requests that another site could send', () => {
    beforeEach(() => start());

    const own = () => admin.url;
    const host = () => new URL(admin.url).host;

    it.each([
      ['no admin header', 403, () => ({ 'x-lockout-admin': undefined })],
      ['another value of it', 403, () => ({ 'x-lockout-admin': 'true' })],
      ['a form', 415, () => ({ 'content-type': 'application/x-www-form-urlencoded' })],
      ['plain text', 415, () => ({ 'content-type': 'text/plain' })],
      ['what only begins like JSON', 415, () => ({ 'content-type': 'application/jsonp' })],
      ['a cross-site fetch', 403, () => ({ 'sec-fetch-site': 'cross-site' })],
      ['a sibling site', 403, () => ({ 'sec-fetch-site': 'same-site' })],
      ['a typed address', 403, () => ({ 'sec-fetch-site': 'none' })],
      ['a foreign origin', 403, () => ({ origin: 'https://evil.example' })],
      ['an opaque origin', 403, () => ({ origin: 'null' })],
      ['another port', 403, () => ({ origin: 'http://127.0.0.1:1' })],
      ['a host that only begins alike', 403, () => ({ origin: `${own()}.evil.example` })],
      ['another scheme', 403, () => ({ origin: `ftp://${host()}` })],
      [
        'an own origin said by a foreign fetch',
        403,
        () => ({ origin: own(), 'sec-fetch-site': 'cross-site' }),
      ],
    ])('P11: %s → %p', async (_, status, headers) => {
      for (const path of [
        UNLOCK,
        LOCK,
        '/lockout/accounts/unlock',
        '/lockout/addresses/unlock',
        '/lockout/records/unlock',
      ]) {
        const answer = await admin.post(path, why, headers() as Record<string, string>);
        expect(answer.status).toBe(status);
        expect(answer.headers.get('content-type')).toContain('json');
      }
      await expectNothingChanged();
    });

    it.each([
      ['its own origin', () => ({ origin: own(), 'sec-fetch-site': 'same-origin' })],
      ['no origin', () => ({})],
      ['a charset', () => ({ 'content-type': 'application/json; charset=utf-8' })],
      ['TLS that a proxy ended', () => ({ origin: `https://${host()}` })],
    ])('with %s it is let through', async (_, headers) => {
      expect((await admin.post(UNLOCK, why, headers() as Record<string, string>)).body).toEqual({
        changed: true,
      });
    });

    it('there is no way to change anything by GET', async () => {
      expect((await admin.get(UNLOCK)).status).toBe(404);
      expect((await admin.get('/lockout/accounts/unlock')).status).toBe(404);
      await expectNothingChanged();
    });
  });

  describe('to bodies that say too little', () => {
    beforeEach(() => start());

    it.each([
      ['nothing', {}],
      ['a blank reason', { reason: '  ' }],
      ['501 characters', { reason: 'x'.repeat(501) }],
      ['a line break', { reason: 'one\ntwo' }],
      ['a NUL', { reason: 'one\u0000two' }],
      ['a broken character', { reason: 'one\ud800' }],
      ['a number', { reason: 5 }],
      ['a list', [why]],
      ['text', '"unlock"'],
    ])('%s is no reason: 400', async (_, body) => {
      const answer = await admin.post(UNLOCK, body);
      expect(answer.status).toBe(400);
      await expectNothingChanged();
    });

    it('a field that is misspelt is refused, lest more be unlocked than was meant', async () => {
      const answer = await admin.post(UNLOCK, { adress: '192.0.2.1', ...why });
      expect([answer.status, answer.body.errors]).toEqual([
        400,
        [{ path: '', message: expect.stringContaining('adress') }],
      ]);
      expect((await admin.post(UNLOCK, { address: 'home', ...why })).status).toBe(400);
      await expectNothingChanged();
    });

    it('all problems are told at once', async () => {
      const accounts = [{ realm: 'default', account: '' }, { realm: '§', account: 'a' }, {}, { id: 'x' }, 5];
      const answer = await admin.post('/lockout/accounts/unlock', { accounts, reason: '' });
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.errors.map((error) => error.path).sort()).toEqual([
        'accounts.0.account',
        'accounts.1.realm',
        'accounts.2',
        'accounts.3.id',
        'accounts.4',
        'reason',
      ]);
      expect((await admin.post('/lockout/accounts/unlock', { accounts: [], ...why })).status).toBe(400);
      expect((await admin.post(UNLOCK, '{"reason":')).status).toBe(400);
      await expectNothingChanged();
    });

    it('500 characters, of any script, are a reason', async () => {
      const reason = '説'.repeat(500);
      expect((await admin.post(UNLOCK, { reason })).body).toEqual({ changed: true });
      expect((await admin.get('/lockout/events?type=unlocked')).body.items).toMatchObject([{ reason }]);
    });
  });

  describe('by realm', () => {
    const permits: Readonly<Record<string, string>> = { 'it-admin': 'default', 'users-admin': 'users' };
    const can = (_: string, realm: string, request: SignedIn) => {
      const permitted = permits[request.headers['x-user'] ?? ''];
      return permitted === undefined || permitted === realm;
    };

    beforeEach(async () => {
      await start({ admin: { can: async (...question) => can(...question) } });
    });

    it('OS-9, OS-10: without the permission of the realm every change is 403 and nothing happens', async () => {
      for (const answer of (await everyCall({ 'x-user': 'users-admin' })).slice(11)) {
        // The address is asked for in the realm `default`, too.
        expect(answer.status).toBe(403);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(answer.body).toMatchObject({ status: 403, detail: expect.stringContaining('default') });
      }
      await expectNothingChanged();
      expect((await admin.post(UNLOCK, why, { 'x-user': 'it-admin' })).body).toEqual({ changed: true });
    });

    it('OS-10: one account of a foreign realm keeps all locked', async () => {
      await admin.fail('alice', 3, { realm: 'users' });
      const accounts = ['default', 'users'].map((realm) => ({ realm, account: 'alice' }));
      const answer = await admin.post(
        '/lockout/accounts/unlock',
        { accounts, ...why },
        { 'x-user': 'it-admin' },
      );
      expect(answer.status).toBe(403);
      expect(await admin.isRefused('alice')).toBe(true);
      expect(await admin.isRefused('alice', { realm: 'users' })).toBe(true);
    });

    it('what may not be viewed is left out of lists, and 403 where it is asked for', async () => {
      await admin.fail('bob', 3, { realm: 'users' });
      const as = { 'x-user': 'users-admin' };
      const accounts = await admin.get('/lockout/accounts?limit=1', as);
      expect(accounts.body).toMatchObject({ items: [{ account: 'bob', realm: 'users' }] });
      const events = await admin.get('/lockout/events', as);
      expect(events.body.items).toMatchObject([{ account: 'bob' }]);
      for (const path of [
        'accounts?realm=default',
        'accounts/default/alice',
        'addresses?realm=default',
        'events?account=alice',
      ]) {
        expect((await admin.get(`/lockout/${path}`, as)).status).toBe(403);
      }
    });

    it('OS-18: a list says where the permission is missing', async () => {
      await admin.close();
      await start({ admin: { can: (action) => action === 'view' } });
      expect((await admin.get('/lockout/accounts')).body.items).toMatchObject([
        { unlockable: false, reasons: ['not-permitted'] },
      ]);
    });
  });

  describe('when what it depends on fails', () => {
    it('P9: without the store every call is 503 with Retry-After', async () => {
      await start({ store: 'SQLite' });
      await (admin.engine.options.store as TypeormLockoutStore).close();
      for (const answer of [
        await admin.get('/lockout/accounts'),
        await admin.get('/lockout/accounts/default/alice'),
        await admin.get('/lockout/events'),
        await admin.get('/lockout/addresses/default/192.0.2.1'),
        await admin.get('/lockout/overview'),
        await admin.get('/lockout/explain?account=alice'),
        await admin.post(UNLOCK, why),
        await admin.post(LOCK, { until: null, ...why }),
        await admin.post('/lockout/addresses/unlock', { addresses: ['192.0.2.1'], ...why }),
      ]) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(JSON.stringify(answer.body)).not.toMatch(/init|sql/i);
      }
    });

    it('a change by nobody is not made', async () => {
      await start({ admin: { actor: () => ' ' } });
      expect((await admin.post(UNLOCK, why)).status).toBe(500);
      expect((await admin.post(LOCK, { until: null, ...why })).status).toBe(500);
      await expectNothingChanged();
    });

    it.each(['can', 'canUnlock', 'actor'])('a %s that throws changes nothing', async (hook) => {
      const fails = () => Promise.reject(new Error('the directory is away'));
      await start({ admin: { [hook]: fails } });
      expect((await admin.post(UNLOCK, why)).status).toBe(500);
      await expectNothingChanged();
    });

    it.each([[undefined], [{}], [true], [{ unlockable: 'yes' }]])(
      'a canUnlock that answers %p is a no',
      async (answer) => {
        await start({ admin: { canUnlock: () => answer as never } });
        expect((await admin.post(UNLOCK, why)).status).toBe(409);
        await expectNothingChanged();
      },
    );

    it('a can that answers anything but true is a no', async () => {
      await start({ admin: { can: () => 'maybe' as never } });
      expect((await admin.post(UNLOCK, why)).status).toBe(403);
      await expectNothingChanged();
    });
  });

  it('every guard must admit, in order, whatever way it answers', async () => {
    const asked: string[] = [];
    const guard = (name: string, answer: ReturnType<CanActivate['canActivate']>): CanActivate => ({
      canActivate() {
        asked.push(name);
        return answer;
      },
    });
    await start({
      admin: { guards: [guard('first', of(true)), AdminGuard, guard('last', Promise.resolve(false))] },
    });
    expect((await admin.post(UNLOCK, why)).status).toBe(403);
    expect(asked).toEqual(['first', 'last']);
    expect((await admin.post(UNLOCK, why, { 'x-user': 'alice' })).status).toBe(403);
    expect(asked).toEqual(['first', 'last', 'first']);
    await expectNothingChanged();
  });
});
