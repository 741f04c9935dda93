import { expect, test } from '@jest/globals';
import type { Visitor } from '../../conformance/app/visitor.js';
import { playOverHttp } from '../../conformance/http-timeline.js';
import { outSystemsPeople } from '../../conformance/out-systems-site.js';
import { onBothScreens } from './browser-house.js';
import type { Desk } from './desk.js';
import { END_USERS, MOUNTS, type Mount, SITE, USER_MANAGER } from './out-systems-consoles.js';

onBothScreens("OutSystems' procedures in the consoles", SITE, (there, screen) => {
  const { spray } = outSystemsPeople(() => there().house);
  const address = () => there().house.address();
  const user = (realm: string): Promise<Visitor> => there().house.person(SITE, { realm });
  const status = async (visitor: Visitor) => (await visitor.signIn()).status;

  /** "Login to …": whoever has the console's permission. */
  const open = async ({
    path,
    realm,
    permission,
  }: Pick<Mount, 'path' | 'realm' | 'permission'>): Promise<Desk> =>
    there().open(path, await there().house.person(SITE, { realm, permissions: [permission] }), screen);
  const openUsers = () => open({ path: 'users', realm: END_USERS, permission: USER_MANAGER });

  /** "Click on Users; go to the user's detail page." */
  const goToDetail = async (desk: Desk, { account }: Visitor): Promise<void> => {
    await desk.section('Accounts');
    await desk.page.getByRole('link', { name: account, exact: true }).click();
    await desk.page.getByRole('heading', { level: 1, name: account }).waitFor();
  };
  /** "A warning message should appear; click on See details." */
  const seeDetails = async (desk: Desk, { account }: Visitor): Promise<void> => {
    await desk.warning(account).getByRole('link', { name: 'See details' }).click();
    await desk.page.getByRole('table', { name: `Blocks of ${account}, one row for each address` }).waitFor();
  };
  /** "Unblock" on the line, or select it and "Unblock Selected", as Service Center has it. */
  const unblock = async (desk: Desk, { name }: Mount, line: string): Promise<void> => {
    if (name === 'Service Center') {
      await desk.tick(line);
      await desk.page.getByRole('button', { name: /^(?:Unblock|Unlock) selected$/i }).click();
    } else {
      await desk.button(`Unblock ${line}`).click();
    }
    await desk.dialog.getByRole('listitem').getByText(line, { exact: true }).first().waitFor();
  };

  test.each(MOUNTS)(
    'OS-11 OS-12 OS-13 OS-17 OS-24 $name: from the warning by See details to the block, which is lifted; the user is in at once',
    async (mount) => {
      const victim = await user(mount.realm);
      const from = victim.place.address;
      await victim.guesses(3);
      expect(await status(victim)).toBe(429);

      const desk = await open(mount);
      await goToDetail(desk, victim);
      await seeDetails(desk, victim);
      const cells = desk.row(from).getByRole('cell');
      expect((await cells.allTextContents()).join(' | ')).toMatch(/ \| 3 \| just now 12:00:00 \| /);
      await unblock(desk, mount, from);
      await desk.confirm();

      await desk.says(`${victim.account} is unlocked at ${from}.`);
      await desk.shows('No block stands.');
      await desk.calm(victim.account).waitFor();
      expect(await desk.row(from).count()).toBe(0);
      expect(await status(victim)).toBe(200);
      await desk.expectNoSideways();
    },
  );

  test.each(MOUNTS)(
    'OS-11 OS-15 $name: no warning, for it is the address; found in the table of blocked addresses, and unblocked',
    async (mount) => {
      const [blocked, other] = [address(), address()];
      await spray(blocked, 20, SITE, mount.realm);
      await spray(other, 20, SITE, mount.realm);
      const victim = (await user(mount.realm)).at({ address: blocked });
      await victim.at({ address: address() }).guesses(1);
      expect(await status(victim)).toBe(429);

      const desk = await open(mount);
      await desk.search(victim.account);
      await desk.page.getByRole('link', { name: victim.account, exact: true }).click();
      await desk.calm(victim.account).waitFor();
      expect(await desk.warning(victim.account).count()).toBe(0);

      await desk.section('Addresses');
      await desk.row(other).waitFor();
      await unblock(desk, mount, blocked);
      await desk.confirm('Unblock');
      await desk.says(`${blocked} is unblocked.`);
      await desk.row(blocked).waitFor({ state: 'detached' });
      expect(await desk.row(other).count()).toBe(1);
      expect(await status(victim)).toBe(200);
      expect(await status(victim.at({ address: other }))).toBe(429);
      await desk.expectNoSideways();
    },
  );

  test('OS-12 OS-13 OS-14 one row for each address; the selected are freed and no other; all of them is another action', async () => {
    const victim = await user(END_USERS);
    const [home, office, train] = [address(), address(), address()] as const;
    for (const at of [home, office, train]) await victim.at({ address: at }).guesses(3);
    const at = (place: string) => status(victim.at({ address: place }));

    const desk = await openUsers();
    await goToDetail(desk, victim);
    await seeDetails(desk, victim);
    for (const place of [home, office, train]) expect(await desk.row(place).count()).toBe(1);
    expect(await desk.button('Unblock Selected').isDisabled()).toBe(true);
    await desk.tick(home, train);
    await desk.button('Unblock Selected').click();
    const review = desk.dialog.getByRole('listitem');
    expect(await review.count()).toBe(2);
    for (const place of [home, train]) expect(await review.filter({ hasText: place }).count()).toBe(1);
    await desk.confirm();
    await desk.says(`${victim.account} is unlocked: 2 locks lifted.`);
    await desk.row(home).waitFor({ state: 'detached' });
    expect([await at(home), await at(office), await at(train)]).toEqual([200, 429, 200]);

    await desk.warning(victim.account).waitFor();
    await desk.button('Unlock all of this account').click();
    await desk.confirm();
    await desk.says(`${victim.account} is unlocked.`);
    await desk.calm(victim.account).waitFor();
    expect(await at(office)).toBe(200);
  });

  test('OS-15 several addresses are selected and unblocked together, and leave the table', async () => {
    const addresses = [address(), address(), address()] as const;
    for (const each of addresses) await spray(each, 20, SITE, END_USERS);
    const innocent = await user(END_USERS);
    const desk = await openUsers();
    await desk.section('Addresses');
    await desk.tick(addresses[0], addresses[2]);
    await desk.page
      .getByRole('region', { name: 'Selection' })
      .getByRole('button', { name: /selected/i })
      .click();
    await desk.confirm('Unblock');
    await desk.shows(/^Unblocked: /);
    await desk.row(addresses[0]).waitFor({ state: 'detached' });
    expect([await desk.row(addresses[1]).count(), await desk.row(addresses[2]).count()]).toEqual([1, 0]);
    const statuses = addresses.map((each) => status(innocent.at({ address: each })));
    expect(await Promise.all(statuses)).toEqual([200, 429, 200]);
  });

  test('OS-16 unblocking the address leaves the user blocked there, and the reverse', async () => {
    const victim = await user(END_USERS);
    const { address: shared } = victim.place;
    await victim.guesses(3);
    await spray(shared, 17, SITE, END_USERS);
    const desk = await openUsers();
    await desk.section('Addresses');
    await desk.button(`Unblock ${shared}`).click();
    await desk.dialog.getByText('Accounts that are locked themselves stay locked.').waitFor();
    await desk.confirm('Unblock');
    await desk.says(`${shared} is unblocked.`);
    await goToDetail(desk, victim);
    await desk.warning(victim.account).waitFor();
    expect(await status(victim)).toBe(429);

    await spray(shared, 20, SITE, END_USERS);
    await seeDetails(desk, victim);
    await desk.button(`Unblock ${shared}`).click();
    await desk.confirm();
    await desk.calm(victim.account).waitFor();
    await desk.section('Addresses');
    await desk.row(shared).waitFor();
    expect(await status(victim)).toBe(429);
  });

  test('OS-17 after an unblock by the console the whole budget is there: three wrong ones lock again, not one', async () => {
    const victim = await user(END_USERS);
    await victim.guesses(3);
    const desk = await openUsers();
    await desk.section('Accounts');
    await desk
      .row(victim.account)
      .getByRole('button', { name: `Unblock ${victim.account}` })
      .click();
    await desk.dialog.getByText('The next attempt is judged at once, with a full budget').waitFor();
    await desk.confirm();
    await desk.says(`${victim.account} is unlocked.`);
    await playOverHttp(there().house, victim, '0 – (1), 0 –, 0: 30');
  });
});
