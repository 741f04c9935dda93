import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ReplayAttempt, reachFive, whatIf } from 'nestjs-lockout/policy';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { hasChromium, launchChromium } from './chromium.js';

const suite = hasChromium() ? describe : describe.skip;
const execute = promisify(execFile);
/** Built by `npm run build`, as `npm test` does first. */
const DIST = join(import.meta.dirname, '../../libs/lockout/dist');

/** Names that somebody typed who hoped for a careless page. */
const HOSTILE = [
  '</script><script>window.pwned = 1</script>',
  '<img src=x onerror="window.pwned = 1">',
  '"><svg onload=window.pwned=1>',
  "' onmouseover='window.pwned=1",
  `long-${'n'.repeat(300)}`,
  '\u202egnp.exe',
];

/** Each account is guessed at and locked, and its owner comes meanwhile. */
function hostileLog(): string {
  const start = Date.UTC(2026, 0, 5);
  const lines = ['time,account,address,outcome'];
  for (let n = 0; n < 1200; n += 1) {
    const account = `"${(HOSTILE[n % HOSTILE.length] ?? '').replaceAll('"', '""')}"`;
    lines.push(`${start + n * 30_000},${account},192.0.2.${n % 2},${n % 13 === 12 ? 'success' : 'failure'}`);
  }
  return `${lines.join('\n')}\n`;
}

suite('the page of a simulation, in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-report-'));
  const file = join(folder, 'report.html');
  const url = pathToFileURL(file).href;
  let browser: Browser;
  let contexts: BrowserContext[];
  let complaints: string[];

  beforeAll(async () => {
    writeFileSync(join(folder, 'log.csv'), hostileLog());
    const args = ['simulate', '--preset', 'outsystems', '--report', file, join(folder, 'log.csv')];
    await execute(process.execPath, [join(DIST, 'cli/main.js'), ...args]);
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    contexts = [];
    complaints = [];
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    // No script that fails, nothing that the content security policy stops, no request to anybody.
    expect(complaints).toEqual([]);
  });

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url());
    });
    await page.goto(url);
    await page.locator('#attempts-chart canvas').waitFor();
    return page;
  };

  /** Whether anything but the background was drawn. */
  const isDrawn = (page: Page, chart: string): Promise<boolean> =>
    page.locator(`${chart} canvas`).evaluate((element) => {
      const canvas = element as unknown as {
        readonly width: number;
        readonly height: number;
        getContext(kind: '2d'): {
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
        };
      };
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, index) => index % 4 === 3 && value > 0).length > 1000;
    });

  test('says in sentences what would have been, and draws it', async () => {
    const page = await open();
    expect(await page.title()).toBe('What the preset outsystems would have done');
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toMatch(/1,200 attempts at 6 accounts/);
    expect(text).toMatch(/Of 6 true owners, \d+ \([^)]+\) would have been turned away at least once/);
    expect(text).toMatch('Counts failures of every method, by account and address.');
    expect(text).toMatch(/LCK\d{3}/);
    expect(await isDrawn(page, '#attempts-chart')).toBe(true);
    expect(await isDrawn(page, '#locks-chart')).toBe(true);
    const bars = page.locator('section[aria-labelledby=accounts] .track .bar');
    expect(await bars.count()).toBeGreaterThan(20);
    expect(await page.locator('section[aria-labelledby=accounts] .track .bar.met').count()).toBeGreaterThan(
      0,
    );
    expect(await bars.first().getAttribute('title')).toMatch(
      /^outsystems-user-at-address, address 192\.0\.2\.\d only: locked 2026-01-05 .* refused \d+ attempts?/,
    );
    // All within their rows.
    const outside = await bars.evaluateAll(
      (elements) =>
        (
          elements as unknown as {
            offsetLeft: number;
            offsetWidth: number;
            offsetParent: { clientWidth: number };
          }[]
        ).filter(
          (bar) => bar.offsetLeft < 0 || bar.offsetLeft > bar.offsetParent.clientWidth || bar.offsetWidth < 1,
        ).length,
    );
    expect(outside).toBe(0);
  });

  test('runs nothing that was typed as a name', async () => {
    const page = await open();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    const names = await page.locator('section[aria-labelledby=accounts] .name').allTextContents();
    expect(names).toHaveLength(HOSTILE.length);
    expect(names).toContain(HOSTILE[0]);
    expect(names).toContain(HOSTILE[1]);
    // What turns the text around is spelled out.
    expect(names).toContain('\\u{202e}gnp.exe');
    expect(await page.locator('main script:not([type="application/json"]), main img, main svg').count()).toBe(
      0,
    );
    // Nor what somebody adds to the file afterwards: only the two scripts that belong there may run.
    const edited = join(folder, 'edited.html');
    writeFileSync(
      edited,
      readFileSync(file, 'utf8').replace('<main>', '<main><script>window.pwned = 1</script>'),
    );
    const context = await browser.newContext();
    contexts.push(context);
    const other = await context.newPage();
    await other.goto(pathToFileURL(edited).href);
    expect(await other.evaluate('window.pwned')).toBeUndefined();
    expect(await other.locator('#attempts-chart canvas').count()).toBe(1);
  });

  test('can be read on a phone, in the dark, and without looking', async () => {
    const phone = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(
      await phone.evaluate('document.querySelector("#attempts-chart canvas").getBoundingClientRect().right'),
    ).toBeLessThanOrEqual(390);
    const [dark, light] = await Promise.all(
      [phone, await open({ colorScheme: 'light' })].map((page) =>
        page.evaluate('getComputedStyle(document.body).backgroundColor'),
      ),
    );
    expect(dark).not.toEqual(light);
    const levels = await phone
      .locator('h1, h2, h3')
      .evaluateAll((all) => all.map((one) => (one as unknown as { tagName: string }).tagName));
    expect(levels.slice(0, 2)).toEqual(['H1', 'H2']);
    expect(levels.filter((level) => level === 'H1')).toHaveLength(1);
    for (const label of await phone
      .locator('[role=img]')
      .evaluateAll((all) => all.map((one) => (one as unknown as { ariaLabel: string | null }).ariaLabel))) {
      expect(label).toMatch(/attempts|locks?/);
    }
    expect(await phone.locator('table:not(.u-legend):not(:has(caption))').count()).toBe(0);
    // The numbers of the chart, as a table.
    await phone.getByText('The same as a table').click();
    expect(await phone.locator('section[aria-labelledby=over-time] tbody tr').count()).toBeGreaterThan(10);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });

  test('is drawn anew when the colours, the width or the medium change', async () => {
    const page = await open({ viewport: { width: 1200, height: 900 } });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 700, height: 900 });
    await page.waitForFunction(
      'document.querySelector("#attempts-chart canvas").getBoundingClientRect().width < 700',
    );
    expect(await isDrawn(page, '#attempts-chart')).toBe(true);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.length).toBeGreaterThan(10_000);
  });
});

suite('the rule itself, in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    // Serves the package as it is built: native modules, no bundler.
    server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      if (path === '/') {
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>rule</title>');
        return;
      }
      try {
        const text = readFileSync(join(DIST, path), 'utf8');
        response.setHeader('content-type', 'text/javascript').end(text);
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    await new Promise((closed) => server.close(closed));
  });

  test('replays a log without a bundler, and finds what Node finds', async () => {
    const attempts: ReplayAttempt[] = Array.from({ length: 500 }, (_, n) => ({
      at: Date.UTC(2026, 0, 5) + n * 20_000,
      account: `user-${n % 7}`,
      outcome: n % 11 === 10 ? 'success' : 'failure',
    }));
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(origin);
    const script = `import('/policy/index.js').then(({ whatIf, reachFive }) =>
      whatIf(${JSON.stringify(attempts)}, { policies: reachFive() }))`;
    const found = await page.evaluate(script);
    expect(found).toEqual(whatIf(attempts, { policies: reachFive() }));
    expect(complaints).toEqual([]);
  });
});
