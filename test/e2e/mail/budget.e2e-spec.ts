import { afterEach, expect, test } from '@jest/globals';
import { hours } from 'nestjs-lockout/policy';
import { MemoryLockoutStore } from 'nestjs-lockout/testing';
import { policy } from '../../support/login-app.js';
import { MailApp } from './mail-app.js';
import { MailRefusal } from './mail-server.js';
import { sharedMailServer } from './shared-mail-server.js';

const server = sharedMailServer();
const apps: MailApp[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

/** Nothing locks, and every failure is told. */
const endless = policy({ threshold: 1_000_000, notify: { from: 1, successAfter: 1 } });

const start = async (...[first, ...rest]: Parameters<typeof MailApp.start>): Promise<MailApp> => {
  const app = await MailApp.start(
    {
      ...first,
      mail: { transport: server.url, ...first.mail },
      lockout: { policies: [endless], ...first.lockout },
    },
    ...rest,
  );
  apps.push(app);
  return app;
};

test('a thousand events are as many mails as the budget has, the last says so, and the next window has as many again', async () => {
  const app = await start({ mail: {} });
  await app.failTimes(1_000);
  await app.deliver();
  const mails = server.take();
  expect(mails).toHaveLength(10);
  expect(
    mails.map(({ parsed }) => /the last mail of this kind for up to 1 hour/.test(parsed.text ?? '')),
  ).toEqual([...Array.from({ length: 9 }, () => false), true]);
  expect(app.sink.totals).toEqual({ sent: 10, withheld: 990 });
  expect(await app.waiting()).toBe(0);
  await app.clock.advance(hours(1) - 1);
  await app.fail();
  await app.deliver();
  expect(server.take()).toEqual([]);
  await app.clock.advance(1);
  await app.failTimes(11);
  await app.deliver();
  expect(server.take()).toHaveLength(10);
});

test('it is one budget for all processes and for all accounts of a recipient, whatever the case of the address; realms are apart', async () => {
  const one = await start({
    mail: { budget: { mails: 3 }, recipient: () => ({ address: 'Owner@example.com' }) },
  });
  const { store } = one.engine.options;
  const two = await start({
    clock: one.clock,
    lockout: { store },
    mail: { budget: { mails: 3 }, recipient: () => ({ address: 'owner@EXAMPLE.com' }) },
  });
  for (const account of ['a', 'b', 'c', 'd', 'e', 'f']) await one.failTimes(2, { account });
  await Promise.all([one.deliver(), two.deliver()]);
  expect(server.take()).toHaveLength(3);
  expect(one.sink.totals.withheld + two.sink.totals.withheld).toBe(9);
  for (const app of [one, two]) {
    await app.fail({ account: 'g' });
    await app.deliver();
  }
  expect(server.take()).toEqual([]);
  await one.failTimes(4, { realm: 'staff' });
  await one.deliver();
  expect(server.take()).toHaveLength(3);
});

test('who used up the budget with failures and then gets in is told of all the same', async () => {
  const app = await start({ mail: { budget: { mails: 1 } } });
  await app.failTimes(20);
  await app.deliver();
  expect(server.take().map(({ parsed }) => parsed.text)).toEqual([expect.stringMatching(/the last mail/)]);
  await app.succeed();
  await app.deliver();
  expect(server.take().map(({ parsed }) => parsed.subject)).toEqual([
    'Sign-in to your account after 20 failed attempts',
  ]);
});

test('a mail that is sent again, because a process died before it could note that it was sent, takes no second part', async () => {
  const app = await start({ mail: { budget: { mails: 2 } } });
  await app.failTimes(3);
  const { items } = await app.engine.options.store.list({ limit: 10 });
  const [first, ...others] = items.toReversed();
  if (!first) throw new Error('Nothing was recorded.');
  const signal = AbortSignal.timeout(5_000);
  for (const recorded of [first, first, first, ...others])
    await app.sink.deliver({ ...recorded, try: 1, account: 'alice', now: app.clock.now() }, signal);
  expect(server.take().map(({ parsed }) => /the last mail/.test(parsed.text ?? ''))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(app.sink.totals).toEqual({ sent: 4, withheld: 1 });
  await app.sink.deliver({ ...first, try: 1, account: 'alice', now: app.clock.now() }, signal);
  expect(server.take()).toHaveLength(1);
});

test('a mail that the server refuses leaves its part to the next', async () => {
  const app = await start({ mail: { budget: { mails: 1 } } });
  server.refuseRecipient = () => new MailRefusal(550, 'No such user');
  await app.fail();
  await app.deliver();
  expect(await app.dead()).toBe(1);
  server.refuseRecipient = () => null;
  await app.fail();
  await app.deliver();
  expect(server.take()).toHaveLength(1);
});

test('an id of a budget in the store tells nobody whose it is', async () => {
  const taken: string[] = [];
  class Watched extends MemoryLockoutStore {
    override takeQuota(...[id, ...rest]: Parameters<MemoryLockoutStore['takeQuota']>): Promise<boolean> {
      taken.push(id);
      return super.takeQuota(id, ...rest);
    }
  }
  for (const secret of ['a', 'b']) {
    const app = await start({
      mail: {},
      lockout: { store: new Watched(() => 1_900_000_000_000), secrets: [secret.repeat(40)] },
    });
    await app.fail();
    await app.deliver();
  }
  // Of the recipient and of the mail, under each secret.
  expect(new Set(taken).size).toBe(4);
});
