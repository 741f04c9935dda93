import { describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Page } from 'playwright-core';
import type { DataSource } from 'typeorm';
import { PASSWORD } from '../../e2e/demo/demo-server.js';
import type { Visitor } from '../../e2e/demo/visitor.js';
import { expectAccessible } from './axe.js';
import { onStage } from './browser-stage.js';
import { SCREENS } from './screens.js';

/** Where the library keeps what is locked. */
const TABLE = 'lockout_record';

onStage('what the console says when something is in the way', {}, (there) => {
  /** Without the table every question to the store fails, as with a database that is away. */
  const withoutStore = async (work: () => Promise<void>): Promise<void> => {
    const dataSource = there().stage.server.app.get<DataSource>(getDataSourceToken());
    await dataSource.query(`ALTER TABLE ${TABLE} RENAME TO ${TABLE}_away`);
    try {
      await work();
    } finally {
      await dataSource.query(`ALTER TABLE ${TABLE}_away RENAME TO ${TABLE}`);
    }
  };
  /** Who is signed in changes between the page and what it asks first. */
  const becoming = (visitor: Visitor | null) => async (page: Page) => {
    await page.route('**/lockout/me', async (route) => {
      await page.context().clearCookies();
      if (visitor) await page.context().addCookies(cookiesOf(visitor));
      await route.continue();
    });
  };
  const cookiesOf = ({ cookies, url }: Visitor) =>
    Array.from(cookies, ([name, value]) => ({ name, value, url }));

  describe.each(SCREENS)('$name', (screen) => {
    test('403: nothing of a realm that one may not see, and whom to turn to', async () => {
      const desk = await there().open('#/accounts/it/alice', { screen, who: 'user-manager' });
      await desk.shows('You may not see or do this.');
      await desk.shows('turn to: the service desk, extension 4711');
      await expectAccessible(desk);
      await desk.goTo('#/accounts?realm=it');
      await desk.shows('You may not see or do this.');
      await expectAccessible(desk);
    });

    test('401: what is shown may be out of date, with the way to sign in again', async () => {
      const desk = await there().open('#/accounts?realm=it', { screen });
      await desk.shows('Nobody is locked');
      await desk.page.context().clearCookies();
      await desk.search('alice');
      await desk.page.getByRole('alert').getByText('You are signed out').waitFor();
      await expectAccessible(desk);
      await desk.page.getByRole('link', { name: 'Sign in again' }).click();
      await desk.page.waitForURL(`${there().stage.url}/`);
    });

    test('503: the store does not answer, and once it does, trying again shows what was missing', async () => {
      await there().stage.lock([{ username: 'alice' }]);
      const desk = await there().open('#/accounts', { screen });
      await desk.row('alice').waitFor();
      await withoutStore(async () => {
        await desk.search('alice');
        await desk.shows('The lockout store does not answer.');
        await expectAccessible(desk);
        await desk.goTo('#/');
        await desk.shows('The lockout store does not answer.');
        await expectAccessible(desk);
      });
      const again = desk.page.getByRole('main').getByRole('button', { name: 'Try again' });
      // All in one moment: a card that is well again takes its button along.
      await again.evaluateAll((buttons: readonly { click(): void }[]) => {
        for (const button of buttons) button.click();
      });
      await desk.shows('Latest events');
    });

    test('a list that was read stays when the next reading fails, and says how old it is', async () => {
      const { stage, open } = there();
      await stage.lock([{ username: 'bob' }]);
      const desk = await open('#/accounts', { screen });
      await desk.row('bob').waitFor();
      await withoutStore(async () => {
        await desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        await desk.search('');
        await desk.shows(/^As of .*: the latest state could not be read\.$/);
        expect(await desk.row('bob').count()).toBe(1);
        await expectAccessible(desk);
      });
    });

    test('while it is read', async () => {
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const desk = await there().open('#/accounts', {
        screen,
        prepare: (page) =>
          page.route('**/lockout/accounts*', async (route) => {
            await held;
            await route.continue();
          }),
      });
      await desk.page.getByRole('main').getByRole('status').getByText('Loading').waitFor();
      await expectAccessible(desk);
      release();
      await desk.page.locator('.loading').first().waitFor({ state: 'detached' });
    });

    test('at the start: signed out meanwhile, not allowed, or no answer', async () => {
      const { stage, open } = there();
      const member = stage.server.visitor();
      expect((await member.login('carol', PASSWORD)).status).toBe(200);
      for (const [prepare, title] of [
        [becoming(null), 'You are signed out'],
        [becoming(member), 'You may not use this console'],
        [
          (page: Page) => page.route('**/lockout/me', (route) => route.abort()),
          'The console could not start',
        ],
      ] as const) {
        const desk = await open('#/', { screen, prepare });
        await desk.page.getByRole('heading', { level: 1, name: title }).waitFor();
        await expectAccessible(desk);
      }
    });
  });
});
