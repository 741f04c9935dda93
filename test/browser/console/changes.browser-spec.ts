import { describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../../e2e/demo/demo-server.js';
import { onStage } from './browser-stage.js';
import { SCREENS } from './screens.js';

onStage('what an administrator changes in the console', {}, (there) => {
  const login = async (username: string, password = PASSWORD): Promise<number> =>
    (await there().stage.server.visitor().login(username, password)).status;

  describe.each(SCREENS)('$name', (screen) => {
    const [victim = '', guessed = ''] = screen.name === 'desktop' ? ['bob', 'carol'] : ['dave', 'erin'];

    test('an account is locked by hand, refuses the right password, and the lock is taken back', async () => {
      expect(await login(victim)).toBe(200);
      const desk = await there().open('#/accounts', { screen });
      await desk.page.getByRole('link', { name: 'Lock an account' }).click();
      await desk.page.getByLabel('Account', { exact: true }).fill(victim);
      await desk.button('Choose how long…').click();
      await desk.dialog.getByText('Until unlocked', { exact: true }).click();
      await desk.dialog.getByRole('textbox', { name: 'Reason' }).fill('called from an unknown number');
      await desk.confirm('Lock');
      await desk.says(`${victim} is locked.`);
      await desk.warning(victim).waitFor();
      await desk.shows('Reason: called from an unknown number');
      expect(await login(victim)).toBe(429);
      await desk.button('Undo').click();
      await desk.says(`The lock of ${victim} was taken back.`);
      await desk.calm(victim).waitFor();
      expect(await login(victim)).toBe(200);
    });

    test('a policy is edited, reviewed and saved, and governs the next attempt', async () => {
      const after = screen.name === 'desktop' ? 2 : 3;
      const desk = await there().open('#/policies', { screen });
      await desk.page.getByRole('link', { name: 'reachfive', exact: true }).click();
      await desk.page.getByRole('link', { name: 'Edit', exact: true }).first().click();
      const threshold = desk.page.getByLabel('Number of failures');
      expect(await threshold.inputValue()).not.toBe(String(after));
      await threshold.fill(String(after));
      await desk.page.getByRole('button', { name: 'Review and save …' }).click();
      await desk.dialog.getByText('Number of failures').waitFor();
      await desk.dialog.getByRole('textbox', { name: 'Reason' }).fill('agreed on Monday');
      await desk.dialog.getByRole('button', { name: 'Save, for every server' }).click();
      await desk.dialog.waitFor({ state: 'detached' });
      await desk.page.getByRole('link', { name: 'History', exact: true }).last().click();
      await desk.shows('Reason: agreed on Monday');
      // This many are allowed, the next one locks.
      for (let guess = 0; guess <= after; guess += 1) expect(await login(guessed, 'wrong')).toBe(401);
      expect(await login(guessed)).toBe(429);
    });
  });
});
