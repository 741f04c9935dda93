import { afterEach, describe, expect, it } from '@jest/globals';
import type { EraseAnswer, EventView } from 'nestjs-lockout/admin';
import { type AdminApp, HOUSES_ONCE, startAdminApp } from './admin-app.js';
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
