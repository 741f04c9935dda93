import type { Actor } from '../policy/input.js';
import type { AdminAccount, AdminAction, Eligibility, ResolvedAdminOptions } from './admin-options.js';
import { Problem } from './problem.js';
import { Phrasebook } from './sentence.js';

/** Stands for the realm where something concerns all of them: policies, deliveries. No realm has this name. */
export const ALL_REALMS = '*';

/** What is not permitted, where it is of no realm. */
const WHOLE: Readonly<Record<AdminAction, string>> = {
  view: 'view policies',
  unlock: 'unlock in all realms',
  lock: 'lock in all realms',
  erase: 'erase in all realms',
  configure: 'configure policies',
  deliver: 'see or change deliveries',
};

/** Longest name of an administrator that is recorded, in UTF-16 code units: a mail address fits. */
const MAX_ACTOR_LENGTH = 320;

/** By the catalogue, which a mount makes once: its templates are read once. */
const phrasebooks = new WeakMap<object, Phrasebook>();

/** What the application's hooks say about one request. Asked at most once a realm; always before the store is changed. */
export class Permission {
  private readonly answers = new Map<string, Promise<boolean>>();

  constructor(
    private readonly options: ResolvedAdminOptions,
    private readonly request: unknown,
  ) {}

  /** In whose words the administrator is answered. */
  get book(): Phrasebook {
    const { messages } = this.options;
    const book = phrasebooks.get(messages) ?? new Phrasebook(messages);
    phrasebooks.set(messages, book);
    return book;
  }

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
        const what = realm === ALL_REALMS ? WHOLE[action] : `${action} in the realm ${realm}`;
        throw new Problem(403, `You may not ${what}.`, await this.support(realm));
      }
    }
  }

  /** Where to turn about something in this realm, as a member of an answer; none where there is nowhere. */
  async support(realm: string): Promise<{ readonly support?: string }> {
    const support: unknown = await this.options.support(realm, this.request);
    return typeof support === 'string' && support !== '' ? { support } : {};
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

  /** Who asks; null: the application gives no name that could be recorded. */
  async name(): Promise<string | null> {
    const by: unknown = await this.options.actor(this.request);
    return typeof by === 'string' && by.trim() !== '' && by.length <= MAX_ACTOR_LENGTH ? by : null;
  }

  /** Who acts, and why. Throws for a name that is none: a change that nobody made is not made. */
  async actor(reason: string): Promise<Actor> {
    const by = await this.name();
    if (by !== null) return { by, reason };
    throw new Error(
      `LockoutAdminModule actor(request) must answer a name of 1 to ${MAX_ACTOR_LENGTH} characters; nothing was changed.`,
    );
  }

  private async ask(action: AdminAction, realm: string): Promise<boolean> {
    return (await this.options.can(action, realm, this.request)) === true;
  }
}
