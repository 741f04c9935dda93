import { afterEach, describe, expect, test } from '@jest/globals';
import type { LockoutMailOptions } from 'nestjs-lockout/mail';
import { MailApp } from './mail-app.js';
import type { ArrivedMail } from './mail-server.js';
import { sharedMailServer } from './shared-mail-server.js';

const server = sharedMailServer();
let app: MailApp;
afterEach(() => app.close());

const AGENTS = {
  'line breaks': 'Mozilla/5.0\r\nBcc: victim@example.net\r\n\r\nHello',
  markup: '<script>alert(1)</script><img src="https://evil.example/x.png" onerror=alert(1)>',
  'a name of its own': 'Call-0900-123456-now-https://evil.example/ 1.0',
  'a name with a version': 'Your account is hacked, see evil.example/1.0 (Windows)',
  'writing from the right': `Mozilla/5.0 \u202Egnp.exe\u202C \u2066(Windows NT 10.0)\u2069 Firefox/140.0`,
  'nothing that prints': '\u0000\u0007\u200B\u{E0001}',
  'half a character': 'Firefox/140.0 \uD800',
  '512 characters': 'A/'.repeat(256),
  'templates of messages': '{product} {failures, plural, one {#}}',
};

async function mailed(agent: string, mail: Partial<LockoutMailOptions> = {}): Promise<ArrivedMail> {
  app = await MailApp.start({ mail: { transport: server.url, ...mail } });
  await app.fail({ userAgent: FIRST });
  const { items } = await app.engine.options.store.list({ limit: 1 });
  const [recorded] = items;
  if (recorded?.event.type !== 'failed') throw new Error('Nothing was recorded.');
  // As it would come from a store that another release wrote, or another hand.
  const event = { ...recorded.event, origin: { ...recorded.event.origin, userAgent: agent } };
  const delivery = { ...recorded, event, try: 1, account: 'alice', now: app.clock.now() };
  await app.sink.deliver(delivery, new AbortController().signal);
  const [arrived, ...others] = server.take();
  if (!arrived || others.length > 0) throw new Error('There is not exactly one mail.');
  return arrived;
}

const FIRST = 'Mozilla/5.0 (X11; Linux x86_64)';

/** Controls, marks that turn the writing direction, and characters that nobody sees. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

describe('what a client calls itself is never said in its own words', () => {
  test.each(Object.entries(AGENTS))('%s', async (_, agent) => {
    const { parsed, recipients, source } = await mailed(agent);
    expect(recipients).toEqual(['alice@example.com']);
    expect(Array.from(parsed.headers.keys()).toSorted()).toEqual(HEADERS);
    expect(parsed.text).toMatch(/^Browser: (unknown|Firefox)/m);
    for (const text of [parsed.subject ?? '', parsed.text ?? '', String(parsed.html)]) {
      expect(text).not.toMatch(/evil|victim|<script|<img|hacked|0900|gnp/i);
      expect(text).not.toMatch(UNPRINTABLE);
    }
    expect(source).not.toMatch(/^bcc/im);
  });
});

const HEADERS = [
  ...['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
  'x-auto-response-suppress',
];

test('what a name has in it is text: no header, no markup, no other recipient', async () => {
  const name = '"Bob" <x@evil.example>,\r\nBcc: victim@example.net\r\n\r\n<b>\u202Eeci</b>';
  const { parsed, recipients } = await mailed(FIRST, {
    recipient: () => ({ address: 'bob@example.com', name }),
  });
  expect(recipients).toEqual(['bob@example.com']);
  expect(Array.from(parsed.headers.keys()).toSorted()).toEqual(HEADERS);
  expect(parsed.text).toMatch('Hello "Bob" <x@evil.example>, Bcc: victim@example.net <b> eci</b>,');
  expect(String(parsed.html)).toContain('&lt;b&gt; eci&lt;/b&gt;');
  expect(String(parsed.html)).not.toMatch(/<b>/);
});

test.each([
  '',
  'nobody',
  'a@b@c',
  'a@example.com, b@example.com',
  'a@example.com\r\nBcc: b@example.com',
  'A <a@example.com>',
  5,
])('a recipient that is not one mail address (%j) is a dead letter that does not say it', async (address) => {
  app = await MailApp.start({
    mail: { transport: server.url, recipient: () => ({ address: address as string }) },
  });
  await app.fail();
  await app.deliver();
  expect(server.take()).toEqual([]);
  const { items } = (await app.notifier.outbox?.deliveries({ state: 'dead', limit: 2 })) ?? { items: [] };
  expect(items.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(/What `recipient` answered has no address that is one mail address\.$/),
  ]);
});

test.each([{ name: 42 }, { locale: ['de'] }, { timeZone: {} }])(
  'a recipient with parts that are no text (%j) is a dead letter that says which',
  async (parts) => {
    app = await MailApp.start({
      mail: {
        transport: server.url,
        recipient: () => ({ address: 'alice@example.com', ...(parts as object) }),
      },
    });
    await app.fail();
    await app.deliver();
    expect(server.take()).toEqual([]);
    const { items } = (await app.notifier.outbox?.deliveries({ state: 'dead', limit: 2 })) ?? { items: [] };
    const [part] = Object.keys(parts);
    expect(items.map(({ problem }) => problem)).toEqual([
      `What \`recipient\` answered has a \`${part}\` that is no text.`,
    ]);
  },
);

test('null is as nothing in a recipient’s parts, as rows of databases have it', async () => {
  const empty = { name: null, locale: null, timeZone: null } as never;
  const { parsed } = await mailed(FIRST, {
    recipient: () => ({ address: 'alice@example.com', ...(empty as object) }),
  });
  expect(parsed.text).toMatch(/^Hello,/);
});

test('the HTML loads nothing, runs nothing, and sets no colour without its other half', async () => {
  const { parsed } = await mailed(FIRST, { product: 'R&D <Example>' });
  const html = String(parsed.html);
  expect(parsed.subject).toBe('R&D <Example>: Failed attempt to sign in to your account');
  expect(html).toContain('sent automatically by R&amp;D &lt;Example&gt;');
  expect(html).not.toMatch(/<(img|script|style|link|iframe|form|input)|url\(|@import|\son[a-z]+=/i);
  expect(html).toMatch(/<html lang="en" dir="ltr">/);
  for (const style of html.matchAll(/style="([^"]*)"/g)) {
    const sets = (property: string): boolean => new RegExp(`(^|;)${property}:`).test(style[1] ?? '');
    expect(sets('color')).toBe(sets('background-color'));
  }
});
