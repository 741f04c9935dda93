import {
  decodeUnlockLink,
  encodeUnlockLink,
  linkDigest,
  type UnlockLinkField,
} from '../store/unlock-link-row.js';
import type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';
import type { KeyedTable } from './keyed-table.js';

/** Unlock links: one row each, written once. */
export class UnlockLinkQueries implements UnlockLinkStore {
  constructor(private readonly rows: KeyedTable<UnlockLinkField>) {}

  async saveUnlockLink(link: UnlockLink): Promise<void> {
    await this.rows.insert(encodeUnlockLink(link));
    await this.rows.tidy('expiresAt', await this.rows.now());
  }

  async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    const row = await this.rows.find(linkDigest(digest));
    if (!row) return null;
    const link = decodeUnlockLink(row);
    const now = await this.rows.now();
    return link.expiresAt > now ? { link, now } : null;
  }

  async dropUnlockLink(digest: string): Promise<boolean> {
    const { columns } = this.rows;
    const id = linkDigest(digest);
    const dropped = await this.rows.delete(`${columns.digest} = ? AND ${columns.expiresAt} > ?`, [
      id,
      await this.rows.now(),
    ]);
    return dropped === 1;
  }
}
