import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import type { Realm } from './visitor.js';

const MINUTE = 60_000;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('where lockout events go, without a mail server', () => {
  let receiver: WebhookReceiver;
  let server: DemoServer;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    const environment = { LOCKOUT_WEBHOOK_URL: receiver.url, LOCKOUT_WEBHOOK_SECRET: SECRET };
    // The receiver looks at the real clock: what was signed long ago is refused.
    server = await DemoServer.start({ environment, now: Date.now() });
  });

  afterEach(async () => {
    await server.close();
    await receiver.close();
  });

  const lock = async (realm?: Realm): Promise<void> => {
    for (let n = 0; n < 6; n += 1) await server.visitor().login('alice', 'wrong', realm);
    await server.deliver();
  };

  test('the mailbox has the lock notice, whose link unlocks; a mail that is delivered again is there once', async () => {
    await lock();
    const visitor = server.visitor();
    const [notice, ...others] = await visitor.mails('alice');
    expect(others).toEqual([]);
    expect(notice?.subject).toBe('Sample app: Sign-in to your account is locked');
    const [, token = ''] = /\/lockout\/unlock\?token=([\w-]+)/.exec(notice?.text ?? '') ?? [];
    expect(notice?.html).toContain(token);
    expect((await visitor.post('/lockout/unlock', { token })).body).toEqual({ unlocked: true });
    await server.deliver();
    expect((await visitor.mails('alice')).map(({ subject }) => subject).sort()).toEqual([
      'Sample app: Sign-in to your account is locked',
      'Sample app: Your account is unlocked',
    ]);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
    // Her namesake has a mailbox of her own (OS-8).
    await lock('it');
    expect(await visitor.mails('alice', 'it')).toHaveLength(1);
    expect(await visitor.mails('alice')).toHaveLength(2);
  });

  test('the user’s row has the end of the last lock: none, in the future, then when it was lifted (R5-13)', async () => {
    const alice = server.visitor();
    await alice.login('alice', PASSWORD);
    const ends = async () => {
      const { lockoutEndDate, storedLockoutEndDate } = (await alice.get('/me')).body;
      return [lockoutEndDate, storedLockoutEndDate];
    };
    expect(await ends()).toEqual([null, null]);
    await lock();
    const end = new Date(server.now + 5 * MINUTE).toISOString();
    expect(await ends()).toEqual([end, end]);
    server.advance(MINUTE);
    const lifted = new Date(server.now).toISOString();
    await (await AdminConsole.open(server)).unlock('alice');
    await server.deliver();
    expect(await ends()).toEqual([lifted, lifted]);
  });

  test('events are posted, signed; and a sign-in after many failures is in the log, without a name', async () => {
    const lines: string[] = [];
    const write = (line: unknown): void => {
      lines.push(String(line));
    };
    server.app.useLogger({ log: () => {}, warn: write, error: write });
    await lock();
    server.advance(5 * MINUTE);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
    await server.deliver();
    for (const { text, headers } of receiver.requests) {
      new Webhook(SECRET).verify(text, headers as Record<string, string>);
    }
    const types = receiver.requests.map(({ body }) => body['type']);
    expect(types).toEqual(expect.arrayContaining(['lockout.locked', 'lockout.succeeded-after-failures']));
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(lines).toContain('Somebody got in after 6 failures in a row (policy reachfive).');
    expect(lines.join('\n')).not.toContain('alice');
  });
});
