import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { EMPTY_STATE } from '../policy/state.js';
import type { Swap } from '../store/record.js';
import { type Law, now, stored, swap, wins } from './contract-law.js';
import {
  contractHash,
  contractKey,
  contractSwap,
  FACTS,
  FULL_STATE,
  freshVersion,
  HOSTILE_LABELS,
  LOCKED,
} from './contract-swap.js';

/** A swap wins or loses on the record's version alone, and what won is read back as it was. */
export function swapLaws(law: Law): void {
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
      await wins(
        store,
        taken.map(({ key }) => contractSwap({ key, failures: 7 })),
      );
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

  law(
    'refuses everything from a caller whose clock is off by more than a second (R28)',
    async ({ store }) => {
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
    },
  );

  law('rejects what no record can hold, and writes none of the batch', async ({ store }) => {
    const good = contractSwap();
    const bad = contractSwap({ state: { ...EMPTY_STATE, failureSeq: 2 ** 60 } });
    if (store.clock) return; // A store in memory has no columns.
    await rejects(swap(store, [good, bad]));
    equal(await stored(store, good.key), undefined);
  });
}
