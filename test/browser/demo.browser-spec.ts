import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DemoServer, PASSWORD } from '../e2e/demo/demo-server.js';
import { hasChromium, launchChromium } from './chromium.js';

const suite = hasChromium() ? describe : describe.skip;

/** Longest a page may take to show something. */
const PATIENCE_MS = 10_000;

suite('the sample app in a browser', () => {
  let browser: Browser;
  let server: DemoServer;
  let contexts: BrowserContext[];
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
  });

  beforeEach(async () => {
    // With the clock of the machine, as the countdown in the page has no other.
    server = await DemoServer.start({ systemTime: true });
    contexts = [];
    complaints = [];
  });

  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await server.close();
    // Neither scripts that fail, nor anything that the content security policy stops.
    expect(complaints).toEqual([]);
  });

  /** A person with a browser of their own. */
  const open = async (path: string): Promise<Page> => {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // A refused sign-in is an answer like any other; Chromium logs its status as an error.
      const isAnswer = message
        .text()
        .startsWith('Failed to load resource: the server responded with a status of 4');
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { url } = server;
      if (!request.url().startsWith(url) && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    await page.goto(server.url + path);
    return page;
  };

  const signIn = async (page: Page, username: string, password: string): Promise<void> => {
    const form = page.locator('#login');
    await form.getByLabel('Username').fill(username);
    await form.getByLabel('Password').fill(password);
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/login'));
    await form.getByRole('button', { name: 'Sign in' }).click();
    await answered;
    // The page takes no further attempt until it shows what came of this one.
    await form.locator('button:enabled').waitFor({ state: 'attached' });
  };

  const problemOf = (page: Page) => page.locator('#login-problem');
  const says = (page: Page, text: string) => page.getByText(text).waitFor();

  test('a person signs in, fails, is told of the lock; the administrator unblocks; the person signs in', async () => {
    const alice = await open('/');
    await signIn(alice, 'alice', PASSWORD);
    await says(alice, 'You are signed in');
    await says(alice, 'This account has never been locked.');
    await alice.getByRole('button', { name: 'Sign out' }).click();

    for (let guess = 0; guess < 6; guess += 1) await signIn(alice, 'alice', `wrong ${guess}`);
    expect(await problemOf(alice).textContent()).toBe('Wrong username or password.');
    await signIn(alice, 'alice', PASSWORD);
    await says(alice, 'Too many failed attempts. Try again in 5 minutes.');
    const shown = await problemOf(alice).locator('.countdown').textContent();
    expect(shown).toMatch(/^\((5:00|4:5\d)\)$/);
    // It counts down, second by second.
    await problemOf(alice)
      .locator('.countdown')
      .filter({ hasNotText: shown ?? '' })
      .waitFor();

    const admin = await open('/');
    await signIn(admin, 'admin', PASSWORD);
    await admin.getByRole('link', { name: 'Locked accounts' }).click();
    await admin.getByRole('button', { name: 'Unlock alice' }).click();
    await says(admin, 'alice is unlocked.');

    await signIn(alice, 'alice', PASSWORD);
    await says(alice, 'You are signed in');
    await says(alice, 'Last locked until');
  });

  test('staff with a customer’s name are somebody else; whom nobody may unlock is shown with the reason and support', async () => {
    const customer = await open('/');
    for (let guess = 0; guess < 6; guess += 1) await signIn(customer, 'olga', `wrong ${guess}`);
    for (let guess = 0; guess < 6; guess += 1) await signIn(customer, 'alice', `wrong ${guess}`);
    await signIn(customer, 'alice', PASSWORD);
    await says(customer, 'Too many failed attempts.');
    await customer.getByLabel('Who you are').selectOption('Staff');
    await signIn(customer, 'alice', PASSWORD);
    await says(customer, 'You are signed in');
    expect(await customer.locator('#who').textContent()).toBe('alice, staff');
    expect(await customer.getByRole('link', { name: 'open the console' }).count()).toBe(0);

    const manager = await open('/');
    await signIn(manager, 'user-manager', PASSWORD);
    await manager.getByRole('link', { name: 'open the console' }).waitFor();
    await manager.getByRole('link', { name: 'Locked accounts' }).click();
    await says(
      manager,
      'Cannot be unlocked: owns an organisation. Contact customer support, support@example.test.',
    );
    expect(await manager.getByRole('button', { name: 'Unlock olga' }).count()).toBe(0);
    await manager.getByRole('button', { name: 'Unlock alice (default)' }).click();
    await says(manager, 'alice is unlocked.');
  });

  test('a forgotten password, by the mail that the app shows', async () => {
    const page = await open('/');
    await page.getByText('Forgotten password').click();
    await page.locator('#forgot').getByLabel('Username').fill('bob');
    await page.getByRole('button', { name: 'Mail me a link to choose a new one' }).click();
    await says(page, 'If there is such an account');

    await page.goto(`${server.url}/inbox`);
    await page.getByRole('link', { name: /\/reset\?token=/ }).click();
    await page.getByLabel('New password').fill('a new battery staple');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await says(page, 'The password is changed.');
    expect(page.url()).not.toContain('token');

    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, 'bob', 'a new battery staple');
    await says(page, 'You are signed in');
  });

  test('a magic link and a code by mail', async () => {
    const page = await open('/');
    await page.getByText('Sign in with a link by mail').click();
    await page.locator('#link-request').getByLabel('Username').fill('carol');
    await page.getByRole('button', { name: 'Mail me a link', exact: true }).click();
    await says(page, 'If there is such an account');
    await page.goto(`${server.url}/inbox`);
    await page.getByRole('link', { name: /\/magic-link\?token=/ }).click();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await says(page, 'You are signed in');
    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.getByText('Sign in with a code by mail').click();
    await page.locator('#otp-request').getByLabel('Username').fill('dave');
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await says(page, 'If there is such an account');
    const code = await server.visitor().mailedCode('dave');
    await page.locator('#otp').getByLabel('Username').fill('dave');
    await page.getByLabel('Six-digit code').fill(code);
    await page.getByRole('button', { name: 'Sign in with the code' }).click();
    await says(page, 'You are signed in');
    await page.getByRole('button', { name: 'Show my recovery codes' }).click();
    await page.getByText(/^[2-9A-Z]{5}-[2-9A-Z]{5}/).waitFor();
  });
});
