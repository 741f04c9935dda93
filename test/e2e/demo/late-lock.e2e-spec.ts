import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Challenges } from '../../../apps/demo/src/challenges/challenges.js';
import { Users } from '../../../apps/demo/src/users/users.js';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';

/** Lets `target[method]` run to its end, and then holds its answer until `open` is called. */
function hold<T extends object>(
  target: T,
  method: keyof T,
): { readonly reached: Promise<void>; open(): void } {
  const original = target[method] as (...parameters: unknown[]) => Promise<unknown>;
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const held = async (...parameters: unknown[]): Promise<unknown> => {
    const answer = await original.apply(target, parameters);
    arrive();
    await gate;
    return answer;
  };
  target[method] = held as T[keyof T];
  return { reached, open };
}

describe('an account that is locked while its right credential is being verified (R6)', () => {
  let server: DemoServer;
  let admin: AdminConsole;

  beforeEach(async () => {
    server = await DemoServer.start();
    admin = await AdminConsole.open(server);
  });

  afterEach(async () => {
    await server.close();
  });

  const lock = () =>
    admin.visitor.post(
      '/lockout/accounts/default/alice/lock',
      { until: null, reason: 'stolen laptop' },
      { 'X-Lockout-Admin': '1' },
    );

  test('a password signs nobody in', async () => {
    const alice = server.visitor();
    const held = hold(server.app.get(Users, { strict: false }), 'verifyPassword');
    const answer = alice.login('alice', PASSWORD);
    await held.reached;
    expect((await lock()).status).toBe(200);
    held.open();
    expect((await answer).status).toBe(429);
    expect(alice.cookies.size).toBe(0);
  });

  test('a code signs nobody in', async () => {
    const alice = server.visitor();
    await alice.post('/auth/otp/request', { username: 'alice' });
    const code = await alice.mailedCode('alice');
    const held = hold(server.app.get(Challenges, { strict: false }), 'redeemCode');
    const answer = alice.post('/auth/otp', { username: 'alice', code });
    await held.reached;
    expect((await lock()).status).toBe(200);
    held.open();
    expect((await answer).status).toBe(429);
    expect(alice.cookies.size).toBe(0);
  });
});
