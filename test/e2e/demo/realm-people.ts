import { expect } from '@jest/globals';
import { type DemoServer, PASSWORD } from './demo-server.js';
import type { Realm, Visitor } from './visitor.js';

export const CUSTOMERS = 'default';
export const STAFF = 'it';
export const REALMS: readonly Realm[] = [CUSTOMERS, STAFF];

/** What people of both realms do at the server that runs, under the policies that the app itself chooses. */
export function realmPeople(server: () => DemoServer) {
  const login = async (username: string, realm: Realm, password = PASSWORD): Promise<number> =>
    (await server().visitor().login(username, password, realm)).status;

  /** Somebody who is in. */
  const signedIn = async (username: string, realm: Realm): Promise<Visitor> => {
    const visitor = server().visitor();
    expect((await visitor.login(username, PASSWORD, realm)).status).toBe(200);
    return visitor;
  };

  /** Six wrong guesses, and then the right password is refused. */
  const lock = async (username: string, realm: Realm): Promise<void> => {
    for (let guess = 0; guess < 6; guess += 1) expect(await login(username, realm, 'wrong')).toBe(401);
    expect(await login(username, realm)).toBe(429);
  };

  return { login, signedIn, lock };
}
