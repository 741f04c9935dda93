import { describe, expect, it } from '@jest/globals';
import type { SubjectHash } from '../key/key.js';
import type { RecordFacts } from '../store/record.js';
import { type ComposedMail, mailBody } from './mail-body.js';
import { type MailHouse, type MailNotice, writeLetter } from './mail-letter.js';
import { ENGLISH } from './messages/en.js';
import { MailBook } from './messages/phrases.js';

const AT = Date.parse('2026-11-22T15:23:41.250Z');

const FACTS: RecordFacts = {
  realm: 'default',
  counter: 'login',
  scope: 'account',
  accountHash: 'ab'.repeat(32) as SubjectHash,
  addressHash: null,
  accountLabel: '42',
  addressLabel: null,
};

const ORIGIN = {
  address: '2001:db8::1',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

const HOUSE: MailHouse = {
  book: new MailBook({}, 'en', 'UTC'),
  product: 'Example',
  support: 'help@example.com',
  resetUrl: 'https://example.com/reset',
  budget: { windowMs: 3_600_000 },
};

const LOCKED = {
  type: 'locked',
  at: AT,
  until: AT + 300_000,
  cause: 'failures',
  failures: 5,
  escalation: 1,
  step: 0,
  origin: ORIGIN,
} as const;

const notice = (parts: Partial<MailNotice> & Pick<MailNotice, 'event'>): MailNotice => ({
  facts: FACTS,
  account: '42',
  now: AT + 1_000,
  link: null,
  resetLifts: false,
  isLifted: false,
  isLast: false,
  ...parts,
});

const compose = (
  parts: Partial<MailNotice> & Pick<MailNotice, 'event'>,
  recipient: Parameters<typeof writeLetter>[1] = {},
  house: Partial<MailHouse> = {},
): ComposedMail => mailBody(writeLetter(notice(parts), recipient, { ...HOUSE, ...house }));

const LINK = { url: 'https://example.com/unlock?token=abc&x=1', endsAt: AT + 240_000 };

describe('a mail about a lock', () => {
  it('says what happened, from where, and what helps', () => {
    const mail = compose(
      { event: LOCKED, link: LINK, resetLifts: true, isLast: true },
      { name: 'Alice', locale: 'en-GB', timeZone: 'Europe/Vienna' },
    );
    expect(mail.subject).toBe('Example: Sign-in to your account is locked');
    expect(mail.text).toBe(`Hello Alice,

There were 5 failed attempts to sign in to your account. To protect it, signing in is refused until 22 November 2026 at 16:29 CET.

Time: 22 November 2026 at 16:23 CET
Browser: Firefox on Windows
Device: computer
Address: 2001:db8::1

If it was you, this link lets you try again at once. It works once, until 22 November 2026 at 16:27 CET.

Unlock my account:
https://example.com/unlock?token=abc&x=1

If it was you: try again after 22 November 2026 at 16:29 CET.

Choosing a new password lets you in as well.

Choose a new password:
https://example.com/reset

If it was not you: none of these attempts got in, and you need not do anything.

This is the last mail of this kind for up to 1 hour, so that nobody can flood your mailbox. What happens until then is not mailed.

This mail was sent automatically by Example, because of what happened at your account.
`);
    // Without what it looks like.
    expect(mail.html.replaceAll(/ style="[^"]*"/g, '')).toBe(LOCK_HTML);
  });

  it('in German, to somebody without a name', () => {
    const mail = compose(
      { event: { ...LOCKED, failures: 1 }, link: LINK },
      { locale: 'de-AT' },
      { product: null },
    );
    expect(mail.subject).toBe('Die Anmeldung an Ihrem Konto ist gesperrt');
    expect(mail.text).toBe(`Guten Tag,

Es gab einen fehlgeschlagenen Versuch, sich an Ihrem Konto anzumelden. Zu Ihrem Schutz ist die Anmeldung gesperrt, bis 22. November 2026 um 15:29 UTC.

Zeit: 22. November 2026 um 15:23 UTC
Browser: Firefox unter Windows
Gerät: Computer
Adresse: 2001:db8::1

Wenn Sie das waren, können Sie es mit diesem Link sofort noch einmal versuchen. Er gilt einmal, bis 22. November 2026 um 15:27 UTC.

Mein Konto entsperren:
https://example.com/unlock?token=abc&x=1

Wenn Sie das waren: Versuchen Sie es nach 22. November 2026 um 15:29 UTC noch einmal.

Wenn Sie das nicht waren: Keiner dieser Versuche ist gelungen, und Sie müssen nichts tun.

Diese Mail wurde automatisch verschickt, weil an Ihrem Konto etwas geschehen ist.
`);
  });

  it.each([
    [
      { until: null },
      {},
      /is refused until somebody unlocks it\.[\s\S]*turn to help@example\.com to have it unlocked/,
    ],
    [{ until: null }, { resetLifts: true }, /Choosing a new password[\s\S]*turn to help@example\.com/],
    [
      {},
      { facts: { ...FACTS, scope: 'account+address' } },
      /signing in from where they came is refused until/,
    ],
    [
      {},
      { now: AT + 300_000, link: LINK, resetLifts: true },
      /was refused until [\s\S]* over by now\.\n\nTime: [\s\S]*Address: 2001:db8::1\n\nIf it was not you/,
    ],
    [{ origin: undefined }, {}, /Browser: unknown\nDevice: unknown\nAddress: unknown\n/],
    [
      { origin: { userAgent: ORIGIN.userAgent } },
      { facts: { ...FACTS, addressLabel: '192.0.2.7' } },
      /Address: 192\.0\.2\.7/,
    ],
  ] as const)('%j %j', (event, parts, expected) => {
    expect(compose({ event: { ...LOCKED, ...event } as typeof LOCKED, ...parts }).text).toMatch(expected);
  });

  it('never tells an end too early: it is rounded up to the minute', () => {
    const text = (until: number) => compose({ event: { ...LOCKED, until } as never, now: AT }).text;
    expect(text(Date.parse('2026-11-22T15:30:00.000Z'))).toMatch('until November 22, 2026 at 3:30 PM UTC');
    expect(text(Date.parse('2026-11-22T15:30:00.001Z'))).toMatch('until November 22, 2026 at 3:31 PM UTC');
  });
});

it('what a proxy said of the address is text', () => {
  const origin = { address: '<img src=x>&\r\n\u202E' };
  const { text, html } = compose({ event: { ...LOCKED, origin } });
  expect(text).toMatch('Address: <img src=x>&\n\n');
  expect(html).toContain('>&lt;img src=x&gt;&amp;</td>');
});

describe('the other kinds', () => {
  it('a failure', () => {
    const mail = compose({ event: { type: 'failed', at: AT, failures: 3, origin: ORIGIN } });
    expect(mail.subject).toBe('Example: Failed attempt to sign in to your account');
    expect(mail.text).toMatch('It was the 3rd failed attempt.');
    expect(mail.text).toMatch('none of these attempts got in');
  });

  it('a sign-in after failures', () => {
    const mail = compose({
      event: { type: 'succeeded-after-failures', at: AT, failures: 7, origin: ORIGIN },
    });
    expect(mail.subject).toBe('Example: Sign-in to your account after 7 failed attempts');
    expect(mail.text).toMatch(
      /Browser: Firefox on Windows[\s\S]*change your password at once, and turn to help@example\.com\./,
    );
    expect(mail.text).toMatch('https://example.com/reset');
  });

  it.each([
    ['admin', 'was lifted by an administrator.', false],
    ['link', 'was lifted by a link in a mail to you.', true],
    ['password-reset', 'was lifted, because its password was reset.', true],
  ] as const)('an unlock via %s', (via, words, warns) => {
    const before = { failures: 5, escalation: 1, since: AT - 1, until: null, cause: 'failures' } as const;
    const event = { type: 'unlocked', at: AT, via, by: 'carol', reason: 'secret ticket', before } as const;
    const { text, html } = compose({ event });
    expect(text).toMatch(words);
    expect(/If that was not you/.test(text)).toBe(warns);
    expect(text + html).not.toMatch(/carol|ticket/);
  });

  it('the end of a lock', () => {
    expect(compose({ event: { type: 'expired', at: AT } }).text).toMatch(
      'The lock of your account has ended. You can sign in again.',
    );
  });
});

it('a language that nobody has, and a time zone that is none, are as none given', () => {
  const { text } = compose({ event: LOCKED }, { locale: 'fr', timeZone: 'Moon/Crater' });
  expect(text).toMatch('refused until November 22, 2026 at 3:29 PM UTC');
  expect(compose({ event: LOCKED }, { locale: 'no locale' }).text).toBe(text);
});

it('an application says it otherwise, in a language of its own too, from right to left', () => {
  const hebrew = Object.fromEntries(Object.keys(ENGLISH).map((id) => [id, `שלום ${id}`]));
  const book = new MailBook({ he: hebrew, en: { 'failure.lead': 'Oh {name}!' } }, 'en', 'UTC');
  const event = { type: 'failed', at: AT, failures: 3, origin: ORIGIN } as const;
  expect(compose({ event }, { name: 'Bo' }, { book }).text).toMatch('\n\nOh Bo!\n\n');
  const { html, subject } = compose({ event }, { locale: 'he-IL' }, { book });
  expect(subject).toBe('שלום subject');
  expect(html).toMatch('<html lang="he-IL" dir="rtl">');
});

const LOCK_HTML = `<!DOCTYPE html>
<html lang="en-GB" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Sign-in to your account is locked</title>
</head>
<body>
<div lang="en-GB" dir="ltr">
<h1>Sign-in to your account is locked</h1>
<p>Hello Alice,</p>
<p>There were 5 failed attempts to sign in to your account. To protect it, signing in is refused until 22 November 2026 at 16:29 CET.</p>
<table>
<tr><th scope="row">Time</th><td dir="auto">22 November 2026 at 16:23 CET</td></tr>
<tr><th scope="row">Browser</th><td dir="auto">Firefox on Windows</td></tr>
<tr><th scope="row">Device</th><td dir="auto">computer</td></tr>
<tr><th scope="row">Address</th><td dir="auto">2001:db8::1</td></tr>
</table>
<p>If it was you, this link lets you try again at once. It works once, until 22 November 2026 at 16:27 CET.</p>
<p><a href="https://example.com/unlock?token=abc&amp;x=1">Unlock my account</a></p>
<p>If it was you: try again after 22 November 2026 at 16:29 CET.</p>
<p>Choosing a new password lets you in as well.</p>
<p><a href="https://example.com/reset">Choose a new password</a></p>
<p>If it was not you: none of these attempts got in, and you need not do anything.</p>
<p>This is the last mail of this kind for up to 1 hour, so that nobody can flood your mailbox. What happens until then is not mailed.</p>
<hr>
<p>This mail was sent automatically by Example, because of what happened at your account.</p>
</div>
</body>
</html>
`;
