import { describe, expect, it } from '@jest/globals';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { type LockoutMailOptions, resolveMailOptions } from './mail-options.js';

const GOOD: LockoutMailOptions = {
  transport: 'smtps://user:secret@mail.example.com',
  from: 'Example <security@mail.example.com>',
  recipient: () => null,
};

function problems(options: unknown): readonly string[] {
  try {
    resolveMailOptions(options as LockoutMailOptions);
    return [];
  } catch (error) {
    if (!(error instanceof LockoutConfigError)) throw error;
    return error.problems.map((problem) => problem.replace(/^LockoutMailModule: /, ''));
  }
}

describe('the options of mails', () => {
  it('need three things, and have defaults for the rest', () => {
    expect(resolveMailOptions(GOOD)).toMatchObject({
      domain: 'mail.example.com',
      send: { lock: true, failure: true, signIn: true, unlocked: true, expired: false },
      linkUrl: null,
      resetUrl: null,
      product: null,
      support: null,
      budget: { mails: 10, windowMs: 3_600_000 },
    });
    const send = { expired: true, lock: undefined } as never;
    expect(resolveMailOptions({ ...GOOD, send }).send).toMatchObject({ lock: true, expired: true });
  });

  it.each([undefined, null, {}])('tell what is missing, all at once: %j', (options) => {
    expect(problems(options)).toEqual([
      'transport is missing: pass an SMTP URL, what nodemailer takes, or a transporter.',
      'from is missing: pass the address in whose name mails are sent.',
      'recipient is missing: pass recipient: ({ realm, account }) => ({ address }) or null for nobody.',
    ]);
  });

  it('tell everything else that is wrong, all at once, and no password', () => {
    const wrong = problems({
      transport: 'http://user:secret@mail.example.com',
      from: 'Example <security@example.com>\r\nBcc: x@example.com',
      recipient: 'alice@example.com',
      send: { lock: 1, letter: true },
      links: { url: 'http://user:secret@example.com/unlock' },
      resetUrl: 'reset',
      product: 'two\nlines',
      support: '',
      texts: { en: { nothing: 'x' } },
      locale: 'no locale',
      timeZone: 'Moon',
      budget: { mails: 0, windowMs: 1.5 },
    });
    expect(wrong.map((problem) => problem.split(/[ :]/)[0])).toEqual([
      ...['transport', 'from', 'recipient', 'send.lock', 'send.letter', 'links.url', 'resetUrl', 'product'],
      ...['support', 'texts["en"]["nothing"]', 'budget.mails', 'budget.windowMs', 'timeZone', 'locale'],
    ]);
    expect(wrong.join('\n')).not.toMatch('secret');
  });

  it.each([
    ['links', { links: {} }],
    ['links', { links: null }],
    ['links', { links: { url: 'https://user:secret@example.com/' } }],
    ['budget', { budget: null }],
    ['send', { send: null }],
    ['from', { from: 'security' }],
    ['from', { from: 'a@x.com, <security@example.com>' }],
    ['from', { from: 'Example: Security; <security@example.com>' }],
    ['transport', { transport: 5 }],
    ['transport', { transport: 'mail.example.com:25' }],
    ['locale', { locale: 'fr' }],
  ])('%s: %j', (name, options) => {
    expect(problems({ ...GOOD, ...options })).toEqual([expect.stringMatching(new RegExp(`^${name}`))]);
  });

  it.each([
    'https://example.com/unlock',
    'http://localhost:3000/unlock',
    'http://127.0.0.1/',
    'http://[::1]:1/',
  ])('take links to %s', (url) => {
    expect(problems({ ...GOOD, links: { url }, resetUrl: url })).toEqual([]);
  });
});
