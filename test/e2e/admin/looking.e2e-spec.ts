import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { days, definePolicy, minutes, outSystems, seconds } from 'nestjs-lockout/policy';
import {
  type AdminApp,
  type AdminAppOptions,
  type Body,
  doubling,
  HOUSES,
  startAdminApp,
} from './admin-app.js';

const HOME = '192.0.2.1';
const why = { reason: 'called us, was verified' };
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(HOUSES)('looking on $platform with the $store store', (house) => {
  let admin: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options });
  };
  afterEach(() => admin.close());

  describe('at the locked accounts', () => {
    beforeEach(() => start());

    /** All pages (from a cursor on), each account by name. */
    const pages = async (query: string, from: string | null = null): Promise<string[][]> => {
      const found: string[][] = [];
      let cursor = from;
      do {
        const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { body } = await admin.get(`/lockout/accounts?${query}${next}`);
        found.push(body.items.map((item) => item.account));
        cursor = body.nextCursor;
      } while (cursor !== null);
      return found;
    };

    it('has exactly the shape of the contract, times as ISO-8601 in UTC with milliseconds', async () => {
      await admin.fail('alice', 3, { address: HOME });
      const { status, body, headers } = await admin.get('/lockout/accounts');
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toEqual({
        items: [
          {
            id: expect.stringMatching(/^[0-9a-f]{64}$/),
            realm: 'default',
            account: 'alice',
            locks: [
              {
                id: expect.stringMatching(/^[0-9a-f]{64}$/),
                policy: 'login',
                scope: 'account',
                address: null,
                failures: 3,
                since: '2026-01-01T00:00:00.000Z',
                until: '2026-01-01T00:05:00.000Z',
                cause: 'failures',
                lastFailureAt: '2026-01-01T00:00:00.000Z',
              },
            ],
            unlockable: true,
            reasons: [],
          },
        ],
        nextCursor: null,
      });
    });

    it('leaves out who is not locked, and lists all with state=any', async () => {
      await admin.fail('alice', 3);
      await admin.fail('bob', 1);
      expect(await pages('state=locked')).toEqual([['alice']]);
      const { body } = await admin.get('/lockout/accounts?state=any&sort=lastFailureAt');
      expect(body.items.map((item) => item.account).sort()).toEqual(['alice', 'bob']);
      const bob = body.items.find((item) => item.account === 'bob');
      expect(bob).toMatchObject({ locks: [], unlockable: false, reasons: ['not-locked'] });
    });

    it('pages through every account once, in order, though accounts are locked meanwhile', async () => {
      for (let count = 10; count < 35; count += 1) {
        await admin.fail(`user-${count}`, 3);
        await admin.clock.advance(seconds(1));
      }
      const first = await admin.get('/lockout/accounts?limit=10&sort=since');
      // Latest first: these two belong before the first page.
      await admin.fail('late-1', 3);
      await admin.fail('late-2', 3);
      const rest = await pages('limit=10&sort=since', first.body.nextCursor);
      const names = [...first.body.items.map((item) => item.account), ...rest.flat()];
      expect(names).toEqual(Array.from({ length: 25 }, (_, index) => `user-${34 - index}`));
      expect((await pages('limit=7')).flat()).toHaveLength(27);
    });

    it('sorts by end with indefinite locks first, by beginning, and by the last failure', async () => {
      await admin.fail('first', 3);
      await admin.clock.advance(seconds(10));
      await admin.fail('second', 3);
      await admin.post('/lockout/accounts/default/by-hand/lock', { until: null, ...why });
      expect(await pages('sort=until')).toEqual([['by-hand', 'second', 'first']]);
      await admin.clock.advance(seconds(10));
      await admin.fail('third', 3);
      expect((await pages('sort=since')).flat()[0]).toBe('third');
      expect(await pages('sort=lastFailureAt')).toEqual([['third', 'second', 'first', 'by-hand']]);
    });

    it('searches by the beginning of a name, by the exact name, and within a realm', async () => {
      for (const account of ['alice', 'albert', 'bob']) await admin.fail(account, 3);
      await admin.fail('alice', 3, { realm: 'it' });
      expect((await pages('q=al')).flat().sort()).toEqual(['albert', 'alice', 'alice']);
      expect(await pages('q=bob')).toEqual([['bob']]);
      expect(await pages('q=%25')).toEqual([[]]);
      expect(await pages('q=al&realm=it')).toEqual([['alice']]);
      expect(await pages('realm=it')).toEqual([['alice']]);
    });

    it('refuses a query it cannot read, every problem at once', async () => {
      const answer = await admin.get('/lockout/accounts?state=x&sort=y&limit=0&realm=%20');
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.body.errors.map((error) => error.path).sort()).toEqual([
        'limit',
        'realm',
        'sort',
        'state',
      ]);
      expect((await admin.get('/lockout/accounts?cursor=nonsense')).status).toBe(400);
      expect((await admin.get('/lockout/events?cursor=nonsense')).status).toBe(400);
      expect((await admin.get('/lockout/accounts?limit=1&limit=2')).status).toBe(400);
    });

    it.each(['%00', 'al%00', '%0a', '%7f'])(
      'refuses a q with a control character (%s), whatever the store',
      async (q) => {
        const answer = await admin.get(`/lockout/accounts?q=${q}`);
        expect(answer.status).toBe(400);
        expect(answer.body.errors.map((error) => error.path)).toEqual(['q']);
      },
    );
  });

  describe('at accounts with many rows', () => {
    beforeEach(() => start({ lockout: { policies: outSystems() } }));

    it('OS-12: lists an account once, with one row for each address, whatever the page', async () => {
      const rows: Readonly<Record<string, number>> = {
        alice: 3,
        bob: 3,
        carol: 3,
        dave: 1,
        erin: 1,
        frank: 2,
      };
      for (const [account, addresses] of Object.entries(rows)) {
        for (let host = 1; host <= addresses; host += 1) {
          await admin.fail(account, 3, { address: `192.0.2.${host}` });
          await admin.clock.advance(1);
        }
      }
      for (const sort of ['until', 'since', 'lastFailureAt']) {
        for (const limit of [1, 2, 3, 50]) {
          const names: string[] = [];
          let cursor = '';
          for (let page = 0; page < 20; page += 1) {
            const { body } = await admin.get(`/lockout/accounts?sort=${sort}&limit=${limit}${cursor}`);
            expect(body.items.length).toBeLessThanOrEqual(limit);
            for (const item of body.items) {
              names.push(item.account);
              expect(item.locks).toHaveLength(rows[item.account] ?? 0);
            }
            if (body.nextCursor === null) break;
            cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
          }
          expect(names).toEqual(Object.keys(rows).reverse());
        }
      }
    });

    it('OS-24: a row holds attempts, address, and the time of the last attempt', async () => {
      await admin.fail('alice', 2, { address: HOME });
      await admin.clock.advance(seconds(7));
      await admin.fail('alice', 1, { address: HOME });
      const { body } = await admin.get('/lockout/accounts/default/alice');
      expect(body.locks).toMatchObject([
        { address: HOME, failures: 3, lastFailureAt: '2026-01-01T00:00:07.000Z', scope: 'account+address' },
      ]);
    });
  });

  it('at one account: counters, who refuses what, and what the next failure and success would do', async () => {
    const codes = definePolicy({
      ...{ name: 'codes', threshold: 5, counts: ['otp'], refuses: 'all' },
      ...{ schedule: { kind: 'indefinite' }, onSuccess: 'refund' },
    });
    await start({ lockout: { policies: [doubling, codes] } });
    await admin.fail('alice', 2, { method: 'otp' });
    const before = await admin.get('/lockout/accounts/default/alice');
    const counter = (body: Body, name: string) => body.counters.find(({ policy }) => policy === name);
    expect(before.body).toMatchObject({ realm: 'default', account: 'alice', known: true, locked: false });
    expect(counter(before.body, 'login')).toMatchObject({
      failures: 2,
      lock: null,
      refuses: 'all',
      refusesNow: null,
      nextFailure: { locks: true, lockMs: minutes(5) },
      nextSuccess: 'clear',
    });
    expect(counter(before.body, 'codes')).toMatchObject({
      failures: 2,
      nextFailure: { locks: false, lockMs: null },
      nextSuccess: 'refund',
    });

    await admin.fail('alice', 1);
    const after = await admin.get('/lockout/accounts/default/alice');
    expect(after.body.now).toMatch(ISO);
    expect(after.body.locks).toHaveLength(1);
    expect(counter(after.body, 'login')).toMatchObject({
      failures: 3,
      escalation: 1,
      refusesNow: 'all',
      nextFailure: null,
      nextSuccess: null,
      lock: { until: '2026-01-01T00:05:00.000Z', cause: 'failures' },
    });
    expect(after.body.events).toMatchObject([
      { type: 'locked', account: 'alice', policy: 'login', failures: 3 },
    ]);
  });

  it('R13: a lock that only reports is shown and refuses nothing', async () => {
    await start({ lockout: { policies: [{ ...doubling, enforce: false }] } });
    await admin.fail('alice', 3);
    const { body } = await admin.get('/lockout/accounts/default/alice');
    expect(body.locks).toMatchObject([{ cause: 'monitor' }]);
    expect(body.counters).toMatchObject([{ refusesNow: null }]);
  });

  describe('by hand', () => {
    beforeEach(() => start({ lockout: { policies: [definePolicy({ ...doubling, counts: ['password'] })] } }));

    it('R15: an administrator locks every method; neither success nor reset lifts it, an administrator does', async () => {
      const until = new Date(admin.clock.now() + days(2)).toISOString();
      const answer = await admin.post('/lockout/accounts/default/alice/lock', {
        until,
        reason: 'reported stolen',
      });
      expect([answer.status, answer.body]).toEqual([200, { changed: true, until }]);
      for (const method of ['password', 'otp', 'passkey', 'magic-link']) {
        expect(await admin.isRefused('alice', { method })).toBe(true);
      }
      await admin.engine.passwordReset({ account: 'alice' });
      await admin.engine.completed({ account: 'alice' }, ['password']);
      expect(await admin.isRefused('alice')).toBe(true);
      expect((await admin.get('/lockout/accounts')).body.items).toMatchObject([
        {
          account: 'alice',
          locks: [{ policy: 'manual', cause: 'admin', until, lastFailureAt: null, failures: 0 }],
        },
      ]);
      await admin.post('/lockout/accounts/default/alice/unlock', why);
      expect(await admin.isRefused('alice', { method: 'otp' })).toBe(false);
    });

    it('R15: it ends at the end it was given, and never with null', async () => {
      const until = new Date(admin.clock.now() + 1000).toISOString();
      await admin.post('/lockout/accounts/default/alice/lock', { until, ...why });
      await admin.post('/lockout/accounts/default/bob/lock', { until: null, ...why });
      await admin.clock.advance(999);
      expect(await admin.isRefused('alice')).toBe(true);
      await admin.clock.advance(1);
      expect(await admin.isRefused('alice')).toBe(false);
      await admin.clock.advance(days(4000));
      expect(await admin.isRefused('bob')).toBe(true);
      expect((await admin.get('/lockout/accounts/default/bob')).body.locks).toMatchObject([{ until: null }]);
    });

    it('a moment that is over, or none at all, locks nobody', async () => {
      const lock = (body: unknown) => admin.post('/lockout/accounts/default/alice/lock', body);
      expect((await lock({ until: new Date(admin.clock.now()).toISOString(), ...why })).status).toBe(422);
      expect((await lock({ until: 'tomorrow', ...why })).status).toBe(400);
      expect((await lock({ until: 1_900_000_000_000, ...why })).status).toBe(400);
      expect((await lock(why)).status).toBe(400);
      expect(await admin.isRefused('alice')).toBe(false);
    });

    it('R7: an unlock lifts the lock by hand and those by failures together', async () => {
      await admin.fail('alice', 3);
      await admin.post('/lockout/accounts/default/alice/lock', { until: null, ...why });
      expect((await admin.get('/lockout/accounts/default/alice')).body.locks).toHaveLength(2);
      await admin.post('/lockout/accounts/default/alice/unlock', why);
      expect(await admin.isRefused('alice')).toBe(false);
    });
  });

  describe('at the record of what was done', () => {
    beforeEach(() => start());

    it('P8: every action is there once, with who, when, why, and the state before', async () => {
      await admin.fail('alice', 3);
      await admin.clock.advance(seconds(30));
      await admin.post('/lockout/accounts/default/alice/unlock', why, { 'x-user': 'anna-admin' });
      await admin.clock.advance(seconds(30));
      await admin.post('/lockout/accounts/default/alice/lock', { until: null, reason: 'stolen' });
      const { body } = await admin.get('/lockout/events?account=alice');
      expect(body.nextCursor).toBeNull();
      expect(body.items).toEqual([
        expect.objectContaining({
          type: 'locked',
          at: '2026-01-01T00:01:00.000Z',
          policy: 'manual',
          cause: 'admin',
          until: null,
          by: 'admin',
          reason: 'stolen',
        }),
        expect.objectContaining({
          id: expect.stringMatching(/^[0-9a-f]{32}$/),
          type: 'unlocked',
          at: '2026-01-01T00:00:30.000Z',
          realm: 'default',
          account: 'alice',
          via: 'admin',
          by: 'anna-admin',
          reason: why.reason,
          before: {
            failures: 3,
            escalation: 1,
            since: '2026-01-01T00:00:00.000Z',
            until: '2026-01-01T00:05:00.000Z',
            cause: 'failures',
          },
        }),
        expect.objectContaining({ type: 'locked', cause: 'failures', by: null, reason: null, failures: 3 }),
      ]);
      // The same in the store's own record.
      const { items } = await admin.engine.options.store.list({ limit: 10, type: 'unlocked' });
      expect(items.map(({ event }) => event)).toEqual([
        expect.objectContaining({
          by: 'anna-admin',
          reason: why.reason,
          before: expect.objectContaining({ failures: 3 }),
        }),
      ]);
    });

    it('is filtered by account, address and type, and paged', async () => {
      for (const account of ['alice', 'bob']) await admin.fail(account, 3);
      await admin.post('/lockout/accounts/default/bob/unlock', why);
      const list = async (query: string) => (await admin.get(`/lockout/events?${query}`)).body;
      expect((await list('account=alice')).items).toHaveLength(1);
      expect((await list('account=bob')).items).toHaveLength(2);
      expect((await list('account=bob&type=unlocked')).items).toHaveLength(1);
      expect((await list('account=bob&realm=it')).items).toEqual([]);
      expect((await list(`address=${HOME}`)).items).toEqual([]);
      const first = await list('limit=2');
      const second = await list(`limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
      const shown = [...first.items, ...second.items].map(({ type, account }) => `${type} ${account}`);
      expect(shown).toEqual(['unlocked bob', 'locked bob', 'locked alice']);
      expect(second.nextCursor).toBeNull();
    });
  });
});
