import type { Actor } from '../policy/input.js';
import type { AdminAccount, AdminAction, Eligibility, ResolvedAdminOptions } from './admin-options.js';
import { Problem } from './problem.js';

/** Longest name of an administrator that is recorded, in UTF-16 code units: a mail address fits. */
const MAX_ACTOR_LENGTH = 320;

/** What the application's hooks say about one request. Asked at most once a realm; always before the store is changed. */
export class Permission {
  private readonly answers = new Map<string, Promise<boolean>>();

  constructor(
    private readonly options: ResolvedAdminOptions,
    private readonly request: unknown,
  ) {}

  allows(action: AdminAction, realm: string): Promise<boolean> {
    const question = `${action} ${realm}`;
    const asked = this.answers.get(question);
    if (asked) return asked;
    const answer = this.ask(action, realm);
    this.answers.set(question, answer);
    return answer;
  }

  /** @throws {Problem} 403. */
  async require(action: AdminAction, realms: Iterable<string>): Promise<void> {
    for (const realm of new Set(realms)) {
      if (!(await this.allows(action, realm))) {
        throw new Problem(403, `You may not ${action} in the realm ${realm}.`);
      }
    }
  }

  /** Why the account may not be unlocked; null: it may. */
  async ineligibility({ id, realm, account, known }: AdminAccount): Promise<string | null> {
    const answer: Eligibility | undefined = await this.options.canUnlock(
      { id, realm, account, known },
      this.request,
    );
    // Anything but a clear yes is a no.
    if (answer?.unlockable === true) return null;
    return answer?.reason || 'not-unlockable';
  }

  /** Who acts, and why. Throws for a name that is none: a change that nobody made is not made. */
  async actor(reason: string): Promise<Actor> {
    const by: unknown = await this.options.actor(this.request);
    if (typeof by === 'string' && by.trim() !== '' && by.length <= MAX_ACTOR_LENGTH) return { by, reason };
    throw new Error(
      `LockoutAdminModule actor(request) must answer a name of 1 to ${MAX_ACTOR_LENGTH} characters; nothing was changed.`,
    );
  }

  private async ask(action: AdminAction, realm: string): Promise<boolean> {
    return (await this.options.can(action, realm, this.request)) === true;
  }
}
