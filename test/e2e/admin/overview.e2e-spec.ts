import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import type { AddressDetail, MeView, OverviewView } from 'nestjs-lockout/admin';
import { definePolicy, hours, minutes, outSystems } from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, doubling, HOUSES, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const HOME = '192.0.2.1';
const why = { reason: 'called us, was verified' };

describe.each(HOUSES)('a first look on $platform with the $store store', (house) => {
  let admin: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options });
  };
  afterEach(() => admin.close());

  const overview = async (query = ''): Promise<OverviewView> =>
    viewed(await admin.get(`/lockout/overview${query}`));
  const sumOf = ({ slices }: OverviewView) => {
    const sums = { locked: 0, unlocked: 0, expired: 0, failed: 0, refused: 0 };
    for (const slice of slices)
      for (const type of Object.keys(sums) as (keyof typeof sums)[]) sums[type] += slice[type];
    return sums;
  };

  describe('at oneself', () => {
    it('says who asks, and what may be done where', async () => {
      await start({
        admin: {
          realms: ['staff', 'Customers', 'secret'],
          can: (action, realm) => realm === 'staff' || (realm === 'customers' && action === 'view'),
          support: (realm) => (realm === 'customers' ? 'help@example.com' : null),
        },
      });
      expect(viewed<MeView>(await admin.get('/lockout/me'))).toEqual({
        actor: 'admin',
        now: '2026-01-01T00:00:00.000Z',
        realms: [
          { realm: 'staff', view: true, unlock: true, lock: true, erase: true },
          {
            realm: 'customers',
            view: true,
            ...{ unlock: false, lock: false, erase: false },
            support: 'help@example.com',
          },
        ],
        viewPolicies: false,
        configure: false,
        deliver: false,
        bulkMaximum: 10,
        labels: true,
        cacheMs: 1000,
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    });

    it('offers the realm default to whoever says nothing, and no name where there is none', async () => {
      await start({ admin: { actor: () => ' ', bulkMaximum: 3 }, lockout: { labels: false, cacheMs: 0 } });
      expect(viewed<MeView>(await admin.get('/lockout/me'))).toMatchObject({
        actor: null,
        realms: [{ realm: 'default', view: true, unlock: true, lock: true, erase: true }],
        ...{ viewPolicies: true, configure: true, deliver: true, bulkMaximum: 3, labels: false, cacheMs: 0 },
      });
    });
  });

  describe('at what is going on', () => {
    const policies = [
      definePolicy({ ...doubling, notify: { from: 1 } }),
      definePolicy({
        name: 'spray',
        threshold: 6,
        scope: ['address'],
        schedule: { kind: 'fixed', durationMs: minutes(30) },
      }),
    ];
    beforeEach(() => start({ lockout: { policies }, admin: { realms: ['default', 'staff'] } }));

    it('is empty, with every slice, where nothing happened', async () => {
      const view = await overview();
      expect(view).toMatchObject({
        now: '2026-01-01T00:00:00.000Z',
        from: '2025-12-31T00:30:00.000Z',
        sliceMs: minutes(30),
        realms: ['default', 'staff'],
        locks: { accounts: 0, addresses: 0 },
        addresses: [],
        store: 'well',
      });
      expect(view.slices).toHaveLength(48);
      expect(view.processes).toEqual([{ label: expect.stringMatching(/:\d+$/) }]);
      const short = await overview('?hours=6');
      expect([short.sliceMs, short.slices.length, short.from]).toEqual([
        ...[minutes(5), 72, '2025-12-31T18:05:00.000Z'],
      ]);
    });

    it('adds up: locks, unlocks, ends, failures and refusals, each in its slice and realm', async () => {
      const attempt = (account: string) => ({ account, method: 'password', address: HOME });
      await admin.clock.advance(minutes(10));
      await admin.fail('alice', 3, { address: HOME });
      for (let count = 0; count < 4; count += 1) await admin.engine.judge(attempt('alice'));
      await admin.clock.advance(minutes(40));
      await admin.engine.sweeper.sweep();
      await admin.fail('bob', 3, { address: HOME });
      await admin.fail('carol', 3, { address: '192.0.2.9', realm: 'staff' });
      await admin.fail('dave', 3, { address: '192.0.2.9', realm: 'elsewhere' });
      expect((await admin.engine.begin(attempt('bob'))).allowed).toBe(false);
      await admin.post('/lockout/accounts/default/bob/unlock', why);

      const view = await overview();
      // Six failures at home: its third is bob's third.
      expect(view.locks).toEqual({ accounts: 1, addresses: 1 });
      expect(sumOf(view)).toEqual({ locked: 4, unlocked: 1, expired: 1, failed: 6, refused: 5 });
      const row = ({ slices }: OverviewView, at: string) => slices.find((slice) => slice.at === at);
      expect(row(view, '2026-01-01T00:00:00.000Z')).toMatchObject({ locked: 1, failed: 2, refused: 4 });
      expect(row(view, '2026-01-01T00:30:00.000Z')).toMatchObject({ locked: 3, unlocked: 1, refused: 1 });
      expect(view.addresses).toEqual([
        { id: expect.stringMatching(/^[0-9a-f]{64}$/), realm: 'default', address: HOME, events: 1 },
      ]);

      const staff = await overview('?realm=staff&hours=1');
      expect(staff).toMatchObject({ realms: ['staff'], locks: { accounts: 1, addresses: 0 } });
      expect(sumOf(staff)).toEqual({ locked: 1, unlocked: 0, expired: 0, failed: 2, refused: 0 });
      expect(sumOf(await overview('?realm=elsewhere'))).toMatchObject({ locked: 1 });
      await admin.clock.advance(hours(25));
      expect(sumOf(await overview())).toMatchObject({ locked: 0, failed: 0, refused: 0 });
      expect(sumOf(await overview('?hours=48'))).toMatchObject({ locked: 4, failed: 6 });
    });

    it('leads to the address, of which only accounts at it are recorded', async () => {
      await admin.close();
      await start({ lockout: { policies: [outSystems()[0] ?? doubling] } });
      await admin.fail('alice', 3, { address: HOME });
      const [top] = (await overview()).addresses;
      const detail = viewed<AddressDetail>(await admin.get(`/lockout/addresses/-/${top?.id}`));
      expect(detail).toMatchObject({ address: HOME, realm: 'default', locked: false, counters: [] });
      expect(detail.events).toHaveLength(3);
      expect(detail.events[0]).toMatchObject({ type: 'locked', account: 'alice', address: HOME });
      const named = await admin.get(`/lockout/addresses/default/${HOME}`);
      expect(named.body).toMatchObject({ id: top?.id, summary: [{ id: 'summary.address.free' }] });
    });

    it('refuses a query it cannot read', async () => {
      for (const query of [
        '?hours=0',
        '?hours=49',
        '?hours=1.5',
        '?hours=',
        '?realm=%20',
        '?hours=1&hours=2',
      ])
        expect((await admin.get(`/lockout/overview${query}`)).status).toBe(400);
      const both = await admin.get('/lockout/overview?hours=x&realm=%20');
      expect(both.body.errors.map(({ path }) => path).sort()).toEqual(['hours', 'realm']);
    });
  });

  it('leaves out the realms that may not be viewed, and is 403 where there is none', async () => {
    let viewable = ['staff'];
    await start({
      admin: { realms: ['default', 'staff'], can: (_, realm) => viewable.includes(realm) },
    });
    await admin.fail('alice', 3);
    await admin.fail('bob', 3, { realm: 'staff' });
    expect(await overview()).toMatchObject({ realms: ['staff'], locks: { accounts: 1, addresses: 0 } });
    expect((await admin.get('/lockout/overview?realm=default')).status).toBe(403);
    viewable = [];
    expect((await admin.get('/lockout/overview')).status).toBe(403);
    expect((await admin.get('/lockout/overview?realm=staff')).status).toBe(403);
  });

  it('sums up the refusals of all processes on the store, this one’s of this very moment', async () => {
    await start();
    const other = await startAdminApp({
      platform: house.platform,
      lockout: { store: admin.engine.options.store, cacheMs: 0 },
    });
    const refuse = async (engine: LockoutEngine, times: number) => {
      for (let count = 0; count < times; count += 1)
        await engine.judge({ account: 'alice', method: 'password' });
    };
    try {
      await admin.fail('alice', 3);
      await refuse(admin.engine, 2);
      await refuse(other.engine, 5);
      expect(sumOf(await overview()).refused).toBe(2);
    } finally {
      // It tells the others before it goes.
      await other.close();
    }
    const view = await overview();
    expect(sumOf(view).refused).toBe(7);
    expect(view.processes).toHaveLength(2);
  });
});
