import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { LockoutEvent } from '../policy/event.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { AuditLog } from '../store/audit-log.js';
import type { Directory } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { RecordFacts, Swap } from '../store/record.js';

/** What the suite needs of a test runner: jest, vitest, mocha and node:test all have it. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

export interface StoreUnderTest {
  readonly store: LockoutStore;
  /** A second client of the same records, as another process would have; default: the same store. */
  readonly other?: LockoutStore;
  /** Where the events of swaps are read; absent: events are not checked. */
  readonly audit?: AuditLog;
  /** Absent: pruning is not checked. */
  readonly directory?: Directory;
  readonly close: () => Promise<void>;
}

export interface StoreContractOptions {
  /** How many swap the same record at once. Default 64. */
  readonly callers?: number;
}

/** A key that no other test uses. */
export function contractKey(): LockoutKey {
  return randomBytes(32).toString('hex') as LockoutKey;
}

export function contractHash(): SubjectHash {
  return randomBytes(32).toString('hex') as SubjectHash;
}

const freshVersion = (): string => randomBytes(8).toString('hex');

const FACTS: RecordFacts = {
  realm: 'contract',
  counter: 'account',
  scope: 'account',
  accountHash: null,
  addressHash: null,
  accountLabel: null,
  addressLabel: null,
};

/** A swap of a key expected absent, unless `parts` say otherwise. */
export function contractSwap(parts: Partial<Swap> & { readonly failures?: number } = {}): Swap {
  const { failures = 1, ...rest } = parts;
  return {
    key: contractKey(),
    expected: null,
    version: freshVersion(),
    state: { ...EMPTY_STATE, failures, updatedAt: 1_900_000_000_000 },
    facts: FACTS,
    keepUntil: 1_900_000_600_000,
    events: [],
    ...rest,
  };
}

const LOCKED: LockoutEvent = {
  type: 'locked',
  at: 1_900_000_000_000,
  until: 1_900_000_900_000,
  cause: 'failures',
  failures: 5,
  escalation: 1,
  step: 0,
};

/** Every field away from its empty value, and the numbers as large as they come. */
const FULL_STATE: LockoutState = {
  failures: 2_147_483_647,
  times: [1_900_000_000_000, 1_900_000_000_001],
  windowStartedAt: 0,
  lastFailureAt: Number.MAX_SAFE_INTEGER,
  failureSeq: Number.MAX_SAFE_INTEGER,
  consecutive: 2_147_483_647,
  lock: { since: 1, until: Number.MAX_SAFE_INTEGER - 1, cause: 'monitor', step: 2_147_483_647 },
  lastLockEndedAt: 8_640_000_000_000_000,
  escalation: 2_147_483_647,
  pending: Array.from({ length: 64 }, (_, n) => ({ id: `attempt-${n}`, at: 1_900_000_000_000 + n, seq: n, weight: 1 })),
  contributions: [{ from: 'a\u0000"\\ß🔒', count: 3, seq: 9 }],
  abandons: 7,
  abandonsSince: 1,
  updatedAt: 1_900_000_000_000,
};

const HOSTILE_LABELS = [
  `Robert'); DROP TABLE lockout_record; --`,
  `\\' OR 1=1 # "\`$1 ? %s`,
  '🔒\u200b\u202eálice',
  ' leading and trailing ',
  '',
];

/**
 * Declares what every store promises, as tests of `runner`: swaps win or lose as a whole on the record's version,
 * whatever else runs. `open` gives a store whose records may be shared with other tests: keys are drawn at random.
 */
export function lockoutStoreContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<StoreUnderTest>,
  { callers = 64 }: StoreContractOptions = {},
): void {
  const law = (title: string, body: (opened: StoreUnderTest & { readonly other: LockoutStore }) => Promise<void>): void => {
    runner.it(title, async () => {
      const opened = await open();
      try {
        await body({ ...opened, other: opened.other ?? opened.store });
      } finally {
        await opened.close();
      }
    });
  };
  const now = async (store: LockoutStore): Promise<number> => (await store.load([])).now;
  const swap = async (store: LockoutStore, swaps: readonly Swap[], atomic = false) =>
    store.compareAndSwap(swaps, { now: await now(store), atomic });
  const stored = async (store: LockoutStore, key: LockoutKey) => (await store.load([key])).records.get(key);
  const wins = async (store: LockoutStore, swaps: readonly Swap[]): Promise<void> => {
    deepEqual([...(await swap(store, swaps))], []);
  };

  runner.describe(`the store contract: ${name}`, () => {
    law('finds no record of an unknown key, and tells its clock anyway', async ({ store }) => {
      const loaded = await store.load([contractKey(), contractKey()]);
      equal(loaded.records.size, 0);
      ok(Number.isSafeInteger(loaded.now) && loaded.now > 1_500_000_000_000);
    });

    law('its clock does not go back and is the same for every client', async ({ store, other }) => {
      const first = await now(store);
      const second = await now(other);
      const third = await now(store);
      ok(first <= second && second <= third);
      ok(third - first < 60_000);
    });

    law('inserts a record where none is expected', async ({ store, other }) => {
      const inserted = contractSwap();
      await wins(store, [inserted]);
      const { key, version, state, facts } = inserted;
      deepEqual(await stored(other, key), { key, version, state, facts });
    });

    law('a lost insert is not a win (R23)', async ({ store, other }) => {
      const first = contractSwap({ failures: 1 });
      const second = contractSwap({ key: first.key, failures: 2 });
      await wins(store, [first]);
      deepEqual([...(await swap(other, [second]))], [first.key]);
      equal((await stored(store, first.key))?.version, first.version);
    });

    law('swaps a record that has the expected version, whole (R24)', async ({ store }) => {
      const first = contractSwap();
      await wins(store, [first]);
      const second = contractSwap({ key: first.key, expected: first.version, state: FULL_STATE });
      await wins(store, [second]);
      deepEqual((await stored(store, first.key))?.state, FULL_STATE);
      const third = contractSwap({ key: first.key, expected: second.version, state: EMPTY_STATE });
      await wins(store, [third]);
      deepEqual((await stored(store, first.key))?.state, EMPTY_STATE);
      equal((await stored(store, first.key))?.version, third.version);
    });

    law('changes nothing of a record that has another version (R24)', async ({ store }) => {
      const first = contractSwap({ state: FULL_STATE });
      await wins(store, [first]);
      const before = await stored(store, first.key);
      const stale = contractSwap({ key: first.key, expected: freshVersion(), failures: 9 });
      deepEqual([...(await swap(store, [stale]))], [first.key]);
      deepEqual(await stored(store, first.key), before);
    });

    law('the same swap sent twice is applied once (R4)', async ({ store }) => {
      const first = contractSwap();
      await wins(store, [first]);
      const second = contractSwap({ key: first.key, expected: first.version, failures: 2 });
      await wins(store, [second]);
      // Whether it is told won or lost: its version stands either way, and versions never repeat.
      await swap(store, [second]);
      equal((await stored(store, first.key))?.version, second.version);
      await wins(store, [contractSwap({ key: first.key, expected: second.version })]);
    });

    law('a swap of many rows wins some and loses the others', async ({ store }) => {
      for (const size of [2, 3, 5, 9, 33, 130]) {
        const rows = Array.from({ length: size }, () => contractSwap());
        const taken = rows.filter((_, n) => n % 3 === 1);
        await wins(store, taken.map(({ key }) => contractSwap({ key, failures: 7 })));
        const lost = await swap(store, rows);
        deepEqual([...lost].sort(), taken.map(({ key }) => key).sort());
        const { records } = await store.load(rows.map(({ key }) => key));
        for (const [n, { key }] of rows.entries()) equal(records.get(key)?.state.failures, n % 3 === 1 ? 7 : 1);
      }
    });

    law('a swap of many rows can win or lose whole', async ({ store }) => {
      const rows = Array.from({ length: 6 }, () => contractSwap());
      await wins(store, rows);
      const again = rows.map(({ key }) => contractSwap({ key }));
      deepEqual([...(await swap(store, again))].sort(), rows.map(({ key }) => key).sort());
      await wins(
        store,
        rows.map(({ key, version }) => contractSwap({ key, expected: version })),
      );
    });

    law('atomic: one loss undoes all, events too (R33)', async ({ store, audit }) => {
      const accountHash = contractHash();
      const facts = { ...FACTS, accountHash };
      const taken = contractSwap();
      await wins(store, [taken]);
      const free = contractSwap({ facts, events: [LOCKED] });
      const lost = await swap(store, [free, contractSwap({ key: taken.key })], true);
      deepEqual([...lost], [taken.key]);
      equal(await stored(store, free.key), undefined);
      if (audit) deepEqual((await audit.list({ account: accountHash, limit: 10 })).items, []);
      deepEqual([...(await swap(store, [free, contractSwap()], true))], []);
      if (audit) equal((await audit.list({ account: accountHash, limit: 10 })).items.length, 1);
    });

    law('records events of winners only, once, with their order (R29)', async ({ store, audit }) => {
      if (!audit) return;
      const accountHash = contractHash();
      const facts = { ...FACTS, accountHash, accountLabel: 'alice' };
      const loser = contractSwap();
      await wins(store, [loser]);
      const winner = contractSwap({ facts, events: [{ type: 'expired', at: 5 }, LOCKED] });
      const lost = await swap(store, [winner, contractSwap({ key: loser.key, facts, events: [LOCKED] })]);
      deepEqual([...lost], [loser.key]);
      const { items } = await audit.list({ account: accountHash, limit: 10 });
      deepEqual(
        items.map(({ key, event, facts: about }) => ({ key, event, about })),
        [
          { key: winner.key, event: LOCKED, about: facts },
          { key: winner.key, event: { type: 'expired', at: 5 }, about: facts },
        ],
      );
      equal(new Set(items.map(({ id }) => id)).size, 2);
      ok(items.every(({ id }) => /^[0-9a-f]{32}$/.test(id)));
    });

    law('keeps events whose text is hostile', async ({ store, audit }) => {
      if (!audit) return;
      const accountHash = contractHash();
      const event: LockoutEvent = {
        type: 'unlocked',
        at: 1_900_000_000_000,
        via: 'admin',
        by: `o'neil\\ "; \u0000 🔒`,
        reason: 'x'.repeat(2000),
        before: { failures: 5, escalation: 1, since: 1, until: null, cause: 'failures' },
      };
      await wins(store, [contractSwap({ facts: { ...FACTS, accountHash }, events: [event] })]);
      deepEqual((await audit.list({ account: accountHash, limit: 1 })).items[0]?.event, event);
    });

    law('a record that was pruned counts as absent, for the swap too (R25)', async ({ store, directory }) => {
      if (!directory) return;
      const first = contractSwap();
      await wins(store, [first]);
      equal(await directory.prune([{ key: first.key, version: freshVersion() }]), 0);
      equal(await directory.prune([first]), 1);
      equal(await stored(store, first.key), undefined);
      await wins(store, [contractSwap({ key: first.key, expected: first.version })]);
    });

    law('keeps hostile labels and facts as they are', async ({ store }) => {
      for (const label of HOSTILE_LABELS) {
        const facts = {
          ...FACTS,
          accountHash: contractHash(),
          addressHash: contractHash(),
          accountLabel: label,
          addressLabel: label,
        };
        const written = contractSwap({ facts });
        await wins(store, [written]);
        deepEqual((await stored(store, written.key))?.facts, facts);
      }
    });

    law('refuses everything from a caller whose clock is off by more than a second (R28)', async ({ store }) => {
      const there = contractSwap();
      await wins(store, [there]);
      for (const skew of [-1_500, 1_500, 3_600_000]) {
        for (const events of [[], [LOCKED]]) {
          const rows = [contractSwap({ events }), contractSwap({ key: there.key, expected: there.version })];
          const lost = await store.compareAndSwap(rows, { now: (await now(store)) + skew });
          deepEqual([...lost].sort(), rows.map(({ key }) => key).sort());
          equal(await stored(store, (rows[0] as Swap).key), undefined);
          equal((await stored(store, there.key))?.version, there.version);
        }
      }
      deepEqual([...(await store.compareAndSwap([contractSwap()], { now: (await now(store)) + 400 }))], []);
    });

    law(`${callers} callers at the same records: one winner a version, nothing lost (pitfall 2)`, async (opened) => {
      const keys = [contractKey(), contractKey(), contractKey()];
      let lostRaces = 0;
      const increment = async (store: LockoutStore, key: LockoutKey): Promise<void> => {
        for (;;) {
          const { records, now: at } = await store.load([key]);
          const record = records.get(key);
          const failures = (record?.state.failures ?? 0) + 1;
          const lost = await store.compareAndSwap(
            [contractSwap({ key, expected: record?.version ?? null, failures })],
            { now: at },
          );
          if (lost.size === 0) return;
          lostRaces += 1;
        }
      };
      await Promise.all(
        Array.from({ length: callers }, (_, n) =>
          increment(n % 2 === 0 ? opened.store : opened.other, keys[n % keys.length] as LockoutKey),
        ),
      );
      const { records } = await opened.store.load(keys);
      const total = keys.reduce((sum, key) => sum + (records.get(key)?.state.failures ?? 0), 0);
      equal(total, callers);
      notEqual(lostRaces, 0, 'no race was run');
    });

    law('callers that swap the same rows in any order do not block each other for ever', async ({ store, other }) => {
      const keys = Array.from({ length: 8 }, contractKey);
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, n) =>
          swap(
            n % 2 === 0 ? store : other,
            (n % 4 < 2 ? keys : [...keys].reverse()).map((key) => contractSwap({ key })),
          ),
        ),
      );
      // At most one of them can have inserted a given key.
      for (const key of keys) ok(results.filter((lost) => !lost.has(key)).length <= 1);
    });

    law('swapExclusively decides on what is committed, and writes it with its events (R30)', async (opened) => {
      const { store, other, audit } = opened;
      const accountHash = contractHash();
      const there = contractSwap({ facts: { ...FACTS, accountHash } });
      const absent = contractKey();
      await wins(store, [there]);
      const lost = await other.swapExclusively([there.key, absent], ({ records, now: at }) => {
        ok(Number.isSafeInteger(at));
        equal(records.size, 1);
        const failures = (records.get(there.key)?.state.failures ?? 0) + 1;
        const facts = there.facts;
        return [
          contractSwap({ key: there.key, expected: there.version, failures, facts, events: [LOCKED] }),
          contractSwap({ key: absent }),
        ];
      });
      deepEqual([...lost], []);
      equal((await stored(store, there.key))?.state.failures, 2);
      equal((await stored(store, absent))?.state.failures, 1);
      if (audit) equal((await audit.list({ account: accountHash, limit: 10 })).items.length, 1);
      deepEqual([...(await store.swapExclusively([there.key], () => []))], []);
      equal((await stored(store, there.key))?.state.failures, 2);
    });

    law('swapExclusively of a record that exists never loses to another one', async ({ store, other }) => {
      const there = contractSwap({ failures: 0 });
      await wins(store, [there]);
      const count = 12;
      const results = await Promise.all(
        Array.from({ length: count }, (_, n) =>
          (n % 2 === 0 ? store : other).swapExclusively([there.key], ({ records }) => {
            const record = records.get(there.key);
            return [
              contractSwap({
                key: there.key,
                expected: record?.version ?? null,
                failures: (record?.state.failures ?? 0) + 1,
              }),
            ];
          }),
        ),
      );
      equal(results.filter((lost) => lost.size > 0).length, 0);
      equal((await stored(store, there.key))?.state.failures, count);
    });

    law('what swapExclusively decides on wrongly is undone', async ({ store }) => {
      const there = contractSwap();
      await wins(store, [there]);
      const mistake = new Error('the rule failed');
      await rejects(
        store.swapExclusively([there.key], () => {
          throw mistake;
        }),
      );
      equal((await stored(store, there.key))?.version, there.version);
      await wins(store, [contractSwap({ key: there.key, expected: there.version })]);
    });

    law('rejects what no record can hold, and writes none of the batch', async ({ store }) => {
      const good = contractSwap();
      const bad = contractSwap({ state: { ...EMPTY_STATE, failureSeq: 2 ** 60 } });
      if (store.clock) return; // A store in memory has no columns.
      await rejects(swap(store, [good, bad]));
      equal(await stored(store, good.key), undefined);
    });
  });
}
