import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from 'nestjs-lockout';
import type { LockoutMailOptions } from 'nestjs-lockout/mail';
import { minutes } from 'nestjs-lockout/policy';
import { policy } from '../../support/login-app.js';
import { FaultyMailServer } from './faulty-mail-server.js';
import { MailApp } from './mail-app.js';
import { MailRefusal, MailServer } from './mail-server.js';

let server: MailServer;
let app: MailApp;
beforeEach(async () => {
  server = await MailServer.open();
  app = await MailApp.start({ mail: { transport: server.url, budget: { mails: 4 } } });
});
afterEach(async () => {
  await app.close();
  await server.stop();
});

/** Guesses at three accounts, over locks and their ends: what each was told. */
async function attack(target: MailApp): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  for (let round = 0; round < 6; round += 1) {
    for (const account of ['alice', 'bob', 'carol']) {
      for (let guess = 0; guess < 5; guess += 1) {
        told.push(await target.fail({ account }));
        await target.deliver();
      }
      told.push(await target.succeed({ account }));
    }
    await target.clock.advance(minutes(5));
  }
  return told;
}

/** In the order of the alphabet. */
const toWhom = (): readonly string[] =>
  server
    .take()
    .flatMap(({ recipients }) => recipients)
    .sort((a, b) => a.localeCompare(b));

test('a mail server that is down for the whole attack changes no decision and no answer; when it is back, the backlog goes out within the budget', async () => {
  await server.stop();
  const quiet = await MailApp.start({ mail: null });
  const expected = await attack(quiet);
  await quiet.close();
  expect(await attack(app)).toEqual(expected);
  const waiting = await app.waiting();
  // Two failures and the lock, then each failure locks again.
  expect(waiting).toBe(3 * 8);
  expect(await app.dead()).toBe(0);
  await server.start();
  for (let rest = 0; rest < 3; rest += 1) {
    await app.clock.advance(minutes(5));
    await app.deliver();
  }
  expect(toWhom()).toEqual(
    ['alice', 'bob', 'carol'].flatMap((name) => Array.from({ length: 4 }, () => `${name}@example.com`)),
  );
  expect(app.sink.totals.withheld).toBe(waiting - 12);
  expect(await app.waiting()).toBe(0);
  expect(await app.dead()).toBe(0);
});

test('while it is away nobody is mailed and nothing is used up: tries, the budget, the link', async () => {
  await server.stop();
  await app.fail();
  for (let round = 0; round < 12; round += 1) {
    expect(await app.deliver()).toBe(0);
    await app.clock.advance(minutes(5));
  }
  const { items } = (await app.notifier.outbox?.deliveries({ state: 'waiting', limit: 10 })) ?? { items: [] };
  expect(items.map(({ tries, problem }) => ({ tries, problem }))).toEqual([
    {
      tries: 0,
      problem: expect.stringMatching(/The mail server is away \((ESOCKET|ECONN\w+)\)/),
    },
  ]);
  await server.start();
  await app.failTimes(3);
  await app.deliver();
  expect(server.take()).toHaveLength(4);
});

/** How a server takes a connection and loses it. */
const LOSSES: readonly (readonly [string, (socket: Socket) => void])[] = [
  ['hangs up before its greeting', (socket) => socket.end()],
  ['resets before its greeting', (socket) => socket.resetAndDestroy()],
  ['hangs up at the recipient', answering(/^RCPT/)],
  ['takes the text and hangs up before it says so', answering(/^\.$/)],
];

/** Answers as SMTP does, up to a line at which it hangs up. */
function answering(last: RegExp) {
  return (socket: Socket): void => {
    let isText = false;
    socket.write('220 here\r\n');
    createInterface({ input: socket }).on('line', (line) => {
      if (last.test(line)) {
        socket.destroy();
      } else if (!isText) {
        isText = line === 'DATA';
        socket.write(isText ? '354 go on\r\n' : '250 fine\r\n');
      }
    });
  };
}

test.each(LOSSES)(
  'a mail server that %s, however often, costs a mail one part of the budget',
  async (_what, lose) => {
    await app.close();
    app = await MailApp.start({
      mail: { transport: server.url, budget: { mails: 4 } },
      lockout: { policies: [policy({ threshold: 100, notify: { from: 1 } })] },
    });
    const { port } = new URL(server.url);
    await server.stop();
    const away = await FaultyMailServer.start(lose, Number(port));
    await app.fail();
    for (let round = 0; round < 6; round += 1) {
      expect(await app.deliver()).toBe(0);
      await app.clock.advance(minutes(5));
    }
    expect(away.taken).toBe(6);
    await away.stop();
    await server.start();
    await app.failTimes(9);
    await app.deliver();
    expect(toWhom()).toHaveLength(4);
    expect(app.sink.totals.sent).toBe(4);
  },
);

describe('what the server answers', () => {
  test('a recipient that it refuses for good is a dead letter, and the next event of the account is mailed', async () => {
    server.refuseRecipient = () => new MailRefusal(550, 'No such user alice@example.com');
    await app.fail();
    await app.deliver();
    expect(await app.dead()).toBe(1);
    const dead = await app.notifier.outbox?.deliveries({ state: 'dead', limit: 1 });
    expect(dead?.items[0]?.problem).toMatch(/The mail server refused this mail for good: it answered 550\.$/);
    server.refuseRecipient = () => null;
    await app.fail();
    await app.deliver();
    expect(toWhom()).toEqual(['alice@example.com']);
  });

  test('one that it does not take now waits by itself, and nobody else does', async () => {
    server.refuseRecipient = (address) =>
      address.startsWith('alice') ? new MailRefusal(451, 'Greylisted, alice@example.com') : null;
    await app.fail({ account: 'alice' });
    await app.fail({ account: 'bob' });
    await app.deliver();
    expect(toWhom()).toEqual(['bob@example.com']);
    server.refuseRecipient = () => null;
    await app.clock.advance(minutes(60));
    await app.deliver();
    expect(toWhom()).toEqual(['alice@example.com']);
    expect(await app.dead()).toBe(0);
  });

  test.each([
    [421, 'Too busy'],
    [550, 'This sender may not'],
  ])('%i to the sender is trouble of its own: everything waits, and nothing is lost', async (code, text) => {
    server.refuseSender = () => new MailRefusal(code, text);
    await app.fail({ account: 'alice' });
    await app.fail({ account: 'bob' });
    await app.deliver();
    expect(await app.waiting()).toBe(2);
    server.refuseSender = () => null;
    await app.clock.advance(minutes(5));
    await app.deliver();
    expect(toWhom()).toEqual(['alice@example.com', 'bob@example.com']);
  });
});

test('connections are kept for the next mail, and ended when the application shuts down', async () => {
  await app.failTimes(3);
  await app.deliver();
  expect(server.connections).toBe(1);
  await app.close();
  const end = Date.now() + 4_000;
  while (server.connections > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(server.connections).toBe(0);
});

test('a recipient that the application cannot look up is looked up again', async () => {
  let isAway = true;
  await app.close();
  app = await MailApp.start({
    mail: {
      transport: server.url,
      recipient: () => {
        if (isAway) throw new Error('The people are away');
        return { address: 'alice@example.com' };
      },
    },
  });
  await app.fail();
  await app.deliver();
  expect(await app.waiting()).toBe(1);
  isAway = false;
  await app.clock.advance(minutes(60));
  await app.deliver();
  expect(toWhom()).toEqual(['alice@example.com']);
});

const sayNothing = (): void => {};

test('a server that takes connections and says nothing is away as well, and soon', async () => {
  const silent = await FaultyMailServer.start(sayNothing);
  await app.close();
  app = await MailApp.start({ mail: { transport: `smtp://127.0.0.1:${silent.port}?greetingTimeout=50` } });
  await app.fail();
  await app.deliver();
  const { items } = (await app.notifier.outbox?.deliveries({ state: 'waiting', limit: 1 })) ?? { items: [] };
  expect(items[0]?.problem).toMatch(/The mail server is away \(ETIMEDOUT\)/);
  await silent.stop();
});

test('nor does one use up a try, however many mails wait for it', async () => {
  const silent = await FaultyMailServer.start(sayNothing);
  await app.close();
  app = await MailApp.start({
    mail: { transport: `smtp://127.0.0.1:${silent.port}?greetingTimeout=300` },
    // Twelve times five mails at once would take longer than this.
    lockout: { clock: systemClock, delivery: { dispatch: false, timeoutMs: 2_000 } },
  });
  for (let n = 0; n < 60; n += 1) await app.fail({ account: `account-${n}` });
  await app.deliver();
  const { items } = (await app.notifier.outbox?.deliveries({ state: 'waiting', limit: 100 })) ?? {
    items: [],
  };
  expect(items.map(({ tries }) => tries)).toEqual(Array.from({ length: 60 }, () => 0));
  expect(new Set(items.map(({ problem }) => problem))).toEqual(
    new Set(['The mail server is away (ETIMEDOUT).']),
  );
  expect(silent.taken).toBe(5);
  await silent.stop();
});

test.each<[string, Partial<LockoutMailOptions>, string]>([
  [
    'looks recipients up',
    {
      recipient: () => {
        throw Object.assign(new TypeError('no row for alice, phone 0900 123456'), { code: 'ER_NO_ROW' });
      },
    },
    'Error: `recipient` threw TypeError ER_NO_ROW.',
  ],
  [
    'sends',
    {
      transport: {
        sendMail: async ({ to }: { to: { address: string } }) => {
          throw new Error(`not to <${to.address.toUpperCase()}>`);
        },
      },
    },
    'Error: The transport threw Error.',
  ],
])(
  'what throws in the application as it %s is kept by class and code, not in its words',
  async (_what, mail, problem) => {
    await app.close();
    app = await MailApp.start({ mail });
    await app.fail();
    await app.deliver();
    const { items } = (await app.notifier.outbox?.deliveries({ state: 'waiting', limit: 2 })) ?? {
      items: [],
    };
    expect(items.map((item) => item.problem)).toEqual([problem]);
  },
);

test('a mail whose time is up is not sent behind the back of whoever tries it again', async () => {
  await app.fail();
  const { items } = await app.engine.options.store.list({ limit: 1 });
  const [recorded] = items;
  if (!recorded) throw new Error('Nothing was recorded.');
  const late = new AbortController();
  let isAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  server.refuseRecipient = () => {
    late.abort(new Error('The time is up'));
    isAsked();
    return null;
  };
  const delivery = { ...recorded, try: 1, account: 'alice', now: app.clock.now() };
  await expect(app.sink.deliver(delivery, late.signal)).rejects.toThrow(/abort/i);
  await asked;
  await expect(app.sink.deliver(delivery, late.signal)).rejects.toThrow('The time is up');
  expect(server.take()).toEqual([]);
  server.refuseRecipient = () => null;
  expect(app.sink.totals).toEqual({ sent: 0, withheld: 0 });
  await app.failTimes(5);
  await app.deliver();
  expect(server.take().length).toBeGreaterThanOrEqual(3);
});
