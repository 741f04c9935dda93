import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Users } from '../../../apps/demo/src/users/users.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import { hold } from './hold.js';
import type { Visitor } from './visitor.js';

const NEW = 'a new battery staple';

describe('a completed password reset and the sessions of who knew the old password (R46)', () => {
  let server: DemoServer;
  let users: Users;
  let owner: Visitor;

  beforeEach(async () => {
    server = await DemoServer.start();
    users = server.app.get(Users, { strict: false });
    owner = server.visitor();
  });

  afterEach(async () => {
    await server.close();
  });

  const reset = async (): Promise<number> => {
    await owner.post('/auth/password/forgot', { username: 'alice' });
    const token = await owner.mailedToken('alice');
    return (await owner.post('/auth/password/reset', { token, password: NEW })).status;
  };

  const me = async (visitor: Visitor): Promise<number> => (await visitor.get('/me')).status;

  test('a login verified against the old password that finishes after the reset has no valid session', async () => {
    const thief = server.visitor();
    const held = hold(users, 'verifyPassword');
    const answer = thief.login('alice', PASSWORD);
    await held.reached;
    expect(await reset()).toBe(200);
    held.open();
    await answer;
    expect(await me(thief)).toBe(401);
    // Nor does it come to life when the owner signs in, whose session works.
    expect((await owner.login('alice', NEW)).status).toBe(200);
    expect([await me(owner), await me(thief)]).toEqual([200, 401]);
  });

  test('a session made between the new password and the end of the old sessions is out as well', async () => {
    const thief = server.visitor();
    const verified = hold(users, 'verifyPassword');
    const answer = thief.login('alice', PASSWORD);
    await verified.reached;
    const stored = hold(users, 'storePasswordHash');
    const done = reset();
    await stored.reached;
    verified.open();
    await answer;
    const between = await me(thief);
    stored.open();
    expect(await done).toBe(200);
    expect([between, await me(thief)]).toEqual([401, 401]);
  });

  test('sessions opened before it are out, by whatever they were opened; those of others stay', async () => {
    const byPassword = server.visitor();
    await byPassword.login('alice', PASSWORD);
    const byLink = server.visitor();
    await byLink.post('/auth/magic-link/request', { username: 'alice' });
    await byLink.post('/auth/magic-link', { token: await byLink.mailedToken('alice') });
    const bob = server.visitor();
    await bob.login('bob', PASSWORD);
    expect([await me(byPassword), await me(byLink), await me(bob)]).toEqual([200, 200, 200]);
    server.advance(1);
    expect(await reset()).toBe(200);
    expect([await me(byPassword), await me(byLink), await me(bob)]).toEqual([401, 401, 200]);
    expect((await owner.login('alice', NEW)).status).toBe(200);
    expect(await me(owner)).toBe(200);
  });
});
