import { beforeAll, describe, test } from '@jest/globals';
import { expectAccessible } from './axe.js';
import { onStage } from './browser-stage.js';
import type { Desk } from './desk.js';
import { peopleInTrouble } from './people-in-trouble.js';
import { SCREENS } from './screens.js';

/** A page or dialog of the console: where it is, what is done there, and what it shows then. */
interface State {
  readonly name: string;
  readonly hash: string;
  readonly act?: (desk: Desk) => Promise<unknown>;
  readonly shows: string | RegExp;
}

const click = (name: string) => (desk: Desk) => desk.button(name).click();
const opened = (desk: Desk) =>
  desk.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");

const STATES: readonly State[] = [
  { name: 'the overview', hash: '#/', shows: 'Latest events' },
  {
    name: 'the overview as a table',
    hash: '#/?hours=6',
    act: click('Show as a table'),
    shows: 'Show as charts',
  },
  { name: 'locked accounts', hash: '#/accounts', shows: 'olga' },
  { name: 'all accounts, of a search', hash: '#/accounts?state=any&q=a', shows: 'Found for “a”' },
  { name: 'no locked account', hash: '#/accounts?realm=it', shows: 'Nobody is locked' },
  {
    name: 'a search that finds nothing',
    hash: '#/accounts?state=any&q=qqq',
    shows: 'Nothing is recorded about “qqq”',
  },
  {
    name: 'a selection with one that cannot be unlocked',
    hash: '#/accounts',
    act: (desk) => desk.tick('alice', 'olga'),
    shows: 'One of the selected cannot be unlocked',
  },
  {
    name: 'the review of several',
    hash: '#/accounts?sort=since',
    act: async (desk) => {
      await desk.tick('alice', 'carol');
      await desk.button('Unlock selected').click();
    },
    shows: 'Unlock 2 accounts?',
  },
  { name: 'a locked account', hash: '#/accounts/default/alice', act: opened, shows: 'alice is locked' },
  {
    name: 'an account that cannot be unlocked',
    hash: '#/accounts/default/olga',
    shows: 'You cannot unlock this account',
  },
  {
    name: 'an account locked by hand',
    hash: '#/accounts/default/dave',
    act: opened,
    shows: 'dave is locked',
  },
  {
    name: 'a free account, and what an attempt would meet',
    hash: '#/accounts/default/erin?from=192.0.2.66',
    shows: 'It would be refused',
  },
  {
    name: 'an account of which nothing is known',
    hash: '#/accounts/default/zoe',
    shows: 'Nothing is recorded about zoe',
  },
  {
    name: 'locking by hand',
    hash: '#/accounts/default/erin',
    act: async (desk) => {
      await click('Lock by hand')(desk);
      await desk.dialog.getByText('Until a moment').click();
    },
    shows: 'Lock erin?',
  },
  { name: 'locking somebody', hash: '#/lock', shows: 'Which account' },
  { name: 'blocked addresses', hash: '#/addresses', shows: '192.0.2.66' },
  { name: 'no address', hash: '#/addresses?realm=it', shows: 'No address is blocked' },
  {
    name: 'a blocked address',
    hash: '#/addresses/default/192.0.2.66',
    act: opened,
    shows: '192.0.2.66 is blocked',
  },
  { name: 'a free address', hash: '#/addresses/default/198.51.100.9', shows: '198.51.100.9 is not blocked' },
  { name: 'the history', hash: '#/history', shows: 'Unlocked by admin' },
  { name: 'a history of nothing', hash: '#/history?type=refund-refused', shows: 'Nothing matches.' },
  { name: 'the policies', hash: '#/policies', shows: 'Brands with rules of their own' },
  { name: 'a policy', hash: '#/policies/reachfive', act: opened, shows: 'What governs' },
  {
    name: 'editing a policy',
    hash: '#/policies/reachfive?tab=edit',
    act: opened,
    shows: 'Number of failures',
  },
  {
    name: 'a policy with a mistake',
    hash: '#/policies/reachfive/brands/acme?tab=edit',
    act: async (desk) => {
      await desk.page.getByLabel('Number of failures').fill('0');
      await desk.page.getByRole('button', { name: /Review/ }).click();
    },
    shows: /problem|put right/i,
  },
  {
    name: 'the review of a policy',
    hash: '#/policies/address?tab=edit',
    act: async (desk) => {
      await desk.page.getByLabel('Number of failures').fill('40');
      await desk.page.getByRole('button', { name: /Review/ }).click();
    },
    shows: 'Before',
  },
  {
    name: 'trying a policy',
    hash: '#/policies/reachfive?tab=try',
    act: async (desk) => {
      await click('5 wrong, one a second')(desk);
      await click('A wrong password')(desk);
    },
    shows: 'What happens, step by step',
  },
  {
    name: 'the history of a policy',
    hash: '#/policies/reachfive/brands/acme?tab=history',
    act: opened,
    shows: 'Version 1',
  },
  { name: 'a policy that is not there', hash: '#/policies/nothing', shows: 'There is nothing of this name.' },
  {
    name: 'a message that something was done, with the way back',
    hash: '#/accounts/default/frida',
    act: async (desk) => {
      await click('Lock by hand')(desk);
      await desk.confirm('Lock');
      await desk.says('frida is locked.');
    },
    shows: 'frida is locked',
  },
  { name: 'no page at all', hash: '#/nowhere', shows: 'Nothing here' },
];

onStage('every page for everybody (axe-core)', { keepWindows: true }, (there) => {
  beforeAll(() => peopleInTrouble(there().stage), 60_000);

  describe.each(SCREENS)('$name', (screen) => {
    let desk: Desk;

    beforeAll(async () => {
      desk = await there().open('#/nowhere', { screen });
    });

    test.each(STATES)('$name', async ({ hash, act, shows }) => {
      // From a page that keeps nothing of the one before.
      await desk.goTo('#/nowhere');
      await desk.page.getByRole('heading', { name: 'Nothing here' }).waitFor();
      await desk.goTo(hash);
      const visible = desk.page.getByRole('main').or(desk.dialog);
      if (act) {
        await desk.page.getByRole('heading', { name: 'Nothing here' }).waitFor({ state: 'detached' });
        await desk.page.locator('.loading').first().waitFor({ state: 'detached' });
        await act(desk);
      }
      await visible.getByText(shows).first().waitFor();
      await expectAccessible(desk);
      if (await desk.dialog.isVisible()) await desk.page.keyboard.press('Escape');
    });
  });
});
