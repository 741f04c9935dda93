import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DeliveryRefusedError, LockoutNotifier, type LockoutSink } from 'nestjs-lockout';
import type { EventView } from 'nestjs-lockout/admin';
import { type AdminApp, type SignedIn, startAdminApp } from '../../e2e/admin/admin-app.js';
import { hasChromium } from '../chromium.js';
import { expectAccessible } from './axe.js';
import { ConsoleWindows } from './console-windows.js';
import { Desk } from './desk.js';
import { SCREENS, type Screen } from './screens.js';

/** Refuses whatever it is told of as long as it is broken. */
class Pager implements LockoutSink {
  readonly name = 'pager';
  readonly told: (string | null)[] = [];
  isBroken = true;

  wants = ({ type }: Parameters<LockoutSink['wants']>[0]): boolean => type === 'locked';

  async deliver({ facts }: Parameters<LockoutSink['deliver']>[0]): Promise<void> {
    if (this.isBroken) throw new DeliveryRefusedError('550 <b>no</b> \u202esuch pager');
    this.told.push(facts.accountLabel);
  }
}

const describeHere = hasChromium() ? describe : describe.skip;

describeHere('what was given up, taken along and forgotten in the console', () => {
  const pager = new Pager();
  const denied = new Set<string>();
  let admin: AdminApp;
  let windows: ConsoleWindows;

  beforeAll(async () => {
    admin = await startAdminApp({
      platform: 'express',
      lockout: { sinks: [pager], delivery: { dispatch: false } },
      admin: {
        // A browser fetches files with its cookies, and nothing else of a test's.
        guards: [
          {
            canActivate: (context) => {
              const { headers } = context.switchToHttp().getRequest<SignedIn>();
              return headers['x-user'] === 'admin' || headers['cookie'] === 'user=admin';
            },
          },
        ],
        actor: () => 'admin',
        can: (action) => !denied.has(action),
      },
    });
    windows = await ConsoleWindows.launch();
  });
  afterEach(() => windows.closeAll());
  afterAll(async () => {
    await windows?.close();
    await admin?.close();
  });

  const open = async (hash: string, screen: Screen): Promise<Desk> =>
    new Desk(
      await windows.open(`${admin.url}/lockout/console/${hash}`, {
        screen,
        cookies: [{ name: 'user', value: 'admin', url: admin.url }],
      }),
    );
  const deliver = () => admin.app.get(LockoutNotifier).runOnce();

  describe.each(SCREENS)('$name', (screen) => {
    const [alice, bob, eve] = ['alice', 'bob', 'eve'].map((name) => `${name}-of-${screen.name}`) as [
      string,
      string,
      string,
    ];

    test('the overview tells of dead letters; one is tried again and one is given up, with a reason', async () => {
      pager.isBroken = true;
      for (const account of [alice, bob]) await admin.fail(account, 3);
      await deliver();
      const desk = await open('#/', screen);
      await desk.page.getByRole('region', { name: 'Deliveries need you' }).waitFor();
      await desk.shows('pager: 2 deliveries were given up.');
      await desk.page.getByRole('link', { name: 'See deliveries' }).click();
      await desk.row('Locked').first().waitFor();
      // As it is, and nothing turned around.
      await desk.shows('550 <b>no</b> \\u{202e}such pager');
      await expectAccessible(desk);

      const box = desk.box(`Locked: ${alice}, to pager`);
      await box.focus();
      await desk.page.keyboard.press('Space');
      await desk.page.getByRole('button', { name: 'Try again', exact: true }).click();
      await desk.dialog.getByText(`Locked: ${alice}, to pager`).waitFor();
      await expectAccessible(desk);
      pager.isBroken = false;
      await desk.dialog.getByRole('button', { name: 'Try again', exact: true }).click();
      await desk.says('One delivery is tried again.');
      await box.waitFor({ state: 'detached' });
      await deliver();
      expect(pager.told).toContain(alice);

      await desk.tick(`Locked: ${bob}, to pager`);
      await desk.button('Give up for good').click();
      const confirm = desk.dialog.getByRole('button', { name: 'Give up for good', exact: true });
      await desk.dialog.getByRole('textbox', { name: 'Reason' }).fill('');
      expect(await confirm.isDisabled()).toBe(true);
      await desk.dialog.getByRole('textbox', { name: 'Reason' }).fill('told them by phone');
      await confirm.click();
      await desk.says('One delivery was given up.');
      await desk.shows('Everything was delivered');
      expect(pager.told).not.toContain(bob);
      await desk.section('History');
      await desk.shows('admin gave one delivery up.');
      await desk.shows('Reason: told them by phone');
    });

    test('what waits is shown with its next try', async () => {
      await admin.fail(eve, 3);
      const desk = await open('#/deliveries?state=waiting', screen);
      await desk.shows('Not tried yet');
      await expectAccessible(desk);
      expect(await desk.page.getByRole('checkbox').count()).toBe(0);
      pager.isBroken = false;
      await deliver();
      await desk.page.reload();
      await desk.shows('Nothing waits');
    });

    test('the history is taken along as its filter shows it', async () => {
      const desk = await open(`#/history?account=${eve}`, screen);
      const [download] = await Promise.all([
        desk.page.waitForEvent('download'),
        desk.page.getByRole('link', { name: 'Export' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^lockout-events-\d{4}-\d\d-\d\d\.jsonl$/);
      const events = (await readFile(await download.path(), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as EventView);
      expect(events).toMatchObject([{ type: 'locked', account: eve }]);
    });

    test('an account is forgotten only once its name is typed', async () => {
      const desk = await open(`#/accounts/default/${eve}`, screen);
      await desk.warning(eve).waitFor();
      await desk.button('Erase this account …').click();
      const confirm = desk.dialog.getByRole('button', { name: 'Erase for good', exact: true });
      const name = desk.dialog.getByRole('textbox', { name: `Type “${eve}” to go on` });
      expect(
        await name.evaluate('document.activeElement === document.querySelector("[data-first-focus]")'),
      ).toBe(true);
      await name.fill(`${eve}x`);
      expect(await confirm.isDisabled()).toBe(true);
      await name.fill(eve);
      await expectAccessible(desk);
      await desk.page.keyboard.press('Enter');
      await desk.says(`${eve} is erased, from 2 events of the history.`);
      await desk.page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
      expect(await admin.isRefused(eve)).toBe(false);
      expect(JSON.stringify((await admin.get('/lockout/events?limit=100')).body)).not.toContain(eve);
    });

    test('so is one that the history alone tells of, by its name or its id', async () => {
      const [left, gone] = [`${eve}-left`, `${eve}-gone`];
      for (const account of [left, gone]) await admin.fail(account, 3);
      const { id } = (await admin.get(`/lockout/accounts/default/${gone}`)).body;
      for (let n = 0; n < 2; n += 1) {
        await admin.clock.advance(90 * 86_400_000);
        await admin.engine.sweeper.catchUp(admin.clock, () => false);
      }
      for (const [realm, account] of [
        ['default', left],
        ['-', id],
      ] as const) {
        const desk = await open(`#/accounts/${realm}/${account}`, screen);
        await desk.shows('Nothing is recorded about');
        await expectAccessible(desk);
        await desk.button('Erase this account …').click();
        await desk.dialog.getByRole('textbox', { name: `Type “${account}” to go on` }).fill(account);
        await desk.page.keyboard.press('Enter');
        await desk.shows(/ is erased, from \d+ events of the history\./);
      }
      const desk = await open(`#/accounts/default/${eve}-nobody`, screen);
      await desk.button('Erase this account …').click();
      await desk.dialog.getByRole('textbox', { name: /^Type / }).fill(`${eve}-nobody`);
      await desk.page.keyboard.press('Enter');
      await desk.says(`Nothing was kept of ${eve}-nobody.`);
      const { body } = await admin.get('/lockout/events?limit=100');
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`${left}|${gone}`));
    });

    test('whoever may do neither is offered neither', async () => {
      await admin.fail(`${eve}-again`, 3);
      for (const action of ['deliver', 'erase']) denied.add(action);
      try {
        const desk = await open(`#/accounts/default/${eve}-again`, screen);
        await desk.warning(`${eve}-again`).waitFor();
        expect(await desk.button('Erase this account …').count()).toBe(0);
        for (const nobody of [`default/${eve}-nobody`, `-/${'0'.repeat(64)}`]) {
          await desk.goTo(`#/accounts/${nobody}`);
          await desk.shows('Nothing is recorded about');
          expect(await desk.button('Erase this account …').count()).toBe(0);
        }
        expect(await desk.page.getByRole('link', { name: 'Deliveries' }).count()).toBe(0);
        await desk.goTo('#/deliveries');
        await desk.shows('You may not see or do this.');
      } finally {
        denied.clear();
        await deliver();
      }
    });
  });
});
