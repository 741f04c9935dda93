import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AdminConsole, type Administrator } from './admin-console.js';
import { DemoServer } from './demo-server.js';
import { CUSTOMERS, REALMS, realmPeople, STAFF } from './realm-people.js';
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

describe('who administers which realm (OS-9, OS-10, OS-18)', () => {
  const SUPPORT = {
    default: 'customer support, support@example.test',
    it: 'the service desk, extension 4711',
  };
  const ROLES: readonly (readonly [Administrator, readonly Realm[]])[] = [
    ['admin', REALMS],
    ['user-manager', [CUSTOMERS]],
    ['it-admin', [STAFF]],
  ];

  test.each(ROLES)('%s sees and unlocks in %j, and is sent to support elsewhere', async (who, realms) => {
    await lock('alice', CUSTOMERS);
    await lock('alice', STAFF);
    const administrator = await AdminConsole.open(server, who);
    expect(rows(await administrator.locked())).toEqual(realms.map((realm) => `${realm}/alice`));
    for (const realm of REALMS) {
      const permitted = realms.includes(realm);
      expect((await administrator.inspect('alice', realm)).status).toBe(permitted ? 200 : 403);
      const byHand = await administrator.lock('bob', realm);
      expect(byHand.status).toBe(permitted ? 200 : 403);
      const unlocked = await administrator.unlock('alice', realm);
      expect(unlocked.status).toBe(permitted ? 200 : 403);
      if (!permitted)
        expect([unlocked.body.support, byHand.body.support]).toEqual([SUPPORT[realm], SUPPORT[realm]]);
      expect(await login('alice', realm)).toBe(permitted ? 200 : 429);
    }
  });

  test('one account of a realm that is not theirs, and the whole selection stays locked', async () => {
    await lock('alice', CUSTOMERS);
    await lock('alice', STAFF);
    const selection = REALMS.map((realm) => ({ realm, account: 'alice' }));
    for (const who of ['user-manager', 'it-admin'] as const) {
      expect((await (await AdminConsole.open(server, who)).unlockTogether(selection)).status).toBe(403);
    }
    expect([await login('alice', CUSTOMERS), await login('alice', STAFF)]).toEqual([429, 429]);
    const admin = await AdminConsole.open(server);
    expect((await admin.unlockTogether(selection)).body).toMatchObject({ changed: true });
    expect([await login('alice', CUSTOMERS), await login('alice', STAFF)]).toEqual([200, 200]);
  });

  test('everybody of them reads the policies, admin alone changes them', async () => {
    for (const [who] of ROLES) {
      const { visitor } = await AdminConsole.open(server, who);
      expect((await visitor.get('/lockout/policies')).status).toBe(200);
      const saved = await visitor.send(
        'PUT',
        '/lockout/policies/reachfive',
        JSON.stringify({ settings: { threshold: 4 }, reason: 'tried' }),
        { 'Content-Type': 'application/json', 'X-Lockout-Admin': '1', 'If-Match': '"0"' },
      );
      expect([who, saved.status]).toEqual([who, who === 'admin' ? 200 : 403]);
    }
  });

  test('the console offers each the realms that are theirs; who is not signed in is sent to sign in', async () => {
    for (const [who, realms] of ROLES) {
      const { visitor } = await AdminConsole.open(server, who);
      const me = JSON.parse((await visitor.get('/lockout/me')).text) as {
        readonly realms: readonly {
          readonly realm: Realm;
          readonly view: boolean;
          readonly unlock: boolean;
        }[];
        readonly configure: boolean;
      };
      const theirs = me.realms.filter(({ view, unlock }) => view && unlock).map(({ realm }) => realm);
      expect([who, theirs, me.configure]).toEqual([who, realms, who === 'admin']);
    }
    const headers = { Accept: 'text/html' };
    const sent = await fetch(`${server.url}/lockout/console/`, { headers, redirect: 'manual' });
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/']);
  });

  test('a member of either realm gets nothing; an administrator is one in the own realm only', async () => {
    for (const [username, realm] of [
      ['bob', CUSTOMERS],
      ['grace', STAFF],
    ] as const) {
      expect((await (await signedIn(username, realm)).get('/lockout/accounts')).status).toBe(403);
    }
    expect(await login('admin', STAFF)).toBe(401);
    expect(await login('it-admin', CUSTOMERS)).toBe(401);
  });

  test('the record says who it was, of which realm', async () => {
    await lock('alice', STAFF);
    const administrator = await AdminConsole.open(server, 'it-admin');
    await administrator.unlock('alice', STAFF);
    const { text } = await administrator.visitor.get('/lockout/events?type=unlocked');
    expect(text).toContain('"it-admin (it)"');
  });
});

describe('who can be unlocked by nobody here (CS-16, CS-17, CS-18)', () => {
  const SUPPORT = 'customer support, support@example.test';
  const BARRED = [
    ['olga', 'owns an organisation'],
    ['mia', 'belongs to several organisations'],
  ] as const;
  const reasons = ({ body }: Answer) => body.errors.map(({ account, reason }) => [account, reason]);

  test.each(BARRED)(
    '%s, who %s, alone: 409 with the reason and support, also for admin',
    async (username, reason) => {
      await lock(username, CUSTOMERS);
      for (const who of ['admin', 'user-manager'] as const) {
        const administrator = await AdminConsole.open(server, who);
        // Erasing an account lifts its locks, too.
        for (const refused of [await administrator.unlock(username), await administrator.erase(username)]) {
          expect([refused.status, reasons(refused), refused.body.support]).toEqual([
            409,
            [[username, reason]],
            SUPPORT,
          ]);
        }
        const shown = { unlockable: false, reasons: [reason], support: SUPPORT };
        expect((await administrator.inspect(username)).body).toMatchObject(shown);
        expect((await administrator.locked()).body.items).toEqual([
          expect.objectContaining({ account: username, ...shown }),
        ]);
      }
      expect(await login(username, CUSTOMERS)).toBe(429);
    },
  );

  test('in bulk one of them keeps everybody locked, each with its reason', async () => {
    for (const username of ['bob', 'olga', 'mia']) await lock(username, CUSTOMERS);
    const admin = await AdminConsole.open(server);
    const named = (accounts: readonly string[]) =>
      accounts.map((account) => ({ realm: CUSTOMERS, account }) as const);
    const refused = await admin.unlockTogether(named(['bob', 'olga', 'mia', 'carol']));
    expect([refused.status, reasons(refused), refused.body.support]).toEqual([
      409,
      [...BARRED, ['carol', 'not-locked']],
      SUPPORT,
    ]);
    expect(await login('bob', CUSTOMERS)).toBe(429);
    // A member of one organisation, who owns none.
    expect((await admin.unlockTogether(named(['bob']))).body).toMatchObject({ changed: true });
    expect(await login('bob', CUSTOMERS)).toBe(200);
  });

  test('their lock still ends by itself, and by a new password', async () => {
    await lock('olga', CUSTOMERS);
    const visitor = server.visitor();
    await visitor.post('/auth/password/forgot', { username: 'olga' });
    const body = { token: await visitor.mailedToken('olga'), password: 'a new battery staple' };
    expect((await visitor.post('/auth/password/reset', body)).status).toBe(200);
    expect(await login('olga', CUSTOMERS, body.password)).toBe(200);
    await lock('mia', CUSTOMERS);
    server.advance(5 * 60_000);
    expect(await login('mia', CUSTOMERS)).toBe(200);
  });

  test('the database is asked each time: who left the second organisation can be unlocked', async () => {
    await lock('mia', CUSTOMERS);
    const admin = await AdminConsole.open(server);
    expect((await admin.unlock('mia')).status).toBe(409);
    const dataSource = server.app.get<DataSource>(getDataSourceToken());
    await dataSource.query("DELETE FROM demo_membership WHERE username = 'mia' AND organisation = 'globex'");
    expect((await admin.unlock('mia')).body).toMatchObject({ changed: true });
    expect(await login('mia', CUSTOMERS)).toBe(200);
  });
});
