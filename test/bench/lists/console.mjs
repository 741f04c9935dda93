import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { quantile } from '../growth/quantile.mjs';
import { accountOf, isLocked, kindOf } from './population.mjs';

const EXECUTABLE = process.env['LOCKOUT_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const SAMPLES = 7;
const ROWS = 'tbody tr';

/**
 * How long an operator waits, ms, and the longest that the page did not listen meanwhile.
 *
 * @typedef {{ readonly name: string, readonly p50: number, readonly most: number, readonly longestTask: number }} Waited
 */

/**
 * What is done in the console, and what is waited for. Null without Chromium.
 *
 * @param {string} url Of the admin API.
 * @param {import('./population.mjs').Shares} shares
 * @returns {Promise<Waited[] | null>}
 */
export async function waitedFor(url, shares) {
  if (!existsSync(EXECUTABLE)) return null;
  const locked = accountOf(
    Array.from({ length: shares.rows }, (_, n) => n).findLast(
      (n) => kindOf(n) === 'account' && isLocked(shares, n),
    ) ?? 0,
  );
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  try {
    /** @type {readonly { name: string, place: string, act?: (page: import('playwright-core').Page) => Promise<unknown>, until: string }[]} */
    const steps = [
      { name: 'open the locked accounts', place: '#/accounts', until: ROWS },
      {
        name: 'sort them by the other column',
        place: '#/accounts',
        act: (page) => page.getByRole('columnheader', { name: 'Locked' }).getByRole('link').click(),
        until: '[aria-sort]:has-text("Locked")',
      },
      { name: 'open the blocked addresses', place: '#/addresses', until: ROWS },
      {
        name: 'search a name',
        place: '#/accounts',
        act: async (page) => {
          await page.getByRole('searchbox').fill(locked);
          await page.keyboard.press('Enter');
        },
        until: `main :text("${locked}")`,
      },
      { name: 'open the history', place: '#/history', until: 'main li, main tbody tr' },
      { name: 'open the overview of a million events', place: '#/', until: 'main canvas' },
    ];
    const waited = [];
    for (const step of steps) waited.push(await timed(browser, url, step));
    return waited;
  } finally {
    await browser.close();
  }
}

/** @param {import('playwright-core').Browser} browser @param {string} url @param {{ name: string, place: string, act?: (page: import('playwright-core').Page) => Promise<unknown>, until: string }} step @returns {Promise<Waited>} */
async function timed(browser, url, { name, place, act, until }) {
  const times = [];
  let longestTask = 0;
  for (let n = 0; n < SAMPLES; n += 1) {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const told = { longest: 0 };
      Reflect.set(window, 'tasks', told);
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) told.longest = Math.max(told.longest, duration);
      }).observe({ type: 'longtask', buffered: true });
    });
    let start = performance.now();
    await page.goto(`${url}/console/${place}`);
    if (act) {
      await page.locator(ROWS).first().waitFor();
      start = performance.now();
      await act(page);
    }
    await page.locator(until).first().waitFor();
    times.push(performance.now() - start);
    longestTask = Math.max(
      longestTask,
      await page.evaluate(() => /** @type {{ longest: number }} */ (Reflect.get(window, 'tasks')).longest),
    );
    await page.close();
  }
  return { name, p50: quantile(times, 0.5), most: Math.max(...times), longestTask };
}
