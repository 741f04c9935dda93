import { expect, test } from '@jest/globals';
import { minutes, seconds } from 'nestjs-lockout/policy';
import { onBothDatabases } from './app/house.js';
import type { Visitor } from './app/visitor.js';
import {
  addressOnly,
  blockedAddresses,
  blocksOf,
  detail,
  FEW_MINUTES,
  outSystemsPeople,
  SIXTY_MINUTES,
  standard,
  unblockAddresses,
  unblockRow,
  userOnly,
  WRONG,
} from './out-systems-site.js';

onBothDatabases('OutSystems', (house) => {
  const { endUser, itUser, userManager, play, spray } = outSystemsPeople(house);

  test('OS-1 a login refused by a first-step block answers that sentence', async () => {
    const user = await endUser();
    await user.guesses(3);
    expect(await user.signIn()).toMatchObject({ status: 429, sentence: FEW_MINUTES });
    const address = house().address();
    await spray(address, 20);
    const innocent = (await endUser()).at({ address });
    expect(await innocent.signIn()).toMatchObject({ status: 429, sentence: FEW_MINUTES });
  });

  test('OS-2 by a second-step block the other sentence; of several blocks the one that ends last', async () => {
    const user = await play('0 –, 0 –, 0: 30, 30 –, 30 –, 30: 1830');
    expect(await user.signIn()).toMatchObject({ status: 429, sentence: SIXTY_MINUTES });
    // Blocked at the first step there, and the address too, at the second step and for longer.
    const { address } = user.place;
    house().clock.advance(minutes(60));
    await spray(address, 20);
    house().clock.advance(seconds(300));
    await spray(address, 27);
    const other = (await endUser()).at({ address });
    await other.guesses(3);
    expect(await other.signIn()).toMatchObject({ status: 429, sentence: SIXTY_MINUTES });
    expect(await other.at({ address: house().address() }).signIn()).toMatchObject({ status: 200 });
  });

  test('OS-2 a first-step block that ends later than a second-step one chooses the sentence', async () => {
    const user = await play('0 –, 0 –, 0: 30, 30 –, 30 –, 30: 1830');
    house().clock.advance(seconds(1700));
    await spray(user.place.address, 14);
    const refused = await user.signIn();
    expect(refused).toMatchObject({ status: 429, sentence: FEW_MINUTES });
    expect(refused.headers.get('retry-after')).toBe('300');
  });

  test('OS-2 the sentences can be replaced, localised, and given the minutes left, rounded up', async () => {
    const user = (await endUser()).at({ brand: 'pt' });
    await user.guesses(3);
    expect((await user.signIn()).sentence).toBe('Tente de novo dentro de 1 min.');
    expect((await user.at({ brand: 'en' }).signIn()).sentence).toBe(FEW_MINUTES);
  });

  test("OS-3 one user's three failures fill only the first table, a spray only the second", async () => {
    const manager = await userManager();
    const user = await endUser();
    await user.guesses(3);
    expect(await blocksOf(manager, user)).toHaveLength(1);
    expect(await blockedAddresses(manager)).not.toContain(user.place.address);
    const address = house().address();
    const sprayed = await spray(address, 20);
    expect(await blockedAddresses(manager)).toContain(address);
    for (const victim of sprayed) expect(await blocksOf(manager, victim)).toEqual([]);
  });

  test('OS-4 a user block is tied to the address: the same user elsewhere still logs in', async () => {
    await play('0 @A –, 0 @A –, 0 @A: 30, 1 @A refused 30, 1 @B ok, 2 @A refused 30');
  });

  test('OS-5 ten users failing twice each block the address: no user is blocked, an innocent one is refused there only', async () => {
    const manager = await userManager();
    const address = house().address();
    const ten = await spray(address, 20);
    expect(ten).toHaveLength(10);
    for (const user of ten) {
      expect((await detail(manager, user)).body).toMatchObject({ locked: false, locks: [] });
      expect((await user.at({ address: house().address() }).signIn()).status).toBe(200);
    }
    const innocent = await endUser();
    expect((await innocent.at({ address }).signIn()).status).toBe(429);
    expect((await innocent.signIn()).status).toBe(200);
  });

  test('OS-5 where users are blocked too, unblocking one helps him only once the address is unblocked', async () => {
    const manager = await userManager();
    const address = house().address();
    const six = await Promise.all(Array.from({ length: 6 }, () => endUser()));
    for (const user of six) expect(await user.at({ address }).guesses(3)).toEqual([401, 401, 401]);
    await spray(address, 2);
    const [first] = six as [Visitor];
    expect(await blockedAddresses(manager)).toContain(address);
    const [row] = await blocksOf(manager, first);
    await unblockRow(manager, row);
    expect(await blocksOf(manager, first)).toEqual([]);
    expect((await first.at({ address }).signIn()).status).toBe(429);
    await unblockAddresses(manager, [address]);
    expect((await first.at({ address }).signIn()).status).toBe(200);
  });

  test('OS-6 typing errors within a short time end in OS-1', async () => {
    const user = await endUser();
    for (const typo of ['correct hrose', 'corect horse', 'Correct horse']) {
      expect((await user.at({ password: typo }).signIn()).status).toBe(401);
    }
    expect((await user.signIn()).sentence).toBe(FEW_MINUTES);
  });

  test.each(['password', 'username'])(
    'OS-6 a client that still uses the previous %s after a change ends in OS-1',
    async (changed) => {
      const user = await itUser();
      const client = await user.session();
      const answer =
        changed === 'password'
          ? await client.post('/profile/password', { current: user.credentials.password, next: 'new' })
          : await client.post('/profile/name', { name: `${user.credentials.name} renamed` });
      expect(answer.status).toBe(204);
      for (let n = 0; n < 3; n += 1) expect((await user.signIn()).status).toBe(401);
      expect((await user.signIn()).sentence).toBe(FEW_MINUTES);
    },
  );

  test('OS-6 an attack on the account, and one on the network, end in OS-1', async () => {
    const target = await endUser();
    await target.guesses(3);
    expect((await target.signIn()).sentence).toBe(FEW_MINUTES);
    const address = house().address();
    await spray(address, 20);
    const neighbour = (await endUser()).at({ address });
    expect((await neighbour.signIn()).sentence).toBe(FEW_MINUTES);
  });

  test('OS-7 a block ends by itself: at its end the right password logs in', async () => {
    await play('0 –, 0 –, 0: 30, 30-1ms refused 30, 30 ok');
    const address = house().address();
    await spray(address, 20);
    const innocent = (await endUser()).at({ address });
    house().clock.advance(seconds(300) - 1);
    expect((await innocent.signIn()).status).toBe(429);
    house().clock.advance(1);
    expect((await innocent.signIn()).status).toBe(200);
  });

  test('OS-19 the two levels switch on and off separately; a level that is off neither counts nor refuses', async () => {
    const there = house().address();
    await spray(there, 60, userOnly);
    const user = (await endUser({}, userOnly)).at({ address: there });
    expect(await user.guesses(4)).toEqual([401, 401, 401, 429]);
    const target = await endUser({}, addressOnly);
    expect(new Set(await target.guesses(19))).toEqual(new Set([401]));
    expect((await target.signIn()).status).toBe(200);
    expect(await target.guesses(2)).toEqual([401, 429]);
    const administrator = await house().administrator(addressOnly);
    expect((await administrator.get(`/lockout/accounts/end-users/${target.account}`)).status).toBe(404);
  });

  test('OS-20 user at address: 3 failures block 30 s, 6 block 1800 s, each further one again', async () => {
    await play('0 –, 1 –, 2: 32, 3 refused, 32 –, 33 –, 34: 1834, 1834: 3634, 3634 – (2)');
  });

  test('OS-21 address: 20 failures block 300 s, 21 to 49 do not, 50 block 3600 s, the 51st counts 1', async () => {
    const { clock } = house();
    const manager = await userManager();
    const address = house().address();
    const innocent = (await endUser()).at({ address });
    const isBlocked = async () => (await innocent.signIn()).status === 429;
    await spray(address, 19);
    expect(await isBlocked()).toBe(false);
    await spray(address, 1);
    expect(await isBlocked()).toBe(true);
    clock.advance(seconds(300) - 1);
    expect(await isBlocked()).toBe(true);
    clock.advance(1);
    for (let failure = 21; failure <= 49; failure += 1) {
      await spray(address, 1);
      expect(await isBlocked()).toBe(false);
    }
    await spray(address, 1);
    expect((await innocent.signIn()).headers.get('retry-after')).toBe('3600');
    clock.advance(seconds(3600) - 1);
    expect(await isBlocked()).toBe(true);
    clock.advance(1);
    await spray(address, 1);
    const { body } = await manager.get(`/users/addresses?realm=end-users&state=any&q=${address}`);
    expect(body['items']).toHaveLength(1);
    // The window is as long as the block: nothing of the fifty is left, so nineteen more make twenty.
    await spray(address, 18);
    expect(await isBlocked()).toBe(false);
    await spray(address, 1);
    expect((await innocent.signIn()).headers.get('retry-after')).toBe('300');
  });

  test('OS-22 only failures of the last 60 minutes count, each alone', async () => {
    const inMinutes = { unitMs: minutes(1) };
    await play('0 –, 1 –, 60-1ms: 60+29999ms', inMinutes);
    await play('0 –, 1 –, 60 – (2), 61 – (2)', inMinutes);
  });

  test("OS-23 a wrong login, or an unknown user's, answers that sentence; the blocks' only while blocked", async () => {
    const [user, stranger] = [await endUser(), await house().stranger(standard, 'end-users')];
    for (const who of [user, stranger]) {
      for (let n = 0; n < 3; n += 1)
        expect(await who.guess()).toMatchObject({ status: 401, sentence: WRONG });
      for (const answer of [await who.guess(), await who.signIn()]) {
        expect(answer).toMatchObject({ status: 429, sentence: FEW_MINUTES });
      }
      house().clock.advance(seconds(30));
      expect(await who.guess()).toMatchObject({ status: 401, sentence: WRONG });
    }
    const address = house().address();
    await spray(address, 20);
    const atAddress = await (await endUser()).at({ address }).signIn();
    const atUser = await play('0 –, 0 –, 0: 30');
    const { retryAt: _1, ...first } = atAddress.body;
    const { retryAt: _2, ...second } = (await atUser.signIn()).body;
    expect(first).toEqual(second);
  });

  test("OS-29 success clears the user's count at that address and never the address's", async () => {
    await play('0 –, 0 –, 1 ok, 1 –, 1 –, 1: 31');
    const address = house().address();
    await spray(address, 19);
    const user = (await endUser()).at({ address });
    expect((await user.signIn()).status).toBe(200);
    expect(await user.guesses(2)).toEqual([401, 429]);
  });
});
