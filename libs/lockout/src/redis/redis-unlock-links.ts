import { integer } from '../store/codec.js';
import {
  decodeUnlockLink,
  encodeUnlockLink,
  linkDigest,
  UNLOCK_LINK_FIELDS,
} from '../store/unlock-link-row.js';
import type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';
import { DROP_LINK, FIND_LINK, SAVE_LINK } from './ending-scripts.js';
import { packRow, unpackRow } from './packed-row.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';

/** Before the row: the end, as scripts read it. */
const END_DIGITS = 16;
/** Longest that the server is told to keep a name: a hundred years. */
const MAX_LIFE_MS = 100 * 366 * 86_400_000;

/** Unlock links: one name each, which the server drops when they end. */
export class RedisUnlockLinks implements UnlockLinkStore {
  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: (() => number) | undefined,
    /** Before every name. */
    private readonly prefix: string,
  ) {}

  async saveUnlockLink(link: UnlockLink): Promise<void> {
    const row = packRow(encodeUnlockLink(link));
    const end = String(Math.max(0, link.expiresAt)).padStart(END_DIGITS, '0');
    await this.connection.run(
      SAVE_LINK,
      [this.nameOf(link.digest)],
      [this.clock?.() ?? '', end, MAX_LIFE_MS, Buffer.concat([Buffer.from(end), row])],
    );
  }

  async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    const [now, stored = null] = listOf(
      await this.connection.run(FIND_LINK, [this.nameOf(digest)], [this.clock?.() ?? '']),
    );
    if (stored === null) return null;
    const row = unpackRow(bytesOf(stored).subarray(END_DIGITS), UNLOCK_LINK_FIELDS.length);
    return { link: decodeUnlockLink(row), now: integer('now', String(bytesOf(now))) };
  }

  async dropUnlockLink(digest: string): Promise<boolean> {
    return (await this.connection.run(DROP_LINK, [this.nameOf(digest)], [this.clock?.() ?? ''])) === 1;
  }

  private nameOf(digest: string): string {
    return `${this.prefix}{${linkDigest(digest).toString('hex')}}:unlock-link`;
  }
}
