import type { DemoServer } from './demo-server.js';
import { PASSWORD } from './demo-server.js';
import type { Answer, Visitor } from './visitor.js';

/** The administrator, signed in. */
export class AdminConsole {
  private constructor(readonly visitor: Visitor) {}

  static async open(server: DemoServer): Promise<AdminConsole> {
    const visitor = server.visitor();
    const { status } = await visitor.login('admin', PASSWORD);
    if (status !== 200) throw new Error(`The administrator cannot sign in: ${status}.`);
    return new AdminConsole(visitor);
  }

  locked(): Promise<Answer> {
    return this.visitor.get('/lockout/accounts?state=locked');
  }

  inspect(account: string): Promise<Answer> {
    return this.visitor.get(`/lockout/accounts/default/${encodeURIComponent(account)}`);
  }

  unlock(account: string): Promise<Answer> {
    const path = `/lockout/accounts/default/${encodeURIComponent(account)}/unlock`;
    return this.visitor.post(path, { reason: 'called us' }, { 'X-Lockout-Admin': '1' });
  }
}
