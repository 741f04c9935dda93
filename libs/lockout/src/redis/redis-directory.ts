import type { SubjectHash } from '../key/key.js';
import { FOREVER, fromHex, integer } from '../store/codec.js';
import { decodeCursor, encodeCursor } from '../store/cursor.js';
import type { Directory, LockCountQuery, LockedQuery, Page } from '../store/directory.js';
import { matchesLocked, type Place, placeOf, sortValue, TopOf } from '../store/locked-query.js';
import { limitOf, pageOf } from '../store/page.js';
import type { LockoutRecord } from '../store/record.js';
import { COUNT, DUE, OF_SUBJECT, WALK } from './listing-scripts.js';
import { PRUNE } from './record-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';
import { namesOf, type ShardNames, type Shards } from './shards.js';
import { decodeStored, scoreOf, subjectBytes } from './stored-record.js';

/** What a record that is pruned goes from. */
const PRUNED = ['records', 'until', 'since', 'keep', 'subjects'] as const;
/** Most records that one script reads: a few tenths of a millisecond of the server's time. */
const PART = 256;
/** And counts: of these it sends nothing back. */
const COUNT_PART = 1_000;
/** And the fewest of a page, so that a filter which few pass does not ask too often. */
const MIN_PAGE_PART = 32;

/**
 * The records as administrators and housekeeping ask for them. Every list asks all shards and merges what they answer. A
 * page of locked records by `until` or `since` walks an index; the other ways look at all that is locked, or kept.
 */
export class RedisDirectory implements Directory {
  constructor(
    private readonly connection: RedisConnection,
    private readonly shards: Shards,
  ) {}

  async ofAccount(account: SubjectHash): Promise<readonly LockoutRecord[]> {
    const all = await this.everywhere((shard) => this.ofSubject(shard, 'a', account));
    return all.filter(({ facts }) => facts.accountHash === account);
  }

  async ofAddress(address: SubjectHash): Promise<readonly LockoutRecord[]> {
    const all = await this.everywhere((shard) => this.ofSubject(shard, 'd', address));
    return all.filter(({ facts }) => facts.addressHash === address);
  }

  async find(query: LockedQuery): Promise<Page<LockoutRecord>> {
    const limit = limitOf(query.limit);
    const after = query.cursor === undefined ? null : decodeCursor(query.sort, query.cursor);
    const top = new TopOf(query.sort, after, limit + 1);
    for (const record of await this.everywhere((shard) => this.findIn(shard, query, after))) top.add(record);
    return pageOf(
      top.records(),
      limit,
      (record) => record,
      (last) => encodeCursor({ list: query.sort, ...placeOf(query.sort, last) }),
    );
  }

  /** Looks at every lock in force, on the server. */
  async countLocked({ of, realms, now }: LockCountQuery): Promise<number> {
    if (realms.length === 0) return 0;
    const counts = await Promise.all(
      this.shards.all.map(async (shard) => {
        let count = 0;
        for (let passed = 0; ; passed += COUNT_PART) {
          const args = [now, passed, COUNT_PART, of === 'account' ? 'a' : 'd', ...realms];
          const answer = listOf(await this.connection.run(COUNT, [shard.records, shard.until], args));
          count += integer('count', answer[1]);
          if (integer('count', answer[0]) < COUNT_PART) return count;
        }
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  endedLocks(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return this.due('until', Math.min(now, FOREVER - 1), limitOf(limit));
  }

  outlived(now: number, limit: number): Promise<readonly LockoutRecord[]> {
    return this.due('keep', now - 1, limitOf(limit));
  }

  async prune(records: readonly Pick<LockoutRecord, 'key' | 'version'>[]): Promise<number> {
    let deleted = 0;
    for (const { shards, members } of this.shards.groups(records, ({ key }) => key)) {
      for (let start = 0; start < members.length; start += PART) {
        const args = members
          .slice(start, start + PART)
          .flatMap(({ item, place }) => [place, fromHex(item.key), fromHex(item.version)]);
        deleted += integer('count', await this.connection.run(PRUNE, namesOf(shards, PRUNED), args));
      }
    }
    return deleted;
  }

  private async everywhere(
    read: (shard: ShardNames) => Promise<readonly LockoutRecord[]>,
  ): Promise<LockoutRecord[]> {
    return (await Promise.all(this.shards.all.map(read))).flat();
  }

  /** Records whose score is at most `max`, lowest first. */
  private async due(index: 'until' | 'keep', max: number, limit: number): Promise<LockoutRecord[]> {
    const answers = await Promise.all(
      this.shards.all.map((shard) => this.connection.run(DUE, [shard.records, shard[index]], [max, limit])),
    );
    return answers
      .flatMap((answer) => pairsOf(listOf(answer)))
      .sort((a, b) => scoreOf(a.stored, index) - scoreOf(b.stored, index))
      .slice(0, limit)
      .map(({ found, stored }) => decodeStored(found, stored));
  }

  /** At least the first records of the page that this shard has, in any order. */
  private async findIn(
    shard: ShardNames,
    query: LockedQuery,
    after: Place | null,
  ): Promise<readonly LockoutRecord[]> {
    const top = new TopOf(query.sort, after, query.limit + 1);
    const add = (records: readonly LockoutRecord[]): void => {
      for (const record of records) if (matchesLocked(query, record)) top.add(record);
    };
    const kind = query.of === 'account' ? 'a' : 'd';
    if (query.subjects !== undefined && query.labelPrefix === undefined) {
      const all = [...new Set(query.subjects)].map((subject) => this.ofSubject(shard, kind, subject));
      add((await Promise.all(all)).flat());
    } else if (query.state === 'locked' && query.sort !== 'lastFailureAt') {
      return this.walk(shard, query.sort, after, query);
    } else if (query.state === 'locked') {
      await this.eachLocked(shard, query.now, add);
    } else {
      await this.eachSubject(shard, Buffer.from(kind), add);
    }
    return top.records();
  }

  private async ofSubject(
    shard: ShardNames,
    kind: 'a' | 'd',
    subject: SubjectHash,
  ): Promise<LockoutRecord[]> {
    const found: LockoutRecord[] = [];
    await this.eachSubject(shard, Buffer.concat([Buffer.from(kind), subjectBytes(subject)]), (records) => {
      found.push(...records);
    });
    return found;
  }

  /** Every record whose entry among the subjects begins so. */
  private async eachSubject(
    shard: ShardNames,
    prefix: Buffer,
    visit: (records: readonly LockoutRecord[]) => void,
  ): Promise<void> {
    // No entry goes on with more than 40 bytes of 255.
    const to = Buffer.concat([Buffer.from('['), prefix, Buffer.alloc(48, 255)]);
    let from = Buffer.concat([Buffer.from('['), prefix]);
    for (;;) {
      const answer = listOf(
        await this.connection.run(OF_SUBJECT, [shard.records, shard.subjects], [from, to, PART]),
      );
      visit(pairsOf(answer).map(({ found, stored }) => decodeStored(found.subarray(-32), stored)));
      if (answer.length < 2 * PART) return;
      from = Buffer.concat([Buffer.from('('), bytesOf(answer[answer.length - 2])]);
    }
  }

  /** Every record whose lock ends after `now`. */
  private async eachLocked(
    shard: ShardNames,
    now: number,
    visit: (records: readonly LockoutRecord[]) => void,
  ): Promise<void> {
    let after: Place | null = null;
    for (;;) {
      const records: LockoutRecord[] = await this.part(shard, 'until', after, PART);
      visit(records);
      const last = records.at(-1);
      if (!last || records.length < PART || sortValue('until', last) <= now) return;
      after = placeOf('until', last);
    }
  }

  /** The first matching records after a place, in order. */
  private async walk(
    shard: ShardNames,
    index: 'until' | 'since',
    after: Place | null,
    query: LockedQuery,
  ): Promise<LockoutRecord[]> {
    const count = Math.min(PART, Math.max(MIN_PAGE_PART, query.limit + 1));
    const found: LockoutRecord[] = [];
    let place = after;
    for (;;) {
      const records: LockoutRecord[] = await this.part(shard, index, place, count);
      found.push(...records.filter((record) => matchesLocked(query, record)));
      const last = records.at(-1);
      if (!last || records.length < count || found.length > query.limit) return found;
      if (index === 'until' && sortValue('until', last) <= query.now) return found;
      place = placeOf(index, last);
    }
  }

  private async part(
    shard: ShardNames,
    index: 'until' | 'since',
    after: Place | null,
    count: number,
  ): Promise<LockoutRecord[]> {
    const from = after ? [after.value, fromHex(after.key)] : ['', ''];
    const answer = await this.connection.run(WALK, [shard.records, shard[index]], [...from, count]);
    return pairsOf(listOf(answer)).map(({ found, stored }) => decodeStored(found, stored));
  }
}

/** An answer that pairs each record with where it was found. */
function pairsOf(answer: readonly unknown[]): { readonly found: Buffer; readonly stored: Buffer }[] {
  const pairs: { readonly found: Buffer; readonly stored: Buffer }[] = [];
  for (let n = 0; n < answer.length; n += 2) {
    const stored = answer[n + 1];
    if (stored !== null) pairs.push({ found: bytesOf(answer[n]), stored: bytesOf(stored) });
  }
  return pairs;
}
