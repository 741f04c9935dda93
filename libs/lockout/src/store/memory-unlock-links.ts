import { EndingRows } from './ending-rows.js';
import { encodeUnlockLink, linkDigest } from './unlock-link-row.js';
import type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from './unlock-links.js';

interface Row {
  readonly link: UnlockLink;
  readonly endsAt: number;
}

/** Unlock links, in this process only. */
export class MemoryUnlockLinks implements UnlockLinkStore {
  private readonly rows = new EndingRows<Row>();

  constructor(private readonly clock: () => number) {}

  /** How many rows there are. */
  get size(): number {
    return this.rows.size;
  }

  async saveUnlockLink(link: UnlockLink): Promise<void> {
    // What no row could hold is not kept here either.
    encodeUnlockLink(link);
    const now = this.clock();
    const { digest, key, since, realm, accountHash, expiresAt } = link;
    const kept = { digest, key, since, realm, accountHash, expiresAt };
    if (!this.rows.get(digest, now)) this.rows.set(digest, { link: kept, endsAt: expiresAt });
    this.rows.drop(now);
  }

  async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    linkDigest(digest);
    const now = this.clock();
    const row = this.rows.get(digest, now);
    return row && { link: row.link, now };
  }

  async dropUnlockLink(digest: string): Promise<boolean> {
    linkDigest(digest);
    return this.rows.delete(digest, this.clock());
  }
}
