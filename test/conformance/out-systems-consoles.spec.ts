import { expect, test } from '@jest/globals';
import { seconds } from 'nestjs-lockout/policy';
import { onBothDatabases } from './app/house.js';
import type { Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';
import {
  blockedAddresses,
  blocksOf,
  detail,
  detailPath,
  INFRASTRUCTURE,
  outSystemsPeople,
  type Row,
  SUPPORT,
  USER_MANAGER,
  unblockAddresses,
  unblockRow,
} from './out-systems-site.js';

onBothDatabases("OutSystems' consoles", (house) => {
  const { endUser, itUser, userManager, spray } = outSystemsPeople(house);

  test('OS-8 the same login name in both realms is two accounts, and addresses count apart', async () => {
    const address = house().address();
    const [it, end] = [
      (await itUser({ name: 'ana' })).at({ address }),
      (await endUser({ name: 'ana' })).at({ address }),
    ];
    await it.guesses(3);
    expect((await end.signIn()).status).toBe(200);
    await end.guesses(3);
    const manager = await userManager();
    const lifetime = await (await itUser({ permissions: [INFRASTRUCTURE] })).session();
    const [row] = await blocksOf(lifetime, it, 'lifetime');
    expect((await unblockRow(lifetime, row, 'lifetime')).body).toEqual({ changed: true });
    expect([(await it.signIn()).status, (await end.signIn()).status]).toEqual([200, 429]);
    await spray(address, 17);
    expect(await blockedAddresses(manager)).toContain(address);
    expect(await blockedAddresses(lifetime, 'it', 'lifetime')).not.toContain(address);
    expect((await it.signIn()).status).toBe(200);
  });

  test('OS-9 unblocking in the IT realm needs "Manage Infrastructure and Users", in both consoles; else 403', async () => {
    const without = await (await itUser({ permissions: [USER_MANAGER] })).session();
    const having = await (await itUser({ permissions: [INFRASTRUCTURE] })).session();
    for (const mount of ['lifetime', 'service-center']) {
      const user = await itUser();
      await user.guesses(3);
      const [row] = await blocksOf(without, user, mount);
      expect((await unblockRow(without, row, mount)).status).toBe(403);
      expect((await without.post(`${detailPath(user, mount)}/unlock`, { reason: 'asked' })).status).toBe(403);
      expect((await user.signIn()).status).toBe(429);
      expect(await blocksOf(without, user, mount)).toHaveLength(1);
      expect((await unblockRow(having, row, mount)).status).toBe(200);
      expect((await user.signIn()).status).toBe(200);
    }
  });

  test('OS-10 unblocking in the end-user realm needs "UserManager (Users)"; neither permission serves in the other', async () => {
    const user = await endUser();
    await user.guesses(3);
    const it = await itUser();
    await it.guesses(3);
    const manager = await userManager();
    const infrastructure = await (await itUser({ permissions: [INFRASTRUCTURE] })).session();
    const neither = await (await endUser({ permissions: [INFRASTRUCTURE] })).session();
    const [row] = await blocksOf(manager, user);
    const [itRow] = await blocksOf(infrastructure, it, 'lifetime');
    for (const [by, which, mount] of [
      [neither, row, 'users'],
      [infrastructure, row, 'users'],
      [infrastructure, row, 'lifetime'],
      [manager, itRow, 'users'],
      [manager, itRow, 'lifetime'],
    ] as const) {
      expect((await unblockRow(by, which, mount)).status).toBe(403);
    }
    expect([(await user.signIn()).status, (await it.signIn()).status]).toEqual([429, 429]);
    expect((await unblockRow(manager, row)).status).toBe(200);
    expect([(await user.signIn()).status, (await it.signIn()).status]).toEqual([200, 429]);
  });

  test("OS-11 a user's detail warns iff that user is blocked, at any address", async () => {
    const manager = await userManager();
    const user = await endUser();
    const warns = async () => (await detail(manager, user)).body['locked'];
    await user.guesses(2);
    expect(await warns()).toBe(false);
    await spray(user.place.address, 18);
    expect(await blockedAddresses(manager)).toContain(user.place.address);
    expect(await warns()).toBe(false);
    await user.at({ address: house().address() }).guesses(3);
    expect(await warns()).toBe(true);
    house().clock.advance(seconds(30));
    expect(await warns()).toBe(false);
  });

  test('OS-12 "See details" leads to that user\'s blocks, one row for each address', async () => {
    const manager = await userManager();
    const user = await endUser();
    const [home, office] = [house().address(), house().address()];
    for (const address of [home, office]) await user.at({ address }).guesses(3);
    await (await endUser()).at({ address: home }).guesses(3);
    const rows = await blocksOf(manager, user);
    expect(rows).toHaveLength(2);
    expect(new Set(rows.map(({ address }) => address))).toEqual(new Set([home, office]));
    expect(new Set(rows.map(({ scope }) => scope))).toEqual(new Set(['account+address']));
  });

  test('OS-13 "Unblock" on a row frees the user at that address and says so; all of a user\'s is another action', async () => {
    const manager = await userManager();
    const user = await endUser();
    const places = [house().address(), house().address(), house().address()];
    const [home, office, train] = places.map((address) => user.at({ address })) as [
      Visitor,
      Visitor,
      Visitor,
    ];
    for (const place of [home, office, train]) await place.guesses(3);
    const row = (await blocksOf(manager, user)).find(({ address }) => address === home.place.address);
    expect(await unblockRow(manager, row)).toMatchObject({ status: 200, body: { changed: true } });
    const left = (await blocksOf(manager, user)).map((block) => block.address);
    expect(new Set(left)).toEqual(new Set(places.slice(1)));
    expect([(await home.signIn()).status, (await office.signIn()).status]).toEqual([200, 429]);
    await manager.post(`${detailPath(user)}/unlock`, { reason: 'asked' });
    expect(await blocksOf(manager, user)).toEqual([]);
    expect([(await office.signIn()).status, (await train.signIn()).status]).toEqual([200, 200]);
  });

  test('OS-14 "Unblock Selected" frees all selected rows and no other', async () => {
    const manager = await userManager();
    const users = await Promise.all(Array.from({ length: 4 }, () => endUser()));
    const rows: (Row | undefined)[] = [];
    for (const user of users) {
      await user.guesses(3);
      rows.push((await blocksOf(manager, user))[0]);
    }
    const ids = rows.slice(0, 3).map((row) => row?.id);
    expect(await manager.post('/users/records/unlock', { ids, reason: 'asked' })).toMatchObject({
      status: 200,
      body: { changed: true },
    });
    expect(await Promise.all(users.map(async (user) => (await user.signIn()).status))).toEqual([
      200, 200, 200, 429,
    ]);
    expect(await blocksOf(manager, users[3] as Visitor)).toHaveLength(1);
  });

  test('OS-15 Blocked Addresses: one or selected are unblocked, leave the table, and logins from there work again', async () => {
    const manager = await userManager();
    const addresses = [house().address(), house().address(), house().address()];
    for (const address of addresses) await spray(address, 20);
    const innocent = await endUser();
    expect(await blockedAddresses(manager)).toEqual(expect.arrayContaining(addresses));
    expect((await unblockAddresses(manager, addresses.slice(0, 1))).body).toEqual({ changed: true });
    expect((await innocent.at({ address: addresses[0] as string }).signIn()).status).toBe(200);
    expect(await blockedAddresses(manager)).toEqual(expect.arrayContaining(addresses.slice(1)));
    expect((await unblockAddresses(manager, addresses.slice(1))).body).toEqual({ changed: true });
    for (const address of addresses) {
      expect(await blockedAddresses(manager)).not.toContain(address);
      expect((await innocent.at({ address }).signIn()).status).toBe(200);
    }
  });

  test('OS-16 the tables are independent: unblocking an address frees no user block, nor the reverse', async () => {
    const manager = await userManager();
    const user = await endUser();
    const { address } = user.place;
    await user.guesses(3);
    await spray(address, 17);
    await unblockAddresses(manager, [address]);
    expect(await blocksOf(manager, user)).toHaveLength(1);
    expect((await user.signIn()).status).toBe(429);
    await spray(address, 20);
    const [row] = await blocksOf(manager, user);
    await unblockRow(manager, row);
    expect(await blockedAddresses(manager)).toContain(address);
    expect((await user.signIn()).status).toBe(429);
  });

  test('OS-17 after an unblock the next login is judged at once, with a full budget', async () => {
    const manager = await userManager();
    for (const login of ['right', 'wrong']) {
      const user = await endUser();
      await user.guesses(3);
      const [row] = await blocksOf(manager, user);
      await unblockRow(manager, row);
      if (login === 'right') expect((await user.signIn()).status).toBe(200);
      else await playOverHttp(house(), user, '0 – (1), 0 –, 0: 30');
    }
  });

  test("OS-18 where the administrator cannot solve it, answer and console name the realm's support contact", async () => {
    const manager = await userManager();
    const user = await endUser();
    await user.guesses(3);
    const without = await (await endUser()).session();
    const [row] = await blocksOf(manager, user);
    expect(await unblockRow(without, row)).toMatchObject({ status: 403, body: { support: SUPPORT } });
    expect((await detail(without, user)).body).toMatchObject({ unlockable: false, support: SUPPORT });
    expect((await unblockRow(manager, row)).status).toBe(200);
  });
});
