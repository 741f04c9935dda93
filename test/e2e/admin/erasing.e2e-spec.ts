import { afterEach, describe, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import type { EraseAnswer, EventView } from 'nestjs-lockout/admin';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { type AdminApp, doubling, HOUSES_ONCE, SECRET, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const ALICE = 'alice.gone@private.example';
const HOME = '192.0.2.7';
const path = (account: string) => `/lockout/accounts/default/${encodeURIComponent(account)}`;
const why = { reason: 'asked to be forgotten' };

describe.each(HOUSES_ONCE)('erasing an account on $platform with the $store store', (house) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  const events = async (query = '') =>
    viewed<{ readonly items: readonly EventView[] }>(await admin.get(`/lockout/events${query}`)).items;
  const erase = async (at: string, confirm: string, headers = {}) => {
    const { status, body } = await admin.post(`${at}/erase`, { confirm, ...why }, headers);
    return { status, body: body as unknown as EraseAnswer };
  };

  it('lifts its locks, and nothing that is kept names it any more', async () => {
    admin = await startAdminApp(house);
    await admin.fail(ALICE, 3, { address: HOME });
    await admin.fail('bob', 3, { address: HOME });
    const { id } = (await admin.get(path(ALICE))).body;
    const before = await events();
    expect(JSON.stringify(before)).toContain(ALICE);

    const { status, body } = await erase(path(ALICE), ALICE);
    expect([status, body.changed, body.counters]).toEqual([200, true, 1]);
    expect(body.events).toBeGreaterThan(0);
    expect(await admin.isRefused(ALICE)).toBe(false);
    expect(await admin.isRefused('bob')).toBe(true);

    const after = await events('?limit=100');
    expect(JSON.stringify(after)).not.toContain('alice');
    expect(JSON.stringify(after)).not.toContain(id);
    expect(after.filter(({ account }) => account === 'bob')).toHaveLength(1);
    // That it was, and by whom, without the account.
    expect(after.find(({ type }) => type === 'administered')).toMatchObject({
      action: 'erase',
      by: 'admin',
      reason: why.reason,
      count: body.events,
      realm: 'default',
      account: null,
      address: null,
    });
    expect(after.filter(({ type }) => type === 'locked')).toHaveLength(2);
    expect(JSON.stringify((await admin.get('/lockout/accounts?state=any')).body)).not.toContain('alice');
    expect(await erase(path(ALICE), ALICE)).toMatchObject({ status: 200, body: { changed: false } });
  });

  it('reaches what outlived its records, and an account that is known by its id only', async () => {
    admin = await startAdminApp({ ...house, lockout: { labels: false } });
    await admin.fail(ALICE, 3);
    await admin.fail('bob', 3);
    const ids = (await admin.get('/lockout/accounts')).body.items.map(({ id }) => id);
    await admin.clock.advance(90 * 86_400_000);
    await admin.engine.sweeper.catchUp(admin.clock, () => false);
    const [one = ''] = ids;
    const lost = await erase(`/lockout/accounts/-/${one}`, ALICE);
    expect(lost.status).toBe(422);
    const { status, body } = await erase(`/lockout/accounts/-/${one}`, one);
    expect([status, body.changed]).toEqual([200, true]);
    expect(body.events).toBeGreaterThan(0);
    expect((await erase(`/lockout/accounts/-/${'0'.repeat(64)}`, '0'.repeat(64))).status).toBe(404);
  });

  /** Until nothing is counted of anybody any more, and only events are left. */
  const outliveCounters = async () => {
    for (let n = 0; n < 2; n += 1) {
      await admin.clock.advance(90 * 86_400_000);
      await admin.engine.sweeper.catchUp(admin.clock, () => false);
    }
    expect((await admin.get('/lockout/accounts?state=any')).body.items).toEqual([]);
  };

  it('takes a name that nobody has out of the events of addresses, too, however it is typed', async () => {
    const byAddress = definePolicy({
      name: 'address',
      scope: ['address'],
      threshold: 3,
      schedule: { kind: 'fixed', durationMs: minutes(5) },
    });
    admin = await startAdminApp({ ...house, lockout: { policies: [doubling, byAddress] } });
    const typed = ALICE.replace('alice', 'Alice');
    await admin.fail({ unknown: typed }, 3, { address: HOME });
    expect((await events()).map(({ type }) => type)).toEqual(['locked', 'locked']);
    const { status, body } = await admin.post(`${path(typed)}/erase?unknown=true`, {
      confirm: typed,
      ...why,
    });
    expect([status, body]).toEqual([200, { changed: true, counters: 1, events: 3 }]);
    const { items } = await admin.engine.options.store.list({ limit: 100 });
    expect(JSON.stringify(items)).not.toMatch(/alice/i);
    // What the address did stays the address's.
    expect(JSON.stringify(items)).toContain(HOME);
  });

  it('reaches a name that nobody has without being told so, once counters are gone, and says what is left', async () => {
    admin = await startAdminApp(house);
    await admin.fail({ unknown: ALICE }, 3);
    await outliveCounters();
    expect(JSON.stringify(await events())).toContain(ALICE);
    expect(await erase(path(ALICE), ALICE)).toMatchObject({ status: 200, body: { changed: true } });
    expect(JSON.stringify(await events('?limit=100'))).not.toContain(ALICE);
    // An account and a name that reads the same are two: one call for each, until nothing is kept.
    await admin.fail(ALICE, 3);
    await admin.fail({ unknown: ALICE }, 3);
    for (const changed of [true, true, false])
      expect(await erase(path(ALICE), ALICE)).toMatchObject({ status: 200, body: { changed } });
    expect(await admin.isRefused({ unknown: ALICE })).toBe(false);
    expect(JSON.stringify(await events('?limit=100'))).not.toContain(ALICE);
  });

  it('R21 reaches by its id what was recorded under the secret before, once counters are gone', async () => {
    const next = 'the next secret of the test suite, long enough';
    admin = await startAdminApp({ ...house, lockout: { secrets: [next, SECRET] } });
    const { store } = admin.engine.options;
    const before = new LockoutEngine({ store, secrets: [SECRET], policies: [doubling], labels: true });
    for (let n = 0; n < 3; n += 1) await before.protect({ account: ALICE, method: 'password' }, () => false);
    await outliveCounters();
    await admin.fail(ALICE, 3);
    await outliveCounters();
    const [id = '', old] = admin.engine.accounts.accountHashes({ account: ALICE });
    const hashes = (await store.list({ limit: 100 })).items.map(({ facts }) => facts.accountHash);
    expect(new Set(hashes)).toEqual(new Set([id, old]));
    expect(await erase(`/lockout/accounts/-/${id}`, ALICE)).toMatchObject({ status: 200 });
    expect(JSON.stringify(await events('?limit=100'))).not.toContain(ALICE);
  });

  it('lifts no lock that the application does not let this administrator lift', async () => {
    admin = await startAdminApp({
      ...house,
      admin: {
        canUnlock: ({ account }, { headers }) =>
          account === ALICE && headers['x-user'] !== 'privacy-admin'
            ? { unlockable: false, reason: 'owner' }
            : { unlockable: true },
        support: () => 'privacy@example.test',
      },
    });
    await admin.fail(ALICE, 3, { address: HOME });
    await admin.fail('bob', 3);
    const { id } = (await admin.get(path(ALICE))).body;
    for (const at of [path(ALICE), `/lockout/accounts/-/${id}`]) {
      const { status, body } = await erase(at, ALICE);
      expect([at, status, body]).toMatchObject([
        at,
        409,
        { errors: [{ account: ALICE, reason: 'owner' }], support: 'privacy@example.test' },
      ]);
    }
    expect(await admin.isRefused(ALICE)).toBe(true);
    expect((await events()).filter(({ account }) => account === ALICE)).toHaveLength(1);
    expect(await erase(path('bob'), 'bob')).toMatchObject({ status: 200, body: { changed: true } });
    const privacy = { 'x-user': 'privacy-admin' };
    expect(await erase(path(ALICE), ALICE, privacy)).toMatchObject({ status: 200, body: { changed: true } });

    // Once the lock is over by itself nothing is lifted, and nobody is asked.
    await admin.fail(ALICE, 3);
    await admin.clock.advance(300_000);
    expect(await erase(path(ALICE), ALICE)).toMatchObject({ status: 200, body: { changed: true } });
  });

  it('wants the name once more, a reason and the permission, and changes nothing without', async () => {
    const may = new Set(['view', 'unlock', 'lock', 'configure', 'deliver']);
    admin = await startAdminApp({ ...house, admin: { can: (action) => may.has(action) } });
    await admin.fail(ALICE, 3);
    const { id } = (await admin.get(path(ALICE))).body;
    for (const at of [path(ALICE), `/lockout/accounts/-/${id}`])
      expect((await erase(at, ALICE)).status).toBe(403);
    may.add('erase');
    for (const confirm of ['alice', ALICE.toUpperCase(), `${ALICE}x`, id])
      expect([confirm, (await erase(path(ALICE), confirm)).status]).toEqual([confirm, 422]);
    for (const body of [
      {},
      why,
      { confirm: ALICE },
      { confirm: '', ...why },
      { confirm: ALICE, reason: '\n' },
    ])
      expect((await admin.post(`${path(ALICE)}/erase`, body)).status).toBe(400);
    expect(await admin.isRefused(ALICE)).toBe(true);
    expect((await events()).map(({ type, account }) => [type, account])).toEqual([['locked', ALICE]]);
    const key = { 'idempotency-key': 'once' };
    const first = await erase(path(ALICE), ALICE, key);
    expect(first).toMatchObject({ status: 200, body: { changed: true } });
    expect(await erase(path(ALICE), ALICE, key)).toEqual(first);
  });
});
