import { afterEach, describe, expect, test } from '@jest/globals';
import type { LockoutMailOptions } from 'nestjs-lockout/mail';
import { contentstack, definePolicy, minutes } from 'nestjs-lockout/policy';
import { policy } from '../../support/login-app.js';
import { MailApp, type MailAppOptions } from './mail-app.js';
import type { ArrivedMail } from './mail-server.js';
import { sharedMailServer } from './shared-mail-server.js';

const server = sharedMailServer();
let app: MailApp;
afterEach(() => app.close());

const start = async (
  mail: Partial<LockoutMailOptions> = {},
  lockout: MailAppOptions['lockout'] = {},
): Promise<void> => {
  app = await MailApp.start({ mail: { transport: server.url, ...mail }, lockout });
};

const arrived = async (): Promise<readonly ArrivedMail[]> => {
  await app.deliver();
  return server.take();
};

const subjects = (mails: readonly ArrivedMail[]): readonly unknown[] =>
  mails.map(({ parsed }) => parsed.subject);

const ENGLISH = {
  failure: 'Failed attempt to sign in to your account',
  lock: 'Sign-in to your account is locked',
  signIn: 'Sign-in to your account after 2 failed attempts',
  unlocked: 'Your account is unlocked',
  expired: 'You can sign in to your account again',
};
const GERMAN = {
  failure: 'Fehlgeschlagener Versuch, sich an Ihrem Konto anzumelden',
  lock: 'Die Anmeldung an Ihrem Konto ist gesperrt',
  signIn: 'Anmeldung an Ihrem Konto nach 2 fehlgeschlagenen Versuchen',
  unlocked: 'Ihr Konto ist entsperrt',
  expired: 'Sie können sich wieder an Ihrem Konto anmelden',
};
const ACTOR = { by: 'carol', reason: 'asked on the phone' };

describe.each([
  ['en', ENGLISH],
  ['de', GERMAN],
] as const)('in %s', (locale, expected) => {
  const recipient = () => ({ address: 'alice@example.com', name: 'Alice', locale });

  test('every kind is sent, to the owner alone, once, and as text and HTML that say the same', async () => {
    await start({ recipient, send: { expired: true } });
    await app.failTimes(2);
    await app.succeed();
    expect(subjects(await arrived())).toEqual([expected.failure, expected.failure, expected.signIn]);
    await app.failTimes(3);
    expect(subjects(await arrived())).toEqual([expected.failure, expected.failure, expected.lock]);
    await app.engine.unlock({ account: 'alice' }, ACTOR);
    const cleared = await arrived();
    expect(subjects(cleared)).toEqual([expected.unlocked]);
    expect(cleared[0]?.source).not.toMatch('carol');
    await app.failTimes(3);
    await arrived();
    await app.clock.advance(minutes(5));
    await app.engine.sweeper.sweep();
    const mails = await arrived();
    expect(subjects(mails)).toEqual([expected.expired]);
    for (const { parsed, recipients } of [...cleared, ...mails]) {
      expect(recipients).toEqual(['alice@example.com']);
      expect(parsed.text).toMatch('Alice');
      for (const line of parsed.text?.split('\n').filter((text) => text !== '') ?? []) {
        const [name = '', value = ''] = line.split(': ');
        expect(textOf(parsed.html)).toContain(value === '' ? name : value);
      }
    }
    expect(await app.waiting()).toBe(0);
  });
});

/** What a reader of the HTML sees. */
const textOf = (html: unknown): string =>
  String(html)
    .replaceAll(/<head>[\s\S]*<\/head>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

test('a kind that is turned off is neither kept for delivery nor sent', async () => {
  await start({ send: { failure: false, signIn: false, unlocked: false } });
  await app.failTimes(2);
  await app.succeed();
  await app.failTimes(3);
  await app.engine.unlock({ account: 'alice' }, ACTOR);
  expect(await app.waiting()).toBe(1);
  expect(subjects(await arrived())).toEqual([ENGLISH.lock]);
});

test('Contentstack: the 5th and each further failure up to the 10th, six mails, each with browser, device and address; none for refusals (CS-9)', async () => {
  await start({}, { policies: contentstack() });
  await app.failTimes(4);
  expect(await arrived()).toEqual([]);
  for (const lockMinutes of [5, 10, 15, 20, 25, null]) {
    await app.fail();
    await app.failTimes(50);
    const mails = await arrived();
    expect(subjects(mails)).toEqual([ENGLISH.lock]);
    const text = mails[0]?.parsed.text ?? '';
    expect(text).toMatch('Browser: Firefox on Windows');
    expect(text).toMatch('Device: computer');
    expect(text).toMatch('Address: 203.0.113.9');
    expect(text).toMatch(lockMinutes === null ? 'until somebody unlocks it' : 'try again after');
    await app.clock.advance(minutes(lockMinutes ?? 60 * 24 * 365));
  }
  await app.failTimes(1_000);
  expect(await arrived()).toEqual([]);
});

test('an answer to a mail goes to nobody’s machine: headers say that it is automatic, and a repeat is the same mail', async () => {
  await start();
  await app.failTimes(1);
  const { items } = await app.engine.options.store.list({ limit: 1 });
  const [recorded] = items;
  if (!recorded) throw new Error('Nothing was recorded.');
  const delivery = { ...recorded, try: 1, account: 'alice', now: app.clock.now() };
  await app.sink.deliver(delivery, new AbortController().signal);
  await app.sink.deliver({ ...delivery, try: 2 }, new AbortController().signal);
  const [first, second] = server.take();
  expect(first?.parsed.messageId).toBe(`<${recorded.id}.lockout@example.com>`);
  expect(second?.parsed.messageId).toBe(first?.parsed.messageId);
  expect(first?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
  expect(first?.parsed.headers.get('x-auto-response-suppress')).toBe('All');
  expect(first?.parsed.from?.text).toBe('"Example" <security@example.com>');
  expect(first?.parsed.date).toEqual(new Date(app.clock.now()));
});

describe('what an owner is told that helps', () => {
  test('a link where one may be given, which opens this very lock', async () => {
    await start({
      links: { url: 'https://example.com/lockout/unlock?lang=en' },
      resetUrl: 'https://example.com/reset',
    });
    await app.failTimes(3);
    const mails = await arrived();
    const text = mails.at(-1)?.parsed.text ?? '';
    const [url = ''] = /https:\/\/example\.com\/lockout\/unlock\S+/.exec(text) ?? [];
    expect(mails.at(-1)?.parsed.html).toContain(`href="${url.replaceAll('&', '&amp;')}"`);
    expect(text).toMatch('https://example.com/reset');
    const token = new URL(url).searchParams.get('token');
    expect(await app.engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
    const [cleared] = await arrived();
    expect(cleared?.parsed.text).toMatch('by a link in a mail to you');
  });

  test('without an end: whom to turn to, and neither link nor waiting', async () => {
    const forever = definePolicy({ name: 'login', threshold: 1, schedule: { kind: 'indefinite' } });
    await start(
      { links: { url: 'https://example.com/unlock' }, support: 'the help desk' },
      { policies: [forever] },
    );
    await app.fail();
    const text = (await arrived())[0]?.parsed.text ?? '';
    expect(text).toMatch('turn to the help desk to have it unlocked');
    expect(text).not.toMatch(/example\.com\/unlock|try again|new password/);
  });

  test('what a completed password reset does, only where the policy lets it', async () => {
    await start({}, { policies: [policy({ onPasswordReset: 'keep' })] });
    await app.failTimes(3);
    expect((await arrived()).at(-1)?.parsed.text).not.toMatch('new password');
    await app.close();
    await start();
    await app.failTimes(3);
    expect((await arrived()).at(-1)?.parsed.text).toMatch('Choosing a new password lets you in');
  });

  test('late: that the lock is over by now', async () => {
    await start({ links: { url: 'https://example.com/unlock' } });
    await app.failTimes(3);
    await app.clock.advance(minutes(6));
    const text = (await arrived()).at(-1)?.parsed.text ?? '';
    expect(text).toMatch('was refused until January 1, 2026 at 12:05 AM UTC. That is over by now.');
    expect(text).not.toMatch(/example\.com\/unlock|try again/);
  });
});

test.each([
  ['a timed lock', policy()],
  ['an indefinite one', definePolicy({ name: 'login', threshold: 3, schedule: { kind: 'indefinite' } })],
])(
  'a mail that is late says of %s that was lifted meanwhile that it is over, and of the next one that it stands',
  async (_what, login) => {
    await start(
      { links: { url: 'https://example.com/unlock' }, support: 'the help desk' },
      { policies: [login] },
    );
    await app.failTimes(3);
    await app.clock.advance(minutes(1));
    await app.engine.unlock({ account: 'alice' }, ACTOR);
    await app.clock.advance(minutes(1));
    await app.failTimes(3);
    const locks = (await arrived()).filter(({ parsed }) => parsed.subject === ENGLISH.lock);
    const [lifted = '', standing = '', ...others] = locks.map(({ parsed }) => parsed.text ?? '');
    expect(others).toEqual([]);
    expect(lifted).toMatch('signing in was refused. That is over by now.');
    expect(lifted).not.toMatch(/until|try again|turn to|new password|example\.com\/unlock/);
    expect(standing).toMatch('signing in is refused until');
  },
);

describe('nobody is mailed', () => {
  test('of a name that nobody has, even if it reads like somebody’s id', async () => {
    await start();
    await app.failTimes(3, { account: { unknown: 'bob' } });
    expect(await app.waiting()).toBeGreaterThan(0);
    expect(await arrived()).toEqual([]);
    expect(await app.waiting()).toBe(0);
  });

  test('of what only the address is locked for', async () => {
    await start({}, { policies: [policy({ scope: ['address'], notify: { from: 1 } })] });
    await app.failTimes(3);
    expect(await app.waiting()).toBe(0);
  });

  test('of a policy that only watches, and of a lock by hand', async () => {
    await start({}, { policies: [policy({ enforce: false, notify: { from: 1, successAfter: 1 } })] });
    await app.failTimes(4);
    await app.succeed();
    await app.engine.lock({ account: 'alice' }, null, ACTOR);
    await app.engine.unlock({ account: 'alice' }, ACTOR);
    expect(await arrived()).toEqual([]);
  });

  test('for whom the application answers nobody', async () => {
    await start({ recipient: () => null });
    await app.failTimes(3);
    expect(await arrived()).toEqual([]);
    expect(await app.waiting()).toBe(0);
  });

  test('that the account is open while another lock stands', async () => {
    await start();
    await app.failTimes(3);
    await arrived();
    await app.engine.lock({ account: 'alice' }, null, ACTOR);
    const events = await app.engine.options.store.list({ type: 'locked', limit: 5 });
    const login = events.items.find(({ facts }) => facts.counter === 'login');
    await app.engine.accounts.unlockRecord(login?.key ?? '', ACTOR);
    expect(await arrived()).toEqual([]);
  });
});
