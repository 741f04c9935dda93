import { expect, test } from '@jest/globals';
import { onStage } from './browser-stage.js';
import { peopleInTrouble } from './people-in-trouble.js';

const SECTIONS = ['Overview', 'Accounts', 'Addresses', 'History', 'Policies'] as const;

/** Scripts, styles and answers of this origin, and nothing else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

onStage('what the console may load', {}, (there) => {
  test('every page asks its own mount only, and its policy stops nothing of it', async () => {
    const { stage, windows, open } = there();
    await peopleInTrouble(stage);
    const asked: string[] = [];
    const policies = new Set<string | undefined>();
    const desk = await open('#/', {
      prepare: async (page) => {
        page.on('request', (request) => asked.push(request.url()));
        page.on('response', (response) => {
          if (response.request().isNavigationRequest())
            policies.add(response.headers()['content-security-policy']);
        });
      },
    });
    for (const section of SECTIONS) await desk.section(section);
    for (const hash of [
      '#/accounts/default/alice',
      '#/policies/reachfive?tab=edit',
      '#/policies/address?tab=try',
    ]) {
      await desk.goTo(hash);
      await desk.page.locator('.loading').first().waitFor({ state: 'detached' });
    }
    await desk.shows('What would happen?');
    expect(policies).toEqual(new Set([POLICY]));
    expect(asked.length).toBeGreaterThan(SECTIONS.length);
    const mount = `${stage.url}/lockout/`;
    expect(asked.filter((url) => !url.startsWith(mount) && !url.startsWith('data:'))).toEqual([]);
    expect(windows.complaints).toEqual([]);
  });

  test('a script in the page, one from elsewhere, and a call to elsewhere are stopped, and these tests would know', async () => {
    const { windows, open } = there();
    const { page } = await open('#/');
    await page.evaluate(`(() => {
      const inline = document.createElement('script');
      inline.textContent = 'window.ran = 1';
      const foreign = document.createElement('script');
      foreign.src = 'https://elsewhere.invalid/x.js';
      document.head.append(inline, foreign);
      return fetch('https://elsewhere.invalid/').catch(() => null);
    })()`);
    await page.waitForTimeout(0);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    const told = windows.complaints.splice(0).filter((text) => text.startsWith('stopped by the policy'));
    expect(new Set(told)).toEqual(
      new Set([
        'stopped by the policy: script-src-elem inline',
        'stopped by the policy: script-src-elem https://elsewhere.invalid/x.js',
        'stopped by the policy: connect-src https://elsewhere.invalid/',
      ]),
    );
  });
});
