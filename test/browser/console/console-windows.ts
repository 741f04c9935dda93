import { expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../chromium.js';
import { DESKTOP, type Screen } from './screens.js';

/** Longest that the console may take to show something, on a machine that is busy with other suites. */
const PATIENCE_MS = 10_000;

/** Told by the page of whatever its content security policy stops. */
const WATCH_POLICY = `document.addEventListener('securitypolicyviolation', (event) => {
  window.tellTest('stopped by the policy: ' + event.effectiveDirective + ' ' + event.blockedURI);
});`;

export interface WindowOptions {
  readonly screen?: Screen;
  /** Cookies of whoever is signed in. */
  readonly cookies?: Parameters<BrowserContext['addCookies']>[0];
  /** A bearer token of whoever is signed in. */
  readonly token?: string;
  readonly context?: BrowserContextOptions;
  /** Done before the console is asked for. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Chromium with consoles open. Whatever a page complains of, or asks of another host, is gathered. */
export class ConsoleWindows {
  private contexts: BrowserContext[] = [];
  /** Neither scripts that fail, nor anything that the policy stops, nor a request to somebody else. */
  readonly complaints: string[] = [];

  private constructor(private readonly browser: Browser) {}

  static async launch(): Promise<ConsoleWindows> {
    return new ConsoleWindows(await launchChromium());
  }

  /** A window of its own at `url`, which asks nothing of any other origin. */
  async open(url: string, options: WindowOptions = {}): Promise<Page> {
    const { screen = DESKTOP, cookies, token, context: more, prepare } = options;
    const context = await this.browser.newContext({
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      ...screen.options,
      ...(token === undefined ? {} : { extraHTTPHeaders: { authorization: `Bearer ${token}` } }),
      ...more,
    });
    this.contexts.push(context);
    if (cookies) await context.addCookies(cookies);
    await context.exposeFunction('tellTest', (what: string) => void this.complaints.push(what));
    await context.addInitScript(WATCH_POLICY);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    this.watch(page, new URL(url).origin);
    await prepare?.(page);
    const response = await page.goto(url);
    // No console there, as it was not built, would otherwise be known only by waiting for what it never shows.
    if (!response?.ok()) throw new Error(`${url} answered ${response?.status()}: ${await response?.text()}`);
    return page;
  }

  /** Closes the windows; nobody may have complained. */
  async closeAll(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    this.contexts = [];
    expect(this.complaints.splice(0)).toEqual([]);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  private watch(page: Page, origin: string): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // A refusal is an answer like any other, and a test may cut the connection; Chromium logs both as errors.
      const isAnswer =
        /^Failed to load resource: (?:the server responded|net::ERR_(?:FAILED|INTERNET_DISCONNECTED)\b)/.test(
          message.text(),
        );
      if (['error', 'warning'].includes(message.type()) && !isAnswer) this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== 'data:') this.complaints.push(`asked ${request.url()}`);
    });
  }
}
