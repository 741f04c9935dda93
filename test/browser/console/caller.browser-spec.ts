import { describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../../e2e/demo/demo-server.js';
import type { Realm } from '../../e2e/demo/visitor.js';
import { onStage } from './browser-stage.js';
import type { Desk } from './desk.js';
import { SCREENS } from './screens.js';

/** An operator whose every interaction counts: a text with Enter is one, a click is one. */
class Operator {
  interactions = 0;

  constructor(private readonly desk: Desk) {}

  async typeAndEnter(text: string): Promise<void> {
    this.interactions += 1;
    await this.desk.page.keyboard.type(text);
    await this.desk.page.keyboard.press('Enter');
  }

  async click(name: string): Promise<void> {
    this.interactions += 1;
    await this.desk.button(name).click();
  }
}

/** What has the focus is called, and whether that is seen. */
const FOCUSED = `(() => {
  const focused = document.activeElement;
  // Past the last stop Tab leaves the page, and comes in again at its beginning.
  if (focused === document.body) return ['', true];
  const called = focused.getAttribute('aria-label') ?? focused.textContent;
  const ring = getComputedStyle(focused.matches('.choice-radio input') ? focused.parentElement : focused);
  return [called.trim(), ring.outlineStyle !== 'none' && ring.outlineWidth !== '0px'];
})()`;

/** Presses Tab until what is focused is called so; every stop on the way must show that it has the focus. */
async function tabTo({ page }: Desk, name: string): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press('Tab');
    const [called, isMarked] = await page.evaluate<readonly [string, boolean]>(FOCUSED);
    if (!isMarked) throw new Error(`The focus on “${called}” is not seen.`);
    if (called === name) return;
  }
  throw new Error(`Tab never comes to “${name}”.`);
}

onStage('a caller says she cannot log in', {}, (there) => {
  const login = async (username: string, realm: Realm = 'default'): Promise<number> =>
    (await there().stage.server.visitor().login(username, PASSWORD, realm)).status;
  /** Guesses over HTTP as anybody would, until the right password is refused too. */
  const lock = async (username: string, realm: Realm = 'default'): Promise<void> => {
    const [statuses] = await there().stage.guess([{ username, realm }], 6);
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await login(username, realm)).toBe(429);
  };

  describe.each(SCREENS)('$name', (screen) => {
    const who = screen.name === 'desktop' ? ['alice', 'bob', 'carol'] : ['dave', 'erin', 'frida'];
    const [one = '', two = '', three = ''] = who;

    test('three interactions after the call she is in, with nothing but the console open', async () => {
      await lock(one);
      const desk = await there().open('#/', { screen });
      await desk.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const operator = new Operator(desk);
      await operator.typeAndEnter(one);
      await operator.click(`Unblock ${one}`);
      await operator.click('Unlock');
      await desk.says(`${one} is unlocked.`);
      expect(operator.interactions).toBeLessThanOrEqual(3);
      expect(await login(one)).toBe(200);
    });

    test('with the keyboard alone: her name, Enter, Enter, Enter', async () => {
      await lock(two);
      const desk = await there().open('#/', { screen });
      await desk.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const { keyboard } = desk.page;
      const focused = (name: string) => desk.page.locator('*:focus').and(desk.button(name)).waitFor();
      await keyboard.type(two);
      await keyboard.press('Enter');
      await focused(`Unblock ${two}`);
      await keyboard.press('Enter');
      await focused('Unlock');
      // Esc changes nothing, and leads back to where one was.
      await keyboard.press('Escape');
      await desk.dialog.waitFor({ state: 'detached' });
      await focused(`Unblock ${two}`);
      expect(await login(two)).toBe(429);
      await keyboard.press('Enter');
      await focused('Unlock');
      await keyboard.press('Enter');
      await desk.says(`${two} is unlocked.`);
      expect(await login(two)).toBe(200);
    });

    test('OS-11 OS-12 OS-13 the whole procedure by Tab and Enter, the focus always in sight', async () => {
      await lock(three);
      const desk = await there().open('#/', { screen });
      await desk.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      const enter = async (name: string): Promise<void> => {
        await tabTo(desk, name);
        await desk.page.keyboard.press('Enter');
      };
      await enter('Accounts');
      await desk.row(three).waitFor();
      await enter(three);
      await desk.warning(three).waitFor();
      await enter('See details');
      // Where one was led is where Tab goes on.
      await desk.page.locator('section:focus').filter({ hasText: 'Blocks' }).waitFor();
      await enter('Unblock The whole account');
      await desk.dialog.waitFor();
      await enter('Unlock');
      await desk.says(`${three} is unlocked: 1 lock lifted.`);
      await desk.calm(three).waitFor();
      // What had the focus is gone; it is not lost with it.
      await desk.page.locator('h1:focus').waitFor();
      expect(await login(three)).toBe(200);
    });
  });

  test('OS-8 the same name in both realms is two rows; unlocking one leaves the other', async () => {
    await lock('alice', 'default');
    await lock('alice', 'it');
    const desk = await there().open('#/accounts');
    const rowOf = (realm: Realm) => desk.row('alice').filter({ hasText: realm });
    await rowOf('it').getByRole('button', { name: 'Unblock alice' }).click();
    expect(await desk.dialog.getByRole('listitem').textContent()).toContain('alice it');
    await desk.confirm();
    await desk.says('alice is unlocked.');
    await rowOf('it').waitFor({ state: 'detached' });
    expect(await rowOf('default').count()).toBe(1);
    expect([await login('alice', 'default'), await login('alice', 'it')]).toEqual([429, 200]);
  });
});
