import { afterEach, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  LockoutConfigError,
  LockoutEngine,
  LockoutModule,
  LockoutNotifier,
  LockoutUnlockLinkModule,
} from 'nestjs-lockout';
import { LockoutMailModule, MailSink } from 'nestjs-lockout/mail';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { policy, SECRET } from '../../support/login-app.js';
import { MailApp } from './mail-app.js';

let app: MailApp | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

const problems = async (start: Promise<MailApp>): Promise<readonly string[]> => {
  try {
    app = await start;
    return [];
  } catch (error) {
    if (error instanceof LockoutConfigError) return error.problems;
    throw error;
  }
};

test('an application without labels does not start: there would be nobody to mail', async () => {
  expect(await problems(MailApp.start({ mail: {}, lockout: { labels: false } }))).toEqual([
    expect.stringMatching(/mail.*labels/s),
  ]);
});

test('nor one whose store keeps neither quotas nor links, where they are asked for', async () => {
  const store = new MemoryLockoutStore(new FakeClock().now);
  for (const method of ['takeQuota', 'saveUnlockLink']) Object.defineProperty(store, method, { value: null });
  const mail = { links: { url: 'https://example.com/unlock' } };
  expect(await problems(MailApp.start({ mail, lockout: { store } }))).toEqual([
    'LockoutMailModule: the store keeps no quotas, by which mails to one recipient are limited.',
    'LockoutMailModule: links are asked for, but the store keeps no unlock links: leave `links` out.',
  ]);
});

test('everything that is wrong with the options is told at once', async () => {
  const wrong = {
    transport: '',
    from: 'nobody',
    recipient: undefined as never,
    texts: { de: { 'lock.subjekt': 'x' } as never },
  };
  expect(await problems(Promise.resolve().then(() => MailApp.start({ mail: wrong })))).toHaveLength(4);
});

test('a transporter of the application’s own sends, from options that another module has, and is left open', async () => {
  const messages: object[] = [];
  const transporter = {
    isClosed: false,
    sendMail: async (message: object): Promise<void> => void messages.push(message),
    close(): void {
      this.isClosed = true;
    },
  };
  @Module({ providers: [{ provide: 'POST', useValue: transporter }], exports: ['POST'] })
  class PostModule {}
  const clock = new FakeClock();
  const testing = await Test.createTestingModule({
    imports: [
      LockoutModule.forRoot({
        store: new MemoryLockoutStore(clock.now),
        secrets: [SECRET],
        policies: [policy({ notify: { from: 1 } })],
        labels: true,
        clock,
      }),
      LockoutMailModule.forRootAsync({
        imports: [PostModule],
        inject: ['POST'],
        useFactory: (transport: object) => ({
          transport,
          from: 'security@example.com',
          recipient: ({ account }) => ({ address: `${account}@example.com` }),
        }),
      }),
    ],
  }).compile();
  const sink = testing.get(MailSink);
  expect(sink.name).toBe('mail');
  const signal = new AbortController().signal;
  const engine = testing.get(LockoutEngine);
  const begun = await engine.begin({ account: 'alice', method: 'password' });
  if (!begun.allowed) throw new Error('It was refused.');
  await begun.attempt.fail();
  const { items } = await engine.options.store.list({ limit: 1 });
  for (const recorded of items)
    await sink.deliver({ ...recorded, try: 1, account: 'alice', now: clock.now() }, signal);
  expect(messages).toMatchObject([
    { to: { address: 'alice@example.com' }, disableFileAccess: true, disableUrlAccess: true },
  ]);
  await testing.close();
  expect(transporter.isClosed).toBe(false);
});

test('it may stand before the module that it needs, in a module of its own, and comes up with it', async () => {
  @Module({
    imports: [
      LockoutMailModule.forRoot({
        transport: 'smtp://127.0.0.1:9',
        from: 'security@example.com',
        recipient: () => null,
      }),
    ],
  })
  class PostOffice {}
  const clock = new FakeClock();
  const useFactory = async () => ({
    store: new MemoryLockoutStore(clock.now),
    secrets: [SECRET],
    policies: [policy({ notify: { from: 1 } })],
    labels: true,
    clock,
    sweepIntervalMs: 0,
    delivery: { dispatch: false },
  });
  const testing = await Test.createTestingModule({
    imports: [PostOffice, LockoutUnlockLinkModule.forRoot(), LockoutModule.forRootAsync({ useFactory })],
  }).compile();
  testing.useLogger(false);
  await testing.init();
  const begun = await testing.get(LockoutEngine).begin({ account: 'alice', method: 'password' });
  if (!begun.allowed) throw new Error('It was refused.');
  await begun.attempt.fail();
  expect(await testing.get(LockoutNotifier).outbox?.outboxState()).toMatchObject([
    { sink: 'mail', waiting: 1 },
  ]);
  expect(await testing.get(LockoutNotifier).runOnce()).toBe(1);
  await testing.close();
});
