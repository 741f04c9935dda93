import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { Actor } from '../policy/input.js';
import type { Quotas } from '../store/quotas.js';
import { StoreError } from '../store/store-error.js';
import type { UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';
import { type CatchingUp, onceCaughtUp } from './catching-up.js';
import { LinkedLocks, type LinkedLocksParts } from './linked-locks.js';
import type { PolicySource } from './policy-book.js';
import type { ResolvedUnlockLinkOptions } from './unlock-link-options.js';
import { digestOfToken, freshToken, sha256 } from './unlock-token.js';

/** A lock that a link is asked for: what a `locked` event and its facts tell. */
export interface LinkedLock {
  /** The event's key. */
  readonly key: string;
  /** When the lock began, epoch ms: `at` of the event. */
  readonly since: number;
  readonly realm: string;
  /** Null: the lock is of an address, and opened by nobody but an administrator. */
  readonly accountHash: SubjectHash | null;
}

/** What a link would open. */
export interface UnlockLinkView {
  readonly realm: string;
  /** When the lock ends by itself, epoch ms; null: until unlocked. */
  readonly until: number | null;
  /** When the link ends, epoch ms. */
  readonly expiresAt: number;
}

/** Whose lock was lifted. */
export interface RedeemedLock {
  readonly key: LockoutKey;
  readonly realm: string;
  readonly accountHash: SubjectHash;
  /** The plain account; null unless the application keeps labels (P10). */
  readonly account: string | null;
}

/**
 * What became of a link that was used. `unknown`: there is no such link: never was, altered, used, or expired. `over`: its
 * lock is not in force any more, or may not be lifted by a link. `cap`: as many locks of the account were lifted by links
 * today as may be; the link stays.
 */
export type Redeemed =
  | { readonly unlocked: true; readonly lock: RedeemedLock }
  | { readonly unlocked: false; readonly reason: 'unknown' | 'over' | 'cap' };

export interface UnlockLinksParts extends LinkedLocksParts, CatchingUp {
  readonly policies: PolicySource & CatchingUp['policies'];
  /** Null: the store keeps no links, or no quotas. */
  readonly links: UnlockLinkStore | null;
  readonly quotas: Quotas | null;
  readonly options: ResolvedUnlockLinkOptions;
  /** So many random bytes that never repeat, as hex. */
  readonly random: (bytes: number) => string;
}

const DAY_MS = 86_400_000;
const OWNER: Actor = Object.freeze({ by: 'owner', reason: 'unlock link' });
const refused = (reason: 'unknown' | 'over' | 'cap'): Redeemed => ({ unlocked: false, reason });

/** Under which the locks of an account are counted that links lifted. */
const capOf = (account: SubjectHash): string => sha256(`unlock links of ${account}`);

/**
 * Links that let the owner of an account lift one lock (R45). The token is the secret: 256 bits, kept as a digest only,
 * used once. All methods reject with LockoutUnavailableError when the store does not answer: nothing is lifted then.
 */
export class UnlockLinks {
  private readonly locks: LinkedLocks;

  constructor(private readonly parts: UnlockLinksParts) {
    this.locks = new LinkedLocks(parts);
  }

  /** Whether the store keeps links at all. */
  get isSupported(): boolean {
    return this.parts.links !== null && this.parts.quotas !== null;
  }

  /**
   * A new link's token, base64url of 32 bytes; null where none may be had: the lock is over or watches only, an
   * administrator set it, the policy's `selfService` forbids it (by default for indefinite ones), as many locks of the
   * account were lifted by links today as may be, or the store keeps no links. Each call makes another link.
   */
  async issue({ since, realm, accountHash, ...event }: LinkedLock): Promise<string | null> {
    const { links, quotas, random } = this.parts;
    const { lifeMs, perDay } = this.parts.options;
    if (!links || !quotas || accountHash === null || perDay === 0) return null;
    const key = event.key as LockoutKey;
    return onceCaughtUp(this.parts, async () => {
      const standing = await this.locks.find({ key, since, accountHash }, OWNER);
      if (!standing || (await quotas.quotaTaken(capOf(accountHash))) >= perDay) return null;
      const { token, digest } = freshToken(random);
      const { now, lock } = standing;
      const expiresAt = Math.min(now + lifeMs, lock.until ?? Number.POSITIVE_INFINITY);
      await links.saveUnlockLink({ digest, key, since, realm, accountHash, expiresAt });
      return token;
    });
  }

  /** What the link would open; null: nothing, whatever the reason. Changes nothing, however often: for GET. */
  async look(token: unknown): Promise<UnlockLinkView | null> {
    const { links } = this.parts;
    const digest = digestOfToken(token);
    if (!links || digest === null) return null;
    return onceCaughtUp(this.parts, async () => {
      const found = await links.findUnlockLink(digest);
      if (!found) return null;
      const standing = await this.locks.find(found.link, OWNER);
      const { realm, expiresAt } = found.link;
      return standing && { realm, until: standing.lock.until, expiresAt };
    });
  }

  /**
   * Lifts the link's lock, with its count and escalation as an unlock does, in one swap; then drops the link. Of any number
   * that redeem at once one is told `unlocked`. A process that dies in between leaves a link whose lock is gone.
   */
  async redeem(token: unknown, actor: Actor = OWNER): Promise<Redeemed> {
    const { links, quotas, options } = this.parts;
    const digest = digestOfToken(token);
    if (!links || !quotas || digest === null) return refused('unknown');
    return onceCaughtUp(this.parts, async () => {
      const found = await links.findUnlockLink(digest);
      if (!found) return refused('unknown');
      const { key, realm, accountHash } = found.link;
      const cap = capOf(accountHash);
      // Before the lock is lifted, so that no two processes lift one too many; who dies in between has used one up.
      if (options.perDay === 0 || !(await quotas.takeQuota(cap, options.perDay, DAY_MS)))
        return refused('cap');
      const lifted = await this.locks.lift(found.link, actor).catch(async (error: unknown) => {
        await spare(this.giveBackAfter(error, found.link, quotas));
        throw error;
      });
      if (!lifted) await spare(quotas.returnQuota(cap));
      // Used, or good for nothing any more.
      await spare(links.dropUnlockLink(digest));
      if (!lifted) return refused('over');
      return { unlocked: true, lock: { key, realm, accountHash, account: lifted.accountLabel } };
    });
  }

  /**
   * Gives the part of a lift that failed back, where the lock certainly stands: the link stays good. What was not answered
   * in time may still be done, and has used its part up.
   */
  private async giveBackAfter(error: unknown, link: UnlockLink, quotas: Quotas): Promise<void> {
    if (error instanceof StoreError && error.fault === 'timeout') return;
    if (await this.locks.find(link, OWNER)) await quotas.returnQuota(capOf(link.accountHash));
  }
}

/** What follows a decision does not undo it: a store that fails now costs a part of the quota, or leaves a dead link. */
async function spare(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}
