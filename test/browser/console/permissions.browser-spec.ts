import { expect, test } from '@jest/globals';
import type { Visitor } from '../../conformance/app/visitor.js';
import { onBothScreens } from './browser-house.js';
import type { Desk } from './desk.js';
import {
  END_USERS,
  INFRASTRUCTURE,
  IT,
  MOUNTS,
  SITE,
  SUPPORT,
  USER_MANAGER,
} from './out-systems-consoles.js';

const UNLOCK = /^Un(?:lock|block)/;

onBothScreens('who may do what in the consoles', SITE, (there, screen) => {
  const person = (realm: string, ...permissions: readonly string[]): Promise<Visitor> =>
    there().house.person(SITE, { realm, permissions });
  const locked = async (realm: string): Promise<Visitor> => {
    const victim = await person(realm);
    await victim.guesses(3);
    return victim;
  };
  const isLocked = async (visitor: Visitor) => (await visitor.signIn()).status === 429;
  const offers = ({ page }: Desk) => page.getByRole('button', { name: UNLOCK });

  test.each(MOUNTS)(
    'OS-9 OS-10 OS-18 $name: without its permission users are seen, with the reason and support in the place of the button',
    async ({ path, realm, permission }) => {
      const victim = await locked(realm);
      const wrong = permission === INFRASTRUCTURE ? USER_MANAGER : INFRASTRUCTURE;
      const desk = await there().open(path, await person(realm, wrong), screen);
      await desk.section('Accounts');
      const refused = `You may not unlock in this realmTurn to: ${SUPPORT}`;
      expect(await desk.row(victim.account).textContent()).toContain(refused);
      await desk.page.getByRole('link', { name: victim.account, exact: true }).click();
      const warning = desk.warning(victim.account);
      await warning.getByText(`If you cannot solve it here, turn to: ${SUPPORT}`).waitFor();
      await warning.getByRole('link', { name: 'See details' }).click();
      await desk.row(victim.place.address).waitFor();
      expect(await offers(desk).count()).toBe(0);
      expect(await desk.page.getByRole('checkbox').count()).toBe(0);
      expect(await isLocked(victim)).toBe(true);
    },
  );

  test.each([
    { permission: INFRASTRUCTURE, home: IT, away: END_USERS },
    { permission: USER_MANAGER, home: END_USERS, away: IT },
  ])(
    'OS-9 OS-10 OS-18 “$permission” unblocks in $home, and neither shows nor unblocks anybody of $away',
    async ({ permission, home, away }) => {
      const [ours, theirs] = [await locked(home), await locked(away)];
      const desk = await there().open('both', await person(home, permission), screen);
      await desk.section('Accounts');
      await desk.row(ours.account).waitFor();
      expect(await desk.row(theirs.account).count()).toBe(0);
      await desk.goTo(`#/accounts/${away}/${theirs.account}`);
      await desk.shows('You may not see or do this.');
      await desk.shows(SUPPORT);
      expect(await offers(desk).count()).toBe(0);
      await desk.goTo(`#/accounts?realm=${away}`);
      await desk.shows('You may not see or do this.');

      await desk.section('Accounts');
      await desk.row(ours.account).getByRole('button', { name: UNLOCK }).click();
      await desk.confirm();
      await desk.says(`${ours.account} is unlocked.`);
      expect([await isLocked(ours), await isLocked(theirs)]).toEqual([false, true]);
    },
  );

  test('OS-9 OS-10 with both permissions both realms are unblocked, each user under the name of the realm', async () => {
    const [it, end] = [await locked(IT), await locked(END_USERS)];
    const desk = await there().open('both', await person(IT, INFRASTRUCTURE, USER_MANAGER), screen);
    await desk.section('Accounts');
    expect(await desk.row(it.account).getByRole('rowheader').textContent()).toBe(`${it.account}${IT}`);
    await desk.tick(it.account, end.account);
    await desk.button('Unlock selected').click();
    await desk.dialog.getByRole('listitem').filter({ hasText: END_USERS }).waitFor();
    await desk.confirm();
    await desk.shows(/^Unlocked: /);
    expect([await isLocked(it), await isLocked(end)]).toEqual([false, false]);
  });

  test('OS-9 OS-18 a permission that is taken away while the review is open: refused, with support, and nothing changes', async () => {
    const victim = await locked(IT);
    const administrator = await person(IT, INFRASTRUCTURE);
    const permissions = administrator.person?.permissions as Set<string>;
    const desk = await there().open('lifetime', administrator, screen);
    await desk.section('Accounts');
    await desk.row(victim.account).getByRole('button', { name: UNLOCK }).click();
    await desk.dialog.getByRole('button', { name: 'Unlock', exact: true }).waitFor();
    permissions.clear();
    await desk.dialog.getByRole('button', { name: 'Unlock', exact: true }).click();
    await desk.dialog.getByText('You may not see or do this.').waitFor();
    await desk.dialog.getByText(`If you cannot solve it here, turn to: ${SUPPORT}`).waitFor();
    expect(await isLocked(victim)).toBe(true);
  });
});
