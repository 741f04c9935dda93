import type { DemoServer } from './demo-server.js';
import { PASSWORD } from './demo-server.js';
import type { Answer, Realm, Visitor } from './visitor.js';

const ADMIN_HEADER = { 'X-Lockout-Admin': '1' };

/** The administrators there are, and the realm that each signs in to. */
const HOME = { admin: 'default', 'user-manager': 'default', 'it-admin': 'it' } as const;

export type Administrator = keyof typeof HOME;

/** An account, as bulk calls name it. */
export interface Named {
  readonly realm: Realm;
  readonly account: string;
}

/** An administrator, signed in. */
export class AdminConsole {
  private constructor(readonly visitor: Visitor) {}

  static async open(
    server: Pick<DemoServer, 'visitor'>,
    who: Administrator = 'admin',
  ): Promise<AdminConsole> {
    const visitor = server.visitor();
    const { status } = await visitor.login(who, PASSWORD, HOME[who]);
    if (status !== 200) throw new Error(`${who} cannot sign in: ${status}.`);
    return new AdminConsole(visitor);
  }

  locked(): Promise<Answer> {
    return this.visitor.get('/lockout/accounts?state=locked&limit=100');
  }

  addresses(): Promise<Answer> {
    return this.visitor.get('/lockout/addresses?limit=100');
  }

  inspect(account: string, realm: Realm = 'default'): Promise<Answer> {
    return this.visitor.get(`/lockout/accounts/${realm}/${encodeURIComponent(account)}`);
  }

  unlock(account: string, realm: Realm = 'default'): Promise<Answer> {
    return this.change(`/lockout/accounts/${realm}/${encodeURIComponent(account)}/unlock`, {});
  }

  unlockTogether(accounts: readonly Named[]): Promise<Answer> {
    return this.change('/lockout/accounts/unlock', { accounts });
  }

  unlockAddresses(addresses: readonly string[], realm: Realm = 'default'): Promise<Answer> {
    return this.change('/lockout/addresses/unlock', { realm, addresses });
  }

  /** Until an administrator unlocks it. */
  lock(account: string, realm: Realm = 'default'): Promise<Answer> {
    const path = `/lockout/accounts/${realm}/${encodeURIComponent(account)}/lock`;
    return this.change(path, { until: null });
  }

  erase(account: string, realm: Realm = 'default'): Promise<Answer> {
    return this.change(`/lockout/accounts/${realm}/${encodeURIComponent(account)}/erase`, {
      confirm: account,
    });
  }

  private change(path: string, body: object): Promise<Answer> {
    return this.visitor.post(path, { ...body, reason: 'called us' }, ADMIN_HEADER);
  }
}
