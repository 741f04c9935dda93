import { afterEach, describe, expect, test } from '@jest/globals';
import type { LockoutAdminOptions } from 'nestjs-lockout/admin';
import { type AdminApp, PLATFORMS, type SignedIn, startAdminApp } from './admin-app.js';

const SUPPORT = 'help@example.com';
const DESKS: Readonly<Record<string, string>> = { default: SUPPORT, staff: 'the desk on the third floor' };

interface Supported {
  readonly support?: string;
}
const supportIn = (body: unknown): string | undefined => (body as Supported).support;

describe.each(PLATFORMS)('where to turn, on %s (OS-18, CS-18)', (platform) => {
  let app: AdminApp;
  afterEach(() => app.close());

  const start = async (admin: Partial<LockoutAdminOptions<SignedIn>> = {}): Promise<void> => {
    app = await startAdminApp({
      platform,
      admin: { support: (realm) => DESKS[realm] ?? null, ...admin },
    });
  };

  test('who may not do something is told, with the contact of the realm', async () => {
    await start({ can: () => false });
    await app.fail('alice', 3);
    await app.fail('alice', 3, { realm: 'staff' });
    for (const [realm, contact] of [...Object.entries(DESKS), ['nowhere', undefined]] as const) {
      const answer = await app.post(`/lockout/accounts/${realm}/alice/unlock`, { reason: 'called' });
      expect([answer.status, supportIn(answer.body)]).toEqual([403, contact]);
    }
  });

  test('an account that may not be unlocked carries it, in the answer, the list and the detail', async () => {
    await start({
      canUnlock: ({ account }) =>
        account === 'owner' ? { unlockable: false, reason: 'owner' } : { unlockable: true },
    });
    await app.fail('owner', 3);
    await app.fail('alice', 3);
    const refused = await app.post('/lockout/accounts/default/owner/unlock', { reason: 'called' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ errors: [{ account: 'owner', reason: 'owner' }], support: SUPPORT });
    const { body } = await app.get('/lockout/accounts');
    expect(Object.fromEntries(body.items.map((item) => [item.account, supportIn(item)]))).toEqual({
      owner: SUPPORT,
      alice: undefined,
    });
    expect(supportIn((await app.get('/lockout/accounts/default/owner')).body)).toBe(SUPPORT);
    expect(supportIn((await app.get('/lockout/accounts/default/alice')).body)).toBeUndefined();
  });

  test('who is just not locked needs none', async () => {
    await start({ canUnlock: () => ({ unlockable: false, reason: 'owner' }) });
    await app.fail('alice', 1);
    const detail = await app.get('/lockout/accounts/default/alice');
    expect(detail.body).toMatchObject({ reasons: ['not-locked', 'owner'] });
    expect(supportIn(detail.body)).toBeUndefined();
    const body = { accounts: [{ account: 'alice' }], reason: 'called' };
    const refused = await app.post('/lockout/accounts/unlock', body);
    expect([refused.status, supportIn(refused.body)]).toEqual([409, undefined]);
  });

  test('without the option nothing is said', async () => {
    app = await startAdminApp({ platform, admin: { can: (action) => action !== 'unlock' } });
    await app.fail('alice', 3);
    const refused = await app.post('/lockout/accounts/default/alice/unlock', { reason: 'called' });
    expect(refused.status).toBe(403);
    expect(refused.body).not.toHaveProperty('support');
    expect((await app.get('/lockout/accounts')).body.items[0]).not.toHaveProperty('support');
  });
});

describe('the origin of failures in the admin API', () => {
  let app: AdminApp;
  afterEach(() => app.close());

  test.each([true, false])('labels: %s', async (labels) => {
    app = await startAdminApp({ platform: 'express', lockout: { labels } });
    for (let n = 0; n < 3; n += 1) {
      const begun = await app.engine.begin({
        account: 'alice',
        method: 'password',
        address: '192.0.2.7',
        userAgent: 'curl/8',
      });
      if (begun.allowed) await begun.attempt.fail();
    }
    const { body } = await app.get('/lockout/events?type=locked');
    const [event] = body.items as readonly unknown[];
    expect(event).toMatchObject({ type: 'locked' });
    const origin = { origin: { address: '192.0.2.7', userAgent: 'curl/8' } };
    if (labels) expect(event).toMatchObject(origin);
    else expect(JSON.stringify(event)).not.toMatch(/origin|curl|192\.0/);
  });
});
