import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { LockoutKey } from '../key/key.js';
import type { LockoutStore } from '../store/lockout-store.js';
import { type Law, stored, swap, wins } from './contract-law.js';
import { contractHash, contractKey, contractSwap, FACTS, LOCKED } from './contract-swap.js';

/** What holds when many swap at once, and for those that hold the records while they decide. */
export function raceLaws(law: Law, callers: number): void {
  law(
    `${callers} callers at the same records: one winner a version, nothing lost (pitfall 2)`,
    async (opened) => {
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
    },
  );

  law(
    'callers that swap the same rows in any order do not block each other for ever',
    async ({ store, other }) => {
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
    },
  );

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
}
