import {
  decodeUnlockLink,
  encodeUnlockLink,
  linkDigest,
  UNLOCK_LINK_FIELDS,
  type UnlockLinkField,
} from '../store/unlock-link-row.js';
import type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';
import type { Dialect } from './dialect.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';
import { dropOutlived } from './outlived-rows.js';

/** Unlock links: one row each, written once. */
export class UnlockLinkQueries implements UnlockLinkStore {
  private readonly table: TableNames<UnlockLinkField>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
  ) {
    this.table = tables.unlockLink;
  }

  async saveUnlockLink(link: UnlockLink): Promise<void> {
    const { path, columns } = this.table;
    const row = encodeUnlockLink(link);
    await this.dialect.insertIfAbsent(
      path,
      UNLOCK_LINK_FIELDS.map((field) => columns[field]),
      row,
    );
    const { now } = await this.dialect.load([]);
    await dropOutlived(this.dialect, { path, id: columns.digest, endsAt: columns.expiresAt }, now);
  }

  async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    const { path, columns } = this.table;
    const [row] = await this.dialect.query(
      `SELECT ${columnList(this.table, UNLOCK_LINK_FIELDS)} FROM ${path} WHERE ${columns.digest} = ?`,
      [linkDigest(digest)],
    );
    if (!row) return null;
    const link = decodeUnlockLink(row);
    const { now } = await this.dialect.load([]);
    return link.expiresAt > now ? { link, now } : null;
  }

  async dropUnlockLink(digest: string): Promise<boolean> {
    const { path, columns } = this.table;
    const id = linkDigest(digest);
    const { now } = await this.dialect.load([]);
    const dropped = await this.dialect.change(
      `DELETE FROM ${path} WHERE ${columns.digest} = ? AND ${columns.expiresAt} > ?`,
      [id, now],
    );
    return dropped === 1;
  }
}
