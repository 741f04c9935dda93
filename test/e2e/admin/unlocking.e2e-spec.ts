import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contentstack, minutes, outSystems, seconds } from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, HOUSES, startAdminApp } from './admin-app.js';

const HOME = '192.0.2.1';
const AWAY = '192.0.2.2';
const why = { reason: 'called us, was verified' };

describe.each(HOUSES)('unlocking on $platform with the $store store', (house) => {
  let admin: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options });
  };
  afterEach(() => admin.close());

  describe('an account', () => {
    beforeEach(() => start());

    it('P6, pitfall 16, CS-19: lock, count and escalation go at once; the next failure is the first', async () => {
      await admin.fail('alice', 3);
      await admin.clock.advance(minutes(5));
      await admin.fail('alice', 1);
      expect(await admin.isRefused('alice')).toBe(true);

      const answer = await admin.post('/lockout/accounts/default/alice/unlock', why);
      expect([answer.status, answer.body]).toEqual([200, { changed: true }]);

      const { body } = await admin.get('/lockout/accounts/default/alice');
      expect(body.counters).toMatchObject([
        {
          policy: 'login',
          failures: 0,
          escalation: 0,
          lock: null,
          nextFailure: { locks: false, lockMs: null },
        },
      ]);
      await admin.fail('alice', 2);
      expect(await admin.isRefused('alice')).toBe(false);
      await admin.fail('alice', 1);
      const again = await admin.get('/lockout/accounts/default/alice');
      // The first lock's five minutes, not the third's twenty.
      expect(Date.parse(again.body.locks[0].until) - Date.parse(again.body.locks[0].since)).toBe(minutes(5));
    });

    it('OS-17: the next sign-in is judged at once, though the refusal was answered from memory', async () => {
      await admin.fail('alice', 3);
      expect(await admin.isRefused('alice')).toBe(true);
      expect(await admin.isRefused('alice')).toBe(true);
      await admin.post('/lockout/accounts/default/alice/unlock', why);
      expect(await admin.isRefused('alice')).toBe(false);
    });

    it('R3: that only the passage of time has locked, which nobody has written down yet, is unlocked too', async () => {
      await admin.fail('alice', 2);
      await admin.engine.begin({ account: 'alice', method: 'password' });
      await admin.clock.advance(minutes(2));
      expect(await admin.isRefused('alice')).toBe(true);
      expect((await admin.get('/lockout/accounts/default/alice')).body).toMatchObject({
        locked: true,
        unlockable: true,
      });
      expect((await admin.post('/lockout/accounts/default/alice/unlock', why)).body).toEqual({
        changed: true,
      });
      expect(await admin.isRefused('alice')).toBe(false);
    });

    it('that is not locked stays as it is: 200, changed false, and nothing is recorded', async () => {
      await admin.fail('alice', 2);
      const answer = await admin.post('/lockout/accounts/default/alice/unlock', why);
      expect([answer.status, answer.body]).toEqual([200, { changed: false }]);
      const { body } = await admin.get('/lockout/accounts/default/alice');
      expect(body.counters[0].failures).toBe(2);
      expect((await admin.get('/lockout/events?type=unlocked')).body.items).toEqual([]);
    });

    it('that nothing is recorded of is 404', async () => {
      for (const answer of [
        await admin.post('/lockout/accounts/default/nobody/unlock', why),
        await admin.get('/lockout/accounts/default/nobody'),
      ]) {
        expect(answer.status).toBe(404);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(answer.body).toMatchObject({ status: 404, title: 'Not Found' });
      }
    });

    it('OS-8, pitfall 29: the same name in another realm is another account', async () => {
      await admin.fail('alice', 3, { realm: 'it' });
      await admin.fail('alice', 3, { realm: 'users' });
      await admin.post('/lockout/accounts/it/alice/unlock', why);
      expect(await admin.isRefused('alice', { realm: 'it' })).toBe(false);
      expect(await admin.isRefused('alice', { realm: 'users' })).toBe(true);
    });

    it('is found by its opaque id and by its row as well', async () => {
      await admin.fail('alice', 3);
      const { body } = await admin.get('/lockout/accounts');
      const [{ id, locks }] = body.items;
      const byId = await admin.get(`/lockout/accounts/-/${id}`);
      expect(byId.body).toMatchObject({ id, account: 'alice', locked: true });
      expect((await admin.post(`/lockout/records/${locks[0].id}/unlock`, why)).body).toEqual({
        changed: true,
      });
      expect(await admin.isRefused('alice')).toBe(false);

      await admin.fail('alice', 3);
      expect((await admin.post(`/lockout/accounts/-/${id}/unlock`, why)).body).toEqual({ changed: true });
      expect(await admin.isRefused('alice')).toBe(false);
      const none = '0'.repeat(64);
      expect((await admin.post(`/lockout/accounts/-/${none}/unlock`, why)).status).toBe(404);
      expect((await admin.post(`/lockout/records/${none}/unlock`, why)).status).toBe(404);
    });
  });

  describe('by address', () => {
    beforeEach(() => start({ lockout: { policies: outSystems() } }));

    it('OS-4, OS-13: unlocks the account at one address and leaves the others', async () => {
      await admin.fail('alice', 3, { address: HOME });
      await admin.fail('alice', 3, { address: AWAY });
      const answer = await admin.post('/lockout/accounts/default/alice/unlock', { address: HOME, ...why });
      expect(answer.body).toEqual({ changed: true });
      expect(await admin.isRefused('alice', { address: HOME })).toBe(false);
      expect(await admin.isRefused('alice', { address: AWAY })).toBe(true);
      const { body } = await admin.get('/lockout/accounts');
      expect(body.items[0].locks.map((lock) => lock.address)).toEqual([AWAY]);
      // Not locked there any more, and nothing there to begin with.
      for (const address of [HOME, '192.0.2.99']) {
        const repeated = await admin.post('/lockout/accounts/default/alice/unlock', { address, ...why });
        expect([repeated.status, repeated.body]).toEqual([200, { changed: false }]);
      }
    });

    it('OS-14: unlocks the selected rows and no other, all or none', async () => {
      for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
        await admin.fail('alice', 3, { address });
      const { body } = await admin.get('/lockout/accounts/default/alice');
      const row = (address: string) => body.locks.find((lock) => lock.address === address)?.id;
      const ids = [row('192.0.2.1'), row('192.0.2.3')];
      expect((await admin.post('/lockout/records/unlock', { ids, ...why })).body).toEqual({ changed: true });
      expect(await admin.isRefused('alice', { address: '192.0.2.1' })).toBe(false);
      expect(await admin.isRefused('alice', { address: '192.0.2.2' })).toBe(true);
      expect(await admin.isRefused('alice', { address: '192.0.2.3' })).toBe(false);

      const mixed = await admin.post('/lockout/records/unlock', { ids: [row('192.0.2.2'), ids[0]], ...why });
      expect(mixed.status).toBe(409);
      expect(mixed.body.errors).toEqual([{ id: ids[0], reason: 'not-locked' }]);
      expect(await admin.isRefused('alice', { address: '192.0.2.2' })).toBe(true);
    });

    it('OS-5, OS-15, OS-16: an address and the accounts at it are freed independently', async () => {
      for (let user = 1; user <= 6; user += 1) await admin.fail(`user-${user}`, 3, { address: HOME });
      await admin.fail('user-7', 2, { address: HOME });
      // 6 × 3 + 2: the address is blocked, and six users are.
      const addresses = await admin.get('/lockout/addresses');
      expect(addresses.body.items).toMatchObject([{ realm: 'default', address: HOME, unlockable: true }]);
      expect(addresses.body.items[0].locks).toMatchObject([{ policy: 'outsystems-address', failures: 20 }]);

      await admin.post('/lockout/accounts/default/user-1/unlock', why);
      expect(await admin.isRefused('user-1', { address: HOME })).toBe(true);
      expect((await admin.post('/lockout/addresses/unlock', { addresses: [HOME], ...why })).body).toEqual({
        changed: true,
      });
      expect(await admin.isRefused('user-1', { address: HOME })).toBe(false);
      expect(await admin.isRefused('user-2', { address: HOME })).toBe(true);
      expect((await admin.get('/lockout/addresses')).body.items).toEqual([]);
    });

    it('OS-16: unlocking a user frees no address', async () => {
      for (let user = 1; user <= 10; user += 1) await admin.fail(`user-${user}`, 2, { address: HOME });
      expect(await admin.isRefused('innocent', { address: HOME })).toBe(true);
      // OS-11: a blocked address shows no user as blocked.
      expect((await admin.get('/lockout/accounts/default/user-1')).body).toMatchObject({
        locked: false,
        locks: [],
      });
      expect((await admin.post('/lockout/accounts/default/user-1/unlock', why)).body).toEqual({
        changed: false,
      });
      expect(await admin.isRefused('innocent', { address: HOME })).toBe(true);
    });

    it('OS-8: an address is unlocked in one realm, all or none, and by its opaque id', async () => {
      for (const realm of ['it', 'users']) {
        for (let user = 1; user <= 10; user += 1)
          await admin.fail(`user-${user}`, 2, { address: HOME, realm });
      }
      const neither = await admin.post('/lockout/addresses/unlock', {
        realm: 'it',
        addresses: [HOME, AWAY],
        ...why,
      });
      expect(neither.status).toBe(409);
      expect(neither.body.errors).toEqual([{ address: AWAY, reason: 'not-locked' }]);
      expect(await admin.isRefused('x', { address: HOME, realm: 'it' })).toBe(true);

      await admin.post('/lockout/addresses/unlock', { realm: 'it', addresses: [HOME], ...why });
      expect(await admin.isRefused('x', { address: HOME, realm: 'it' })).toBe(false);
      expect(await admin.isRefused('x', { address: HOME, realm: 'users' })).toBe(true);

      const { body } = await admin.get('/lockout/addresses?realm=users');
      const { id } = body.items[0];
      await admin.post('/lockout/addresses/unlock', { addresses: [{ id }], ...why });
      expect(await admin.isRefused('x', { address: HOME, realm: 'users' })).toBe(false);
    });
  });

  describe('in bulk', () => {
    const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index + 1}`);
    const named = (accounts: readonly string[]) => accounts.map((account) => ({ realm: 'default', account }));
    const canUnlock = ({ account }: { readonly account: string | null }) =>
      account?.startsWith('owner')
        ? ({ unlockable: false, reason: 'owners are unlocked by support' } as const)
        : ({ unlockable: true } as const);

    beforeEach(() => start({ lockout: { policies: contentstack() }, admin: { canUnlock } }));

    it('CS-14: ten succeed; eleven are refused and none is unlocked', async () => {
      for (const user of users(11)) await admin.fail(user, 5);
      const eleven = await admin.post('/lockout/accounts/unlock', { accounts: named(users(11)), ...why });
      expect(eleven.status).toBe(422);
      expect(eleven.headers.get('content-type')).toContain('application/problem+json');
      for (const user of users(11)) expect(await admin.isRefused(user)).toBe(true);

      const ten = await admin.post('/lockout/accounts/unlock', { accounts: named(users(10)), ...why });
      expect([ten.status, ten.body]).toEqual([200, { changed: true }]);
      for (const user of users(10)) expect(await admin.isRefused(user)).toBe(false);
      expect(await admin.isRefused('user-11')).toBe(true);
    });

    it('CS-16, CS-17: one ineligible unlocks none, and every reason is named at once', async () => {
      for (const user of ['alice', 'owner-olga', 'owner-otto']) await admin.fail(user, 5);
      await admin.fail('bob', 4);
      const accounts = named(['alice', 'owner-olga', 'bob', 'owner-otto', 'nobody']);
      const answer = await admin.post('/lockout/accounts/unlock', { accounts, ...why });
      expect(answer.status).toBe(409);
      expect(answer.body.errors).toEqual([
        { account: 'owner-olga', reason: 'owners are unlocked by support' },
        { account: 'bob', reason: 'not-locked' },
        { account: 'owner-otto', reason: 'owners are unlocked by support' },
        { account: 'nobody', reason: 'not-locked' },
      ]);
      expect(await admin.isRefused('alice')).toBe(true);
      expect((await admin.get('/lockout/events?type=unlocked')).body.items).toEqual([]);
    });

    it('CS-16: alone too, and the list says so beforehand', async () => {
      await admin.fail('owner-olga', 5);
      const { body } = await admin.get('/lockout/accounts');
      expect(body.items).toMatchObject([
        { account: 'owner-olga', unlockable: false, reasons: ['owners are unlocked by support'] },
      ]);
      const single = await admin.post('/lockout/accounts/default/owner-olga/unlock', why);
      expect(single.status).toBe(409);
      expect(single.body.errors).toEqual([
        { account: 'owner-olga', reason: 'owners are unlocked by support' },
      ]);
      const byRow = await admin.post(`/lockout/records/${body.items[0].locks[0].id}/unlock`, why);
      expect(byRow.status).toBe(409);
      expect(await admin.isRefused('owner-olga')).toBe(true);
    });

    it('CS-10: lifts an indefinite lock, which waiting does not', async () => {
      for (const pause of [0, 5, 10, 15, 20, 25]) {
        await admin.clock.advance(minutes(pause));
        await admin.fail('alice', pause === 0 ? 5 : 1);
      }
      expect((await admin.get('/lockout/accounts')).body.items[0].locks[0].until).toBeNull();
      await admin.clock.advance(minutes(60 * 24 * 365));
      expect(await admin.isRefused('alice')).toBe(true);
      await admin.post('/lockout/accounts/unlock', { accounts: named(['alice']), ...why });
      expect(await admin.isRefused('alice')).toBe(false);
    });
  });

  it('the application may allow another number at once', async () => {
    await start({ admin: { bulkMaximum: 1 } });
    for (const user of ['alice', 'bob']) await admin.fail(user, 3);
    const both = ['alice', 'bob'].map((account) => ({ realm: 'default', account }));
    expect((await admin.post('/lockout/accounts/unlock', { accounts: both, ...why })).status).toBe(422);
    expect((await admin.post('/lockout/accounts/unlock', { accounts: both.slice(1), ...why })).status).toBe(
      200,
    );
    expect(await admin.isRefused('alice')).toBe(true);
    expect(await admin.isRefused('bob')).toBe(false);
  });

  it('R33: what changes while a hook is awaited is seen by the swap', async () => {
    let meanwhile = async (): Promise<void> => {};
    await start({
      admin: {
        canUnlock: async () => {
          await meanwhile();
          return { unlockable: true };
        },
      },
    });
    for (const user of ['alice', 'bob']) await admin.fail(user, 3);
    meanwhile = async () => {
      await admin.engine.unlock({ account: 'bob' }, { by: 'somebody else', reason: 'first' });
    };
    const accounts = ['alice', 'bob'].map((account) => ({ realm: 'default', account }));
    const answer = await admin.post('/lockout/accounts/unlock', { accounts, ...why });
    expect(answer.status).toBe(409);
    expect(answer.body.errors).toEqual([{ account: 'bob', reason: 'not-locked' }]);
    expect(await admin.isRefused('alice')).toBe(true);
  });

  it('a lock that ended by itself is not locked any more', async () => {
    await start();
    await admin.fail('alice', 3);
    await admin.clock.advance(minutes(5) - 1);
    expect((await admin.get('/lockout/accounts')).body.items).toHaveLength(1);
    await admin.clock.advance(1);
    expect((await admin.get('/lockout/accounts')).body.items).toEqual([]);
    expect((await admin.post('/lockout/accounts/default/alice/unlock', why)).body).toEqual({
      changed: false,
    });
    await admin.clock.advance(seconds(1));
  });
});
