// Lists that are longer than what one script reads, and full of equals.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { LockedQuery, LockoutRecord } from 'nestjs-lockout';
import { EMPTY_STATE, type LockoutState } from 'nestjs-lockout/policy';
import type { RedisLockoutStore } from 'nestjs-lockout/redis';
import { contractHash, contractSwap } from 'nestjs-lockout/testing';
import { describeEach } from '../support/databases.js';
import { openRedisBeside, redisShardings } from '../support/redis-store.js';

const NOW = 1_900_000_000_000;
const COUNT = 700;

describeEach(redisShardings, 'long lists over $shards shards of Redis', (server) => {
  const accountHash = contractHash();
  let store: RedisLockoutStore;
  let admin: Redis;
  let prefix: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ store, admin, prefix, close } = await openRedisBeside(server, 'listing'));
    // Two of three locked for ever, so that pages end among equals; every tenth in another realm.
    for (let n = 0; n < COUNT; n += 100) {
      const swaps = Array.from({ length: 100 }, (_, i) =>
        contractSwap({ facts: factsOf(n + i), state: stateOf(n + i) }),
      );
      expect(await store.compareAndSwap(swaps, { now: (await store.load([])).now })).toEqual(new Set());
    }
  });
  afterAll(() => close());

  const factsOf = (n: number) => ({
    ...contractSwap().facts,
    realm: n % 10 === 0 ? 'staff' : 'customers',
    accountHash: n < 600 ? accountHash : contractHash(),
    accountLabel: `user-${n}`,
  });
  const stateOf = (n: number): LockoutState => ({
    ...EMPTY_STATE,
    failures: n,
    lastFailureAt: n % 7 === 0 ? null : NOW - (n % 50),
    lock:
      n % 3 === 2
        ? null
        : { since: NOW - (n % 20), until: n % 3 === 0 ? null : NOW + 1, cause: 'failures', step: 0 },
  });
  const pages = async (
    query: Omit<LockedQuery, 'limit' | 'now'>,
    limit: number,
  ): Promise<LockoutRecord[]> => {
    const seen: LockoutRecord[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.find>> = await store.find({
        ...query,
        limit,
        now: NOW,
        ...(cursor !== null && { cursor }),
      });
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };

  const all = Array.from({ length: COUNT }, (_, n) => n);
  it.each([
    ['locked', 'until', (n: number) => n % 3 !== 2],
    ['locked', 'since', (n: number) => n % 3 !== 2],
    ['locked', 'lastFailureAt', (n: number) => n % 3 !== 2],
    ['any', 'until', () => true],
    ['any', 'lastFailureAt', () => true],
  ] as const)('show every record once: %s by %s', async (state, sort, isThere) => {
    const query = { of: 'account', state, sort } as const;
    for (const limit of [150, 699]) {
      const seen = await pages(query, limit);
      expect(seen.map(({ state: { failures } }) => failures).sort((a, b) => a - b)).toEqual(
        all.filter(isThere),
      );
      // What has no lock comes last, by whatever sort.
      const sortedBy = ({ state: { lock, lastFailureAt } }: LockoutRecord): number => {
        if (lock === null) return -1;
        if (sort === 'lastFailureAt') return lastFailureAt ?? 0;
        return (sort === 'until' ? lock.until : lock.since) ?? Number.MAX_SAFE_INTEGER;
      };
      const values = seen.map(sortedBy);
      expect(values).toEqual([...values].sort((a, b) => b - a));
    }
  });

  it('go on until they have found the few that match', async () => {
    const staff = { of: 'account', state: 'locked', realm: 'staff' } as const;
    const expected = all.filter((n) => n % 10 === 0 && n % 3 !== 2);
    for (const sort of ['until', 'since', 'lastFailureAt'] as const) {
      const seen = await pages({ ...staff, sort }, 20);
      expect(seen.map(({ state }) => state.failures).sort((a, b) => a - b)).toEqual(expected);
    }
    const [one] = await pages({ of: 'account', state: 'any', sort: 'since', labelPrefix: 'USER-666' }, 20);
    expect(one?.facts.accountLabel).toBe('user-666');
  });

  it('hold an account with more records than one answer', async () => {
    expect(await store.ofAccount(accountHash)).toHaveLength(600);
    expect(
      await pages({ of: 'account', state: 'any', sort: 'until', subjects: [accountHash] }, 100),
    ).toHaveLength(600);
  });

  it('R25 lose with a record everything that finds it', async () => {
    const records = await pages({ of: 'account', state: 'any', sort: 'until' }, 500);
    expect(await store.prune(records)).toBe(COUNT);
    expect(await store.ofAccount(accountHash)).toEqual([]);
    // No shard has a record, an index entry or an empty name left.
    expect(await admin.keys(`${prefix}{[0-9]*`)).toEqual([]);
  });
});
