import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock } from 'nestjs-lockout';
import { serversOf, type TestDatabase } from '../../support/databases.js';
import { policy } from '../../support/login-app.js';
import { migratedDatabase, openStore } from '../../support/typeorm-store.js';
import { MailApp } from './mail-app.js';
import { MailServer } from './mail-server.js';

const [postgres] = serversOf('PostgreSQL');

let server: MailServer;
let database: TestDatabase;
const closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  if (!postgres) throw new Error('There is no PostgreSQL.');
  server = await MailServer.open();
  database = await migratedDatabase(postgres);
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  await database.drop();
  await server.stop();
});

async function startProcess(): Promise<MailApp> {
  const { store, close } = await openStore(database.options);
  closing.push(close);
  const app = await MailApp.start({
    mail: { transport: server.url, budget: { mails: 1_000 } },
    lockout: {
      store,
      clock: systemClock,
      waitMs: 1_000,
      delivery: { pollMs: 20 },
      policies: [
        policy({ threshold: 100, notify: { from: 1 } }),
        policy({ name: 'pair', scope: ['account', 'address'], notify: { from: 1 } }),
      ],
    },
  });
  closing.push(() => app.close());
  return app;
}

test('guesses side by side at two processes on one database are one mail for each failure that counted, each sent once', async () => {
  const first = await startProcess();
  const second = await startProcess();
  const guesses = Array.from({ length: 24 }, (_, n) =>
    (n % 2 === 0 ? first : second).fail({ address: `203.0.113.${n % 6}` }),
  );
  await Promise.all(guesses);
  const { items } = await first.engine.options.store.list({ limit: 200 });
  const attempts = new Map<string, string>();
  for (const { event } of items) {
    if (event.type !== 'failed' && event.type !== 'locked') continue;
    const attempt = event.origin?.attempt ?? '';
    if (event.type === 'locked' || !attempts.has(attempt)) attempts.set(attempt, event.type);
  }
  expect(attempts.size).toBeGreaterThan(10);
  const end = Date.now() + 30_000;
  while ((await first.waiting()) > 0 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await first.waiting()).toBe(0);
  const mails = server.take();
  const locks = mails.filter(({ parsed }) => parsed.subject === 'Sign-in to your account is locked');
  expect(mails).toHaveLength(attempts.size);
  expect(locks).toHaveLength(Array.from(attempts.values()).filter((type) => type === 'locked').length);
  expect(new Set(mails.map(({ parsed }) => parsed.messageId)).size).toBe(attempts.size);
});
