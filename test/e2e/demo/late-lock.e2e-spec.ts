import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Challenges } from '../../../apps/demo/src/challenges/challenges.js';
import { Users } from '../../../apps/demo/src/users/users.js';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import { hold } from './hold.js';

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
