import { afterEach, expect, test } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { policy } from '../../support/login-app.js';
import { MailApp } from './mail-app.js';
import { sharedMailServer } from './shared-mail-server.js';

const server = sharedMailServer();
const apps: MailApp[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/** Three policies that tell of each failure: two of the account, one of the account at an address. */
const POLICIES = [
  policy({
    name: 'slow',
    threshold: 5,
    schedule: { kind: 'indefinite' },
    notify: { from: 1, successAfter: 1 },
  }),
  policy({ name: 'login', notify: { from: 1, successAfter: 1 } }),
  policy({ name: 'pair', scope: ['account', 'address'], threshold: 2, notify: { from: 1, successAfter: 1 } }),
];

/** Two processes on one store. */
async function startTwo(mail = {}): Promise<readonly [MailApp, MailApp]> {
  const lockout = { policies: POLICIES, retryMs: 1 };
  const first = await MailApp.start({ mail: { transport: server.url, ...mail }, lockout });
  const { store } = first.engine.options;
  const second = await MailApp.start({
    clock: first.clock,
    mail: { transport: server.url, ...mail },
    lockout: { ...lockout, store },
  });
  apps.push(first, second);
  return [first, second];
}

const subjects = (): readonly unknown[] => server.take().map(({ parsed }) => parsed.subject);

test('one failure of which three policies tell is one mail, about what weighs most, whichever process comes to it', async () => {
  const [first, second] = await startTwo();
  const both = () => Promise.all([first.deliver(), second.deliver()]);
  await first.fail();
  expect(await first.waiting()).toBe(3);
  await both();
  expect(subjects()).toEqual(['Failed attempt to sign in to your account']);
  await second.fail();
  await both();
  const [pair, ...others] = server.take();
  expect(others).toEqual([]);
  expect(pair?.parsed.text).toMatch('signing in from where they came is refused until');
  await first.fail({ address: '203.0.113.10' });
  await both();
  const [login, ...more] = server.take();
  expect(more).toEqual([]);
  expect(login?.parsed.text).toMatch('signing in is refused until');
  await first.clock.advance(minutes(5));
  await first.fail({ address: '203.0.113.11' });
  await first.clock.advance(minutes(5));
  await both();
  server.take();
  await first.fail({ address: '203.0.113.12' });
  await both();
  const [slow, ...none] = server.take();
  expect(none).toEqual([]);
  expect(slow?.parsed.text).toMatch('until somebody unlocks it');
  expect(await first.waiting()).toBe(0);
});

test('a delivery that is repeated after a process died is still that one mail, and the others still none', async () => {
  const [first, second] = await startTwo();
  await first.fail();
  const signal = new AbortController().signal;
  const { items } = await first.engine.options.store.list({ limit: 10 });
  expect(items).toHaveLength(3);
  const ids = new Set<string | undefined>();
  for (const app of [first, second, first]) {
    for (const recorded of items)
      await app.sink.deliver({ ...recorded, try: 2, account: 'alice', now: first.clock.now() }, signal);
    const mails = server.take();
    expect(mails).toHaveLength(1);
    ids.add(mails[0]?.parsed.messageId);
  }
  expect(ids.size).toBe(1);
});

test('what is not sent at all does not stand for what is', async () => {
  const [first] = await startTwo({ send: { lock: false } });
  await first.failTimes(2);
  await first.deliver();
  expect(subjects()).toEqual([
    'Failed attempt to sign in to your account',
    'Failed attempt to sign in to your account',
  ]);
});

test('nor does what a policy tells that is only being tried', async () => {
  const watching = policy({
    name: 'trial',
    threshold: 50,
    enforce: false,
    notify: { from: 1 },
    window: { kind: 'none' },
  });
  const app = await MailApp.start({
    mail: { transport: server.url },
    lockout: { policies: [watching, policy({ threshold: 50, notify: { from: 1 } })], retryMs: 1 },
  });
  apps.push(app);
  await app.fail();
  await app.clock.advance(minutes(61));
  await app.fail();
  expect(await app.waiting()).toBe(4);
  await app.deliver();
  expect(server.take()).toHaveLength(2);
});

test('a store’s clock that was set back keeps no mail waiting for the moment of its failure to come again', async () => {
  const [first] = await startTwo();
  await first.fail();
  const { items } = await first.engine.options.store.list({ limit: 10 });
  const now = first.clock.now() - minutes(60);
  const signal = AbortSignal.timeout(2_000);
  for (const recorded of items)
    await first.sink.deliver({ ...recorded, try: 1, account: 'alice', now }, signal);
  expect(server.take()).toHaveLength(1);
});

test('a mail waits until every policy of its failure had its say', async () => {
  const [first] = await startTwo();
  const { store } = first.engine.options;
  const patient = await MailApp.start({
    clock: first.clock,
    mail: { transport: server.url },
    lockout: { policies: POLICIES, retryMs: 600, store },
  });
  apps.push(patient);
  await first.fail();
  const told = await store.list({ limit: 10 });
  const failed = told.items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [lightest] = failed;
  if (lightest?.event.type !== 'failed') throw new Error('Nothing was recorded.');
  const delivering = patient.sink.deliver(
    { ...lightest, try: 1, account: 'alice', now: first.clock.now() },
    new AbortController().signal,
  );
  // Long enough for a mail that does not wait to be on its way.
  const state = await anyState(first);
  await new Promise((resolve) => setTimeout(resolve, 50));
  // A lock of the same failure that another process wrote a moment later.
  const { origin } = lightest.event;
  await store.compareAndSwap(
    [
      {
        key: 'ab'.repeat(32) as never,
        expected: null,
        version: 'cd'.repeat(8),
        state,
        facts: lightest.facts,
        keepUntil: null,
        events: [
          {
            type: 'locked',
            at: lightest.event.at,
            until: null,
            cause: 'failures',
            failures: 3,
            escalation: 1,
            step: 0,
            ...(origin ? { origin } : {}),
          },
        ],
      },
    ],
    { now: first.clock.now() },
  );
  await delivering;
  expect(server.take()).toEqual([]);
});

const anyState = async (app: MailApp) => {
  const [record] = (
    await app.engine.options.store.find({
      of: 'account',
      state: 'any',
      sort: 'lastFailureAt',
      now: app.clock.now(),
      limit: 1,
    })
  ).items;
  if (!record) throw new Error('Nothing was recorded.');
  return record.state;
};

test('a sign-in after failures, an unlock of several locks, and a reset are one mail each', async () => {
  const [first, second] = await startTwo();
  const both = () => Promise.all([first.deliver(), second.deliver()]);
  await first.fail();
  await first.succeed();
  await both();
  expect(subjects()).toEqual([
    'Failed attempt to sign in to your account',
    'Sign-in to your account after a failed attempt',
  ]);
  await first.failTimes(2, { address: '203.0.113.20' });
  await first.failTimes(2, { address: '203.0.113.21' });
  await both();
  server.take();
  await first.engine.unlock({ account: 'alice' }, { by: 'carol', reason: 'asked' });
  await both();
  expect(subjects()).toEqual(['Your account is unlocked']);
  await first.failTimes(2, { address: '203.0.113.22' });
  await both();
  server.take();
  await first.engine.passwordReset({ account: 'alice' });
  await both();
  expect(subjects()).toEqual(['Your account is unlocked']);
});

test('what no attempt is known of is one mail too: a failure that nobody settled, a completed sign-in, locks that end together', async () => {
  const [first, second] = await startTwo({ send: { expired: true } });
  const both = () => Promise.all([first.deliver(), second.deliver()]);
  const attempt = { account: 'alice', method: 'password', address: '203.0.113.9' };
  await first.engine.begin(attempt);
  await first.clock.advance(minutes(3));
  // The next one that comes by counts it.
  const next = await first.engine.begin(attempt);
  if (next.allowed) await next.attempt.abandon();
  expect(await first.waiting()).toBe(3);
  await both();
  const [presumed, ...others] = server.take();
  expect(others).toEqual([]);
  expect(presumed?.parsed.text).toMatch(/It was the 1st failed attempt[\s\S]*Browser: unknown/);
  await first.engine.completed({ account: 'alice' }, ['password'], { address: '203.0.113.9' });
  expect(await first.waiting()).toBe(3);
  await both();
  expect(subjects()).toEqual(['Sign-in to your account after a failed attempt']);
  await first.failTimes(2, { address: '203.0.113.20' });
  await first.fail({ address: '203.0.113.21' });
  await both();
  server.take();
  await first.clock.advance(minutes(5));
  await first.engine.sweeper.sweep();
  await both();
  expect(subjects()).toEqual(['You can sign in to your account again']);
});

const ACTOR = { by: 'carol', reason: 'asked' };

/** Two locks of alice: of the account at an address, and a moment later of the account. */
async function lockTwice(app: MailApp, apartMs = 0): Promise<readonly string[]> {
  await app.failTimes(2, { address: '203.0.113.20' });
  await app.clock.advance(apartMs);
  await app.fail({ address: '203.0.113.21' });
  await app.deliver();
  server.take();
  const { items } = await app.engine.options.store.list({ type: 'locked', limit: 5 });
  return items.map(({ key }) => key);
}

test.each([
  ['each is delivered at once', true],
  ['both are delivered late', false],
])('of two locks that are lifted a moment apart the last is told, where %s', async (_when, isAtOnce) => {
  const [first] = await startTwo();
  const keys = await lockTwice(first);
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    await first.clock.advance(3_000);
    await first.engine.accounts.unlockRecord(key, ACTOR);
    if (isAtOnce) await first.deliver();
  }
  await first.deliver();
  const [cleared, ...others] = server.take();
  expect(others).toEqual([]);
  expect(cleared?.parsed.subject).toBe('Your account is unlocked');
});

test('of two locks that end a moment apart the last is told', async () => {
  const [first] = await startTwo({ send: { expired: true } });
  await lockTwice(first, 3_000);
  await first.clock.advance(minutes(5) - 2_000);
  await first.engine.sweeper.sweep();
  expect(await first.deliver()).toBe(1);
  expect(subjects()).toEqual([]);
  await first.clock.advance(2_000);
  await first.engine.sweeper.sweep();
  await first.deliver();
  expect(subjects()).toEqual(['You can sign in to your account again']);
});

test('and once, though the end of the last is recorded after the mail', async () => {
  const [first] = await startTwo({ send: { expired: true } });
  await first.failTimes(2);
  await first.deliver();
  server.take();
  const [pair] = (await first.engine.options.store.list({ type: 'locked', limit: 1 })).items;
  if (pair?.event.type !== 'locked') throw new Error('Nothing was locked.');
  await first.clock.advance(minutes(5));
  await first.engine.sweeper.sweep();
  await first.deliver();
  expect(subjects()).toEqual(['You can sign in to your account again']);
  // As another process writes it that sweeps at the same time.
  const swap = {
    key: 'ab'.repeat(32) as never,
    expected: null,
    version: 'cd'.repeat(8),
    state: await anyState(first),
    facts: pair.facts,
    keepUntil: null,
    events: [{ type: 'expired', at: (pair.event.until ?? 0) + 1_000 }],
    deliverTo: [['mail']],
  } as const;
  await first.engine.options.store.compareAndSwap([swap], { now: first.clock.now() });
  expect(await first.deliver()).toBe(1);
  expect(subjects()).toEqual([]);
});
