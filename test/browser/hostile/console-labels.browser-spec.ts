// Names, reasons and browsers that somebody chose who hopes for a careless console, on each of its pages.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DeliveryRefusedError, LockoutNotifier } from 'nestjs-lockout';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import type { Page } from 'playwright-core';
import { type AdminApp, startAdminApp } from '../../e2e/admin/admin-app.js';
import { hasChromium } from '../chromium.js';
import { ConsoleWindows } from '../console/console-windows.js';
import { SCREENS } from '../console/screens.js';
import { faultsOnPage, unclosedNames } from './label-checks.js';

const suite = hasChromium() ? describe : describe.skip;

const zalgo = Array.from('alice', (letter) => letter + '\u0300\u0315\u031b\u0489'.repeat(15)).join('');

/** As account ids: what they may hold, up to their 320 characters. */
const NAMES = [
  '<img src=x data-pwned=1 onerror="window.pwned=1">',
  '</bdi></td></script><script data-pwned>window.pwned=1</script>',
  '"><svg data-pwned onload=window.pwned=1>',
  "' onmouseover='window.pwned=1' data-pwned='",
  'javascript:window.pwned=1//',
  '{name, plural, other {#}} <b data-pwned>{{7*7}}</b>',
  '\u202egnp.exe',
  '\u2067\u2069\u2069\u202ebroken out',
  'שלום 123 עולם',
  'مرحبا (1)',
  zalgo,
  'one\u2028two\u2029three',
  'x'.repeat(320),
  '名'.repeat(320),
  `${'long words '.repeat(29)}`.trim(),
  '__proto__',
  'constructor',
  '..',
  '../../console',
  'a/b/unlock',
];
const TURNED = '\u202ereason \u2067one\u2069 <b data-pwned onclick=window.pwned=1>';
const AGENT = `\u202eMozilla <img src=x data-pwned onerror=window.pwned=1> ${'z'.repeat(150)}`;
const ADMIN = 'ada \u202e<i data-pwned>admin</i>';
const BRANDS = ['\u202edna/rb <b data-pwned>', 'עברית', '名'.repeat(64)];
const HELP = '\u202eרשת <a href="javascript:window.pwned=1" data-pwned>call</a>';
const LABELS = [...NAMES, TURNED, AGENT, ADMIN, ...BRANDS, HELP];

const login = definePolicy({
  name: 'login',
  threshold: 3,
  schedule: { kind: 'fixed', durationMs: minutes(30) },
  notify: { from: 1 },
});

suite.each(SCREENS)('hostile names in the console on a $name', (screen) => {
  let admin: AdminApp;
  let windows: ConsoleWindows;
  let page: Page;
  const dialogs: string[] = [];
  let mayUnlock = true;

  beforeAll(async () => {
    admin = await startAdminApp({
      platform: 'express',
      lockout: {
        policies: [login],
        sinks: [
          {
            name: 'pager',
            wants: ({ type }) => type === 'locked',
            deliver: async () => {
              throw new DeliveryRefusedError(TURNED);
            },
          },
        ],
        delivery: { dispatch: false },
      },
      admin: {
        actor: () => ADMIN,
        support: () => HELP,
        bulkMaximum: 100,
        canUnlock: () => (mayUnlock ? { unlockable: true } : { unlockable: false, reason: TURNED }),
      },
    });
    for (const account of NAMES) {
      for (let guess = 0; guess < 3; guess += 1) {
        const attempt = { account, method: 'password', address: '192.0.2.7', userAgent: AGENT };
        const begun = await admin.engine.begin(attempt);
        if (!begun.allowed) throw new Error(`${account} is refused.`);
        await begun.attempt.fail();
      }
    }
    await admin.app.get(LockoutNotifier).runOnce();
    for (const brand of BRANDS) {
      const saved = await admin.send(
        'PUT',
        `/lockout/policies/login/brands/${encodeURIComponent(brand)}`,
        { settings: { threshold: 4 }, reason: TURNED },
        { 'if-match': '"0"' },
      );
      expect(saved.status).toBe(200);
    }
    windows = await ConsoleWindows.launch();
  });

  afterEach(async () => {
    mayUnlock = true;
    // Nothing that the content security policy stops, no request to anybody else, and no `alert`.
    await windows.closeAll();
    expect(dialogs).toEqual([]);
  });

  afterAll(async () => {
    await windows.close();
    await admin.close();
  });

  const open = async (hash: string): Promise<void> => {
    page = await windows.open(`${admin.url}/lockout/console/${hash}`, {
      screen,
      context: { extraHTTPHeaders: { 'x-user': 'admin' } },
      prepare: async (opened) => {
        opened.on('dialog', (dialog) => {
          dialogs.push(dialog.message());
          void dialog.dismiss();
        });
      },
    });
    await settled();
  };
  const goTo = async (hash: string): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await settled();
  };
  /** What was asked for is shown. */
  const settled = async (): Promise<void> => {
    await page.locator('h1').waitFor();
    await page.evaluate(
      'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(undefined))))',
    );
    for (const loading of await page.locator('.loading').all()) await loading.waitFor({ state: 'detached' });
  };
  const check = async (where: string): Promise<void> => {
    expect([where, await faultsOnPage(page, LABELS)]).toEqual([where, []]);
    expect([where, await unclosedNames(page)]).toEqual([where, []]);
  };
  const placeOf = (account: string): string => `#/accounts/default/${encodeURIComponent(account)}`;

  test('the list of accounts, its ticks, its dialog and its message', async () => {
    await open('#/accounts');
    expect(await page.getByRole('rowheader').count()).toBe(NAMES.length);
    await check('the list');
    await page.getByRole('checkbox').nth(0).check();
    await check('with all ticked');
    await page.getByRole('button', { name: 'Unlock selected' }).click();
    await page.getByRole('dialog').waitFor();
    // Only now: a page that looked again before the click would no longer offer it.
    mayUnlock = false;
    await check('the dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await check('the refusal in the dialog');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.reload();
    await settled();
    await check('where nothing may be unlocked');
    await page.getByRole('checkbox').nth(0).check();
    await check('with all ticked, where nothing may be unlocked');
    expect((await admin.get('/lockout/accounts?limit=100')).body.items).toHaveLength(NAMES.length);
  });

  test('the page of each account', async () => {
    await open('#/accounts');
    const links = await page
      .getByRole('rowheader')
      .getByRole('link')
      .evaluateAll((all) => all.map((one) => String((one as unknown as { hash: string }).hash)));
    expect(new Set(links).size).toBe(NAMES.length);
    for (const link of links) {
      await goTo(link);
      await page.getByText('is locked', { exact: false }).first().waitFor();
      await check(link);
    }
  }, 240_000);

  test('names that nobody has, and places that are none', async () => {
    await open('#/');
    for (const name of ['\u202enobody <b data-pwned>', 'אף אחד', 'y'.repeat(10_240), '__proto__/x']) {
      for (const place of [
        placeOf(name),
        `#/addresses/default/${encodeURIComponent(name)}`,
        `#/accounts?state=any&q=${encodeURIComponent(name)}`,
        `#/addresses?q=${encodeURIComponent(name)}`,
        `#/history?account=${encodeURIComponent(name)}`,
        `#/policies/${encodeURIComponent(name)}`,
        `#/policies/login/brands/${encodeURIComponent(name)}`,
        `#/${encodeURIComponent(name)}`,
        `#/lock?account=${encodeURIComponent(name)}`,
      ]) {
        await goTo(place);
        expect([place, await faultsOnPage(page, [...LABELS, name])]).toEqual([place, []]);
        expect([place, await unclosedNames(page)]).toEqual([place, []]);
      }
    }
  }, 240_000);

  test('the overview, the history, policies with their brands, and locking by hand', async () => {
    await open('#/');
    await check('the overview');
    for (const place of ['#/history', '#/addresses?state=any', '#/policies', '#/policies/login', '#/lock']) {
      await goTo(place);
      await check(place);
    }
    await goTo('#/deliveries');
    await page.getByRole('checkbox').nth(0).check();
    await check('deliveries, with all ticked');
    await page.getByRole('button', { name: 'Give up for good' }).click();
    await page.getByRole('dialog').waitFor();
    await check('the dialog about deliveries');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await goTo('#/policies/login?tab=history');
    for (const brand of BRANDS) {
      for (const tab of ['', '?tab=edit', '?tab=try', '?tab=history']) {
        const place = `#/policies/login/brands/${encodeURIComponent(brand)}${tab}`;
        await goTo(place);
        await check(place);
      }
    }
  }, 240_000);

  test('being locked and let in: both dialogs, the message, and what is recorded of it', async () => {
    for (const account of ['\u202egnp.exe', 'שלום 123 עולם', NAMES[0] ?? '', 'x'.repeat(320)]) {
      await open(placeOf(account));
      await page
        .getByRole('button', { name: 'Lock this account' })
        .or(page.getByRole('button', { name: /^Lock/ }))
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
      await check(`locking ${account}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Unlock all of this account' }).click();
      await page.getByRole('dialog').waitFor();
      await check(`unlocking ${account}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Erase this account …' }).click();
      await page.getByRole('dialog').waitFor();
      await check(`erasing ${account}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Unlock all of this account' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Unlock', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByText('is not locked', { exact: false }).first().waitFor();
      await page.getByRole('region', { name: 'Messages' }).getByRole('paragraph').first().waitFor();
      await check(`${account}, unlocked`);
      await page.context().close();
    }
    await open('#/accounts');
    // Two that are written from right to left, and one that is not: each stays in its place.
    await page.getByRole('searchbox').waitFor();
    for (const name of ['مرحبا (1)', 'a/b/unlock'])
      await page.getByRole('row').filter({ hasText: name }).getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Unlock selected' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const told = await page.getByRole('region', { name: 'Messages' }).getByRole('paragraph').textContent();
    expect(told).toContain('\u2068مرحبا (1)\u2069');
    expect(told).toMatch(/(: |, )a\/b\/unlock(, |\.)/);
    await check('the message of several');
    await goTo('#/history');
    await check('the history of it');
  }, 240_000);
});
