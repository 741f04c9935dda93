import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import { CUSTOMERS, realmPeople, STAFF } from './realm-people.js';
import type { Answer, Realm } from './visitor.js';

let server: DemoServer;

beforeEach(async () => {
  server = await DemoServer.start();
});

afterEach(async () => {
  await server.close();
});

const { login, signedIn, lock } = realmPeople(() => server);

const rows = ({ body }: Answer): readonly string[] =>
  body.items.map(({ realm, account }) => `${realm}/${account}`).sort();

describe('the same name in two realms is two accounts (OS-8)', () => {
  test('each has its own lock, and unlocking one leaves the other', async () => {
    await lock('alice', CUSTOMERS);
    const staff = await signedIn('alice', STAFF);
    expect((await staff.get('/me')).body).toMatchObject({
      realm: STAFF,
      username: 'alice',
      lockoutEndDate: null,
    });

    await lock('alice', STAFF);
    const admin = await AdminConsole.open(server);
    expect(rows(await admin.locked())).toEqual(['default/alice', 'it/alice']);
    expect((await admin.unlock('alice', CUSTOMERS)).body).toMatchObject({ changed: true });
    expect([await login('alice', CUSTOMERS), await login('alice', STAFF)]).toEqual([200, 429]);
    expect((await admin.unlock('alice', STAFF)).body).toMatchObject({ changed: true });
    expect(await login('alice', STAFF)).toBe(200);
  });

  test('who names no realm is a customer; there is no third one', async () => {
    const visitor = server.visitor();
    expect((await visitor.login('alice', PASSWORD)).body).toMatchObject({
      realm: CUSTOMERS,
      username: 'alice',
    });
    expect(await login('frank', STAFF)).toBe(200);
    expect((await server.visitor().login('frank', PASSWORD)).status).toBe(401);
    for (const realm of ['IT', 'elsewhere', '', null, 7, ['it'], '__proto__']) {
      const body = { realm, username: 'alice', password: PASSWORD };
      const refused = await server.visitor().post('/auth/login', body);
      expect([refused.status, refused.body.detail]).toEqual([400, 'realm must be one of default, it.']);
    }
  });

  test('neither can use the other’s codes, links or recovery codes', async () => {
    const visitor = server.visitor();
    await visitor.post('/auth/otp/request', { realm: STAFF, username: 'alice' });
    const code = await visitor.mailedCode('alice', STAFF);
    expect(code).toMatch(/^\d{6}$/);
    expect(await visitor.mails('alice', CUSTOMERS)).toEqual([]);
    const use = async (path: string, body: object): Promise<number> =>
      (await visitor.post(path, body)).status;
    expect(await use('/auth/otp', { username: 'alice', code })).toBe(401);
    expect(await use('/auth/otp', { realm: STAFF, username: 'alice', code })).toBe(200);

    const codes = async (realm: Realm) =>
      (await (await signedIn('alice', realm)).get('/me?recoveryCodes=1')).body.recoveryCodes;
    const [customers, staff] = [await codes(CUSTOMERS), await codes(STAFF)];
    expect(new Set([...customers, ...staff]).size).toBe(20);
    const recovery = { username: 'alice', code: customers[0] };
    expect(await use('/auth/recovery-code', { ...recovery, realm: STAFF })).toBe(401);
    expect(await use('/auth/recovery-code', recovery)).toBe(200);
    expect([(await codes(CUSTOMERS)).length, (await codes(STAFF)).length]).toEqual([9, 10]);

    await visitor.post('/auth/magic-link/request', { realm: STAFF, username: 'alice' });
    const link = await visitor.post('/auth/magic-link', { token: await visitor.mailedToken('alice', STAFF) });
    expect(link.body).toMatchObject({ realm: STAFF, username: 'alice' });
  });

  test('a new code for one ends none of the other’s, and one mailbox’s limit is not the other’s', async () => {
    const visitor = server.visitor();
    const ask = (realm: Realm) => visitor.post('/auth/otp/request', { realm, username: 'alice' });
    await ask(CUSTOMERS);
    const code = await visitor.mailedCode('alice', CUSTOMERS);
    for (let n = 0; n < 15; n += 1) await ask(STAFF);
    expect(await visitor.mails('alice', STAFF)).toHaveLength(10);
    expect((await visitor.post('/auth/otp', { username: 'alice', code })).status).toBe(200);
    server.advance(1);
    await ask(CUSTOMERS);
    expect(await visitor.mails('alice', CUSTOMERS)).toHaveLength(2);
  });

  test('wrong codes count in their realm, and a lock there refuses its links and recovery codes alone', async () => {
    await server.close();
    server = await DemoServer.start({ environment: { LOCKOUT_PRESET: 'authgear' } });
    const visitor = server.visitor();
    const guess = async (path: string, realm: Realm): Promise<number> => {
      const code = path === '/auth/otp' ? '000000' : 'AAAAA-AAAAA';
      return (await visitor.post(path, { realm, username: 'alice', code })).status;
    };
    for (let n = 0; n < 5; n += 1) {
      expect(await guess('/auth/otp', STAFF)).toBe(401);
      expect(await guess('/auth/recovery-code', STAFF)).toBe(401);
    }
    for (const path of ['/auth/otp', '/auth/recovery-code']) {
      expect([await guess(path, STAFF), await guess(path, CUSTOMERS)]).toEqual([429, 401]);
    }
    const link = async (realm: Realm): Promise<number> => {
      await visitor.post('/auth/magic-link/request', { realm, username: 'alice' });
      const token = await visitor.mailedToken('alice', realm);
      return (await server.visitor().post('/auth/magic-link', { token })).status;
    };
    expect([await link(STAFF), await link(CUSTOMERS)]).toEqual([429, 200]);
  });

  test('a password reset of one leaves the other’s password, lock and sessions', async () => {
    await lock('alice', CUSTOMERS);
    const customer = server.visitor();
    await customer.post('/auth/magic-link/request', { username: 'alice' });
    await customer.post('/auth/magic-link', { token: await customer.mailedToken('alice') });
    const staff = await signedIn('alice', STAFF);
    await lock('alice', STAFF);
    await staff.post('/auth/password/forgot', { realm: STAFF, username: 'alice' });
    const token = await staff.mailedToken('alice', STAFF);
    const password = 'a new battery staple';
    expect((await staff.post('/auth/password/reset', { token, password })).status).toBe(200);
    expect([(await customer.get('/me')).status, (await staff.get('/me')).status]).toEqual([200, 401]);
    expect([await login('alice', STAFF, password), await login('alice', CUSTOMERS)]).toEqual([200, 429]);
    server.advance(5 * 60_000);
    expect(await login('alice', CUSTOMERS)).toBe(200);
  });

  test('an address is blocked in the realm where it failed, and only there', async () => {
    const address = '198.51.100.7';
    for (let n = 0; n < 50; n += 1) {
      expect((await server.visitor(address).login(`nobody${n}`, 'wrong', STAFF)).status).toBe(401);
    }
    expect((await server.visitor(address).login('alice', PASSWORD, STAFF)).status).toBe(429);
    expect((await server.visitor(address).login('alice', PASSWORD)).status).toBe(200);
    expect((await server.visitor('198.51.100.8').login('alice', PASSWORD, STAFF)).status).toBe(200);
    const admin = await AdminConsole.open(server);
    const blocked = (await admin.addresses()).body.items;
    expect(blocked.map(({ realm, address: at }) => `${realm}/${at}`)).toEqual([`it/${address}`]);
    expect((await admin.unlockAddresses([address], STAFF)).body).toMatchObject({ changed: true });
    expect((await server.visitor(address).login('alice', PASSWORD, STAFF)).status).toBe(200);
  });
});

describe('whose word about addresses is believed', () => {
  test('a proxy’s on this machine, and nobody else’s', () => {
    const trusts = server.app.getHttpAdapter().getInstance().get('trust proxy fn') as (
      address: string,
      hop: number,
    ) => boolean;
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].filter((address) => !trusts(address, 0))).toEqual([]);
    expect(
      ['198.51.100.1', '10.0.0.1', '192.168.1.1', '2001:db8::1'].filter((address) => trusts(address, 0)),
    ).toEqual([]);
    expect(['198.51.100.1', '10.0.0.1'].filter((address) => trusts(address, 1))).toEqual([]);
  });

  test('of several in the header the last that this machine did not add', async () => {
    const visitor = server.visitor('203.0.113.1, 198.51.100.9');
    for (let n = 0; n < 50; n += 1) await visitor.login(`nobody${n}`, 'wrong');
    const { items } = (await (await AdminConsole.open(server)).addresses()).body;
    expect(items.map(({ address }) => address)).toEqual(['198.51.100.9']);
  });
});
