import { afterEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'nestjs-lockout';
import type { EventView, OverviewView } from 'nestjs-lockout/admin';
import { definePolicy } from 'nestjs-lockout/policy';
import { type AdminApp, doubling, HOUSES_ONCE, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const HOME = '192.0.2.7';
const AGENT = 'a browser';
const TYPES = ['cleared', 'succeeded-after-failures', 'policy-changed', 'administered'] as const;

describe.each(HOUSES_ONCE)('every type of event on $platform with the $store store', (house) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  const events = async (query: string, headers = {}) =>
    viewed<Page<EventView>>(await admin.get(`/lockout/events${query}`, headers)).items;
  const succeed = async (account: string) => {
    const begun = await admin.engine.begin({ account, address: HOME, userAgent: AGENT, method: 'password' });
    if (!begun.allowed) throw new Error('It was refused.');
    await begun.attempt.succeed();
  };
  const save = (method: string, version: number, settings?: object) =>
    admin.send(
      method,
      '/lockout/policies/login/brands/acme',
      { ...(settings ? { settings } : {}), reason: 'agreed' },
      { 'if-match': `"${version}"` },
    );
  /** Of each of the newer types one at least, and locks of every kind. */
  const happen = async () => {
    await admin.fail('alice', 3);
    for (const minutes of [5, 10]) {
      await admin.clock.advance(minutes * 60_000);
      await admin.fail('alice', 1);
    }
    await admin.fail('bob', 2, { address: HOME });
    await succeed('bob');
    expect((await save('PUT', 0, { threshold: 4 })).status).toBe(200);
    expect((await save('DELETE', 1)).status).toBe(200);
    const erase = { confirm: 'carol', reason: 'asked' };
    expect((await admin.post('/lockout/accounts/default/carol/erase', erase)).status).toBe(200);
  };
  const policies = [definePolicy({ ...doubling, notify: { from: 1, successAfter: 2 } })];

  it('is told with its facts, is found by its type, and leaves the numbers of the overview as they are', async () => {
    admin = await startAdminApp({ ...house, lockout: { policies } });
    await happen();
    const [first, ...more] = (await events('?type=locked')).toReversed();
    expect(first).toMatchObject({ change: 'locked', escalation: 1 });
    expect(more.map(({ change }) => change)).toEqual(['escalated', 'escalated']);

    expect(await events('?type=cleared')).toMatchObject([
      {
        account: 'bob',
        via: 'success',
        before: { failures: 2, since: null },
        consecutive: 2,
        left: null,
        by: null,
        reason: null,
        origin: { account: 'bob', address: HOME, userAgent: AGENT },
      },
    ]);
    expect(await events('?type=succeeded-after-failures')).toMatchObject([
      { account: 'bob', failures: 2, policy: 'login', origin: { address: HOME } },
    ]);
    const changed = {
      realm: '*',
      policy: 'login',
      brand: 'acme',
      by: 'admin',
      reason: 'agreed',
      account: null,
    };
    expect(await events('?type=policy-changed')).toMatchObject([
      { ...changed, version: 2, deleted: true },
      { ...changed, version: 1, deleted: false },
    ]);
    expect(await events('?type=administered')).toMatchObject([
      { realm: 'default', action: 'erase', count: 0, by: 'admin', reason: 'asked', account: null },
    ]);
    const all = await events('?limit=100');
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(['locked', 'failed', 'expired', ...TYPES]));

    const { slices } = viewed<OverviewView>(await admin.get('/lockout/overview?hours=48'));
    const sum = (name: 'locked' | 'unlocked' | 'expired' | 'failed') =>
      slices.reduce((before, slice) => before + slice[name], 0);
    expect([sum('locked'), sum('unlocked'), sum('expired'), sum('failed')]).toEqual([3, 0, 2, 4]);
    expect(new Set(slices.flatMap((slice) => Object.keys(slice)))).toEqual(
      new Set(['at', 'expired', 'failed', 'locked', 'refused', 'unlocked']),
    );
  });

  it('of policies is shown to whoever may view policies, and to nobody else', async () => {
    let mayView = true;
    admin = await startAdminApp({
      ...house,
      lockout: { policies },
      admin: { can: (action, realm) => realm !== '*' || action === 'configure' || mayView },
    });
    await happen();
    expect(await events('?type=policy-changed')).toHaveLength(2);
    mayView = false;
    expect(await events('?type=policy-changed')).toEqual([]);
    expect((await events('?limit=100')).map(({ realm }) => realm)).not.toContain('*');
  });
});
