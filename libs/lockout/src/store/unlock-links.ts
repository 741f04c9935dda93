import type { LockoutKey, SubjectHash } from '../key/key.js';

/** What a link that unlocks an account stands for: one lock, and no other. */
export interface UnlockLink {
  /** SHA-256 of the token, 64 lower-case hex digits: whoever reads the table cannot open anything with it. */
  readonly digest: string;
  /** The record that held the lock when the link was made. */
  readonly key: LockoutKey;
  /** When that lock began, epoch ms: with the key, the name of the lock. */
  readonly since: number;
  /** Of the account. */
  readonly realm: string;
  /** Keyed hash of realm and account. */
  readonly accountHash: SubjectHash;
  /** Epoch ms on the store's clock: from here on the link is as one that never was. */
  readonly expiresAt: number;
}

/** A link, and the store's clock when it was read. */
export interface FoundUnlockLink {
  readonly link: UnlockLink;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Links that unlock accounts, by the digest of their token. `testing/unlock-links-contract` is the suite every
 * implementation passes.
 *
 * Time is the store's clock. Every method rejects with `StoreError` when the store cannot answer, and for what no row can
 * hold (`data`). Each may be sent again where its outcome is unknown.
 */
export interface UnlockLinkStore {
  /**
   * Keeps a link; the first of a digest stays, so that sending it again changes nothing. Drops a few rows of others that
   * have expired.
   */
  saveUnlockLink(link: UnlockLink): Promise<void>;
  /** The link of this digest; null where there is none, or it has expired. Changes nothing. */
  findUnlockLink(digest: string): Promise<FoundUnlockLink | null>;
  /** Takes the link away; false where there is none (any more). */
  dropUnlockLink(digest: string): Promise<boolean>;
}

/** Whether a store keeps unlock links; the port is optional. */
export const isUnlockLinkStore = (store: object): store is UnlockLinkStore =>
  (['saveUnlockLink', 'findUnlockLink', 'dropUnlockLink'] as const).every(
    (method) => typeof Reflect.get(store, method) === 'function',
  );
