import { expect, test } from '@jest/globals';
import type { Visitor } from '../../conformance/app/visitor.js';
import { onBothScreens } from './browser-house.js';
import type { Desk } from './desk.js';
import { ACME, GLOBEX, IN_SEVERAL, OWNS, type Roles, SEVERAL, SITE, SUPPORT } from './organisations.js';

onBothScreens("Contentstack's unlocking of users", SITE, (there, screen) => {
  const somebody = (roles: Roles): Promise<Visitor> => {
    const organisations = Object.keys(roles);
    const realm = organisations.length > 1 ? SEVERAL : (organisations[0] ?? ACME);
    return there().house.person(SITE, { realm, organisations: roles });
  };
  const locked = async (roles: Roles = { [ACME]: 'member' }): Promise<Visitor> => {
    const victim = await somebody(roles);
    await victim.guesses(5);
    return victim;
  };
  const lockedMembers = (count: number) => Promise.all(Array.from({ length: count }, () => locked()));
  const status = async (visitor: Visitor) => (await visitor.signIn()).status;
  const isLocked = async (visitor: Visitor) => (await status(visitor)) === 429;

  /** "Log in; navigate to Administration > Users." */
  const openUsers = async (by: Roles = { [ACME]: 'admin' }): Promise<Desk> => {
    const desk = await there().open('administration', await somebody(by), screen);
    await desk.section('Accounts');
    return desk;
  };
  const selection = ({ page }: Desk) => page.getByRole('region', { name: 'Selection' });
  const unlockUsers = (desk: Desk) => selection(desk).getByRole('button', { name: 'Unlock selected' });
  const unlockUser = ({ page }: Desk, { account }: Visitor) =>
    page.getByRole('button', { name: `Unblock ${account}`, exact: true });
  const names = (visitors: readonly Visitor[]) => visitors.map(({ account }) => account);

  test('CS-12 CS-13 an admin, or the owner, unlocks one locked user from his row; he is in at once', async () => {
    for (const role of ['admin', 'owner'] as const) {
      const [victim, other] = [await locked(), await locked()];
      const desk = await openUsers({ [ACME]: role });
      await unlockUser(desk, victim).click();
      await desk.dialog.getByRole('heading', { name: `Let ${victim.account} in?` }).waitFor();
      await desk.confirm();
      await desk.says(`${victim.account} is unlocked.`);
      await desk.row(victim.account).waitFor({ state: 'detached' });
      expect(await desk.row(other.account).count()).toBe(1);
      expect([await status(victim), await isLocked(other)]).toEqual([200, true]);
      await desk.expectNoSideways();
    }
  });

  test('CS-12 a member, and an admin of another organisation, see and unlock nobody of this one', async () => {
    const victim = await locked();
    const theirs = await locked({ [GLOBEX]: 'member' });
    const member = await openUsers({ [ACME]: 'member' });
    await member.shows('You may not see who is locked in any realm');
    expect(await member.row(victim.account).count()).toBe(0);

    const stranger = await openUsers({ [GLOBEX]: 'admin' });
    await stranger.row(theirs.account).waitFor();
    expect(await stranger.row(victim.account).count()).toBe(0);
    for (const desk of [member, stranger]) {
      await desk.goTo(`#/accounts/${ACME}/${victim.account}`);
      await desk.shows('You may not see or do this.');
      await desk.shows(SUPPORT);
      expect(await desk.page.getByRole('button', { name: /^Un(?:lock|block)/ }).count()).toBe(0);
    }
    expect(await isLocked(victim)).toBe(true);
  });

  test('CS-14 ten at once are unlocked; an eleventh cannot be selected', async () => {
    const eleven = await lockedMembers(11);
    const [last, ...ten] = eleven.reverse() as [Visitor, ...Visitor[]];
    const desk = await openUsers();
    await desk.tick(...names(ten));
    await desk.shows('At most 10 can be unlocked at once.');
    expect(await desk.box(last.account).isDisabled()).toBe(true);
    await unlockUsers(desk).click();
    await desk.dialog.getByRole('heading', { name: 'Unlock 10 accounts?' }).waitFor();
    expect(await desk.dialog.getByRole('listitem').count()).toBe(10);
    await desk.confirm();
    await desk.shows(/^Unlocked: /);
    expect(await Promise.all(ten.map(status))).toEqual(ten.map(() => 200));
    expect(await isLocked(last)).toBe(true);
    expect(await desk.row(last.account).count()).toBe(1);
    await desk.expectNoSideways();
  });

  test('CS-15 nothing is unlocked before the review is confirmed; cancelling it, or Esc, changes nothing', async () => {
    const two = await lockedMembers(2);
    const desk = await openUsers();
    await desk.tick(...names(two));
    const review = async (): Promise<void> => {
      await unlockUsers(desk).click();
      for (const name of names(two)) await desk.dialog.getByText(name, { exact: true }).waitFor();
      for (const victim of two) expect(await isLocked(victim)).toBe(true);
    };
    await review();
    await desk.dialog.getByRole('button', { name: 'Cancel' }).click();
    await desk.dialog.waitFor({ state: 'detached' });
    await review();
    await desk.page.keyboard.press('Escape');
    await desk.dialog.waitFor({ state: 'detached' });
    for (const victim of two) expect(await isLocked(victim)).toBe(true);
    await review();
    await desk.confirm();
    expect(await Promise.all(two.map(status))).toEqual([200, 200]);
  });

  test('CS-16 CS-18 an owner, and who is in several organisations, have no button but the reason and support; who is free has neither', async () => {
    const owner = await locked({ [ACME]: 'owner' });
    const several = await locked({ [ACME]: 'member', [GLOBEX]: 'member' });
    const free = await somebody({ [ACME]: 'member' });
    await free.guesses(1);
    const desk = await openUsers({ [ACME]: 'admin', [GLOBEX]: 'admin' });
    await desk.page.getByRole('link', { name: 'All recorded' }).click();
    await desk.row(free.account).getByText('Not locked').waitFor();
    for (const [victim, reason] of [
      [owner, OWNS],
      [several, IN_SEVERAL],
    ] as const) {
      const row = desk.row(victim.account);
      expect(await row.textContent()).toContain(`${reason}Turn to: ${SUPPORT}`);
      expect(await unlockUser(desk, victim).count()).toBe(0);
    }
    expect(await unlockUser(desk, free).count()).toBe(0);
    expect(await desk.row(free.account).textContent()).not.toContain(SUPPORT);

    await desk.page.getByRole('link', { name: owner.account, exact: true }).click();
    const warning = desk.warning(owner.account);
    expect(await warning.textContent()).toContain(`You cannot unlock this account: ${OWNS}`);
    expect(await warning.textContent()).toContain(`If you cannot solve it here, turn to: ${SUPPORT}`);
    expect(await desk.page.getByRole('button', { name: /^Un(?:lock|block)/ }).count()).toBe(0);
    expect([await isLocked(owner), await isLocked(several)]).toEqual([true, true]);
  });

  test('CS-17 with one ineligible among the selected unlocking is not offered, and it is said which and why', async () => {
    const fine = await locked();
    const owner = await locked({ [ACME]: 'owner' });
    const desk = await openUsers();
    await desk.tick(fine.account);
    await unlockUsers(desk).waitFor();
    await desk.tick(owner.account);
    await selection(desk)
      .getByText(`One of the selected cannot be unlocked: ${owner.account} (${OWNS})`)
      .waitFor();
    await selection(desk).getByText(SUPPORT).waitFor();
    expect(await unlockUsers(desk).count()).toBe(0);
    await desk.box(owner.account).uncheck();
    await unlockUsers(desk).click();
    await desk.confirm();
    expect([await status(fine), await isLocked(owner)]).toEqual([200, true]);
  });

  test('CS-17 one that another administrator unlocked meanwhile keeps all of them locked, and the review says so', async () => {
    const [fine, meanwhile] = await lockedMembers(2);
    if (!fine || !meanwhile) throw new Error('Nobody is locked.');
    const desk = await openUsers();
    await desk.tick(fine.account, meanwhile.account);
    await unlockUsers(desk).click();
    await desk.dialog.getByRole('heading', { name: 'Unlock 2 accounts?' }).waitFor();
    const admin = await (await somebody({ [ACME]: 'admin' })).session();
    await admin.post(`/administration/accounts/${ACME}/${meanwhile.account}/unlock`, { reason: 'asked' });
    await desk.dialog.getByRole('button', { name: 'Unlock', exact: true }).click();
    await desk.dialog.getByText('Nothing was unlocked. These cannot be:').waitFor();
    expect(await desk.dialog.getByRole('alert').textContent()).toContain(`${meanwhile.account}: Not locked`);
    expect([await isLocked(fine), await isLocked(meanwhile)]).toEqual([true, false]);
  });
});
