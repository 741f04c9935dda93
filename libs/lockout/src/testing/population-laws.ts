import { deepEqual, equal, ok } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import type { LockedQuery, LockedSort } from '../store/directory.js';
import type { LockoutRecord, RecordFacts, Swap } from '../store/record.js';
import { contractHash, contractSwap } from './contract-swap.js';
import {
  account,
  address,
  type DirectoryLaw,
  type DirectoryUnderTest,
  inOrder,
  keys,
  locked,
  MINUTE,
  NOW,
  state,
} from './directory-law.js';

const SORTS: readonly LockedSort[] = ['until', 'since', 'lastFailureAt'];
const LABELS = [
  'Anna',
  'anne',
  'ANNA-MARIA',
  'ännchen',
  'Ännchen von Tharau',
  'bob',
  'a'.repeat(80),
  `${'a'.repeat(66)}b`,
  null,
];

/** Every kind of record, in two realms, many of them equals by each sort. */
function population(realm: string): Swap[] {
  return Array.from({ length: 96 }, (_, n) => {
    const where = n % 5 === 0 ? `${realm}-small` : realm;
    const label = LABELS[n % LABELS.length] ?? null;
    const facts: RecordFacts =
      n % 4 === 3
        ? address(label ?? '10.0.0.1', where)
        : n % 4 === 2
          ? { ...account(label, where), addressHash: contractHash(), addressLabel: '10.0.0.2', scope: 'both' }
          : n % 16 === 4
            ? { ...account(null, where), accountHash: null, scope: 'neither' }
            : account(label, where);
    const lock =
      [{}, { until: NOW + MINUTE * (n % 3) }, { until: null }, { until: NOW - MINUTE }][n % 7] ?? {};
    const at = { since: NOW - (n % 6), lastFailureAt: n % 9 === 0 ? null : NOW - (n % 11) };
    return contractSwap({ facts, state: state({ ...at, ...lock }) });
  });
}

/** What a list should hold, by looking at everything. */
function expected(query: LockedQuery, swaps: readonly Swap[]): string[] {
  const isIn = ({ facts, state: { lock } }: Swap): boolean => {
    const hash = query.of === 'account' ? facts.accountHash : facts.addressHash;
    if (hash === null || (query.of === 'address' && facts.accountHash !== null)) return false;
    const inForce = lock !== null && (lock.until === null || lock.until > query.now);
    if (query.state === 'locked' && !inForce) return false;
    if (query.realm !== undefined && query.realm !== facts.realm) return false;
    if (query.subjects === undefined && query.labelPrefix === undefined) return true;
    const label = query.of === 'account' ? facts.accountLabel : facts.addressLabel;
    const prefix = query.labelPrefix?.toLowerCase();
    return (
      (prefix !== undefined && label?.toLowerCase().startsWith(prefix) === true) ||
      (query.subjects ?? []).includes(hash)
    );
  };
  return inOrder(...swaps.filter(isIn)).sort();
}

/** Whether the list is sorted: locks by the value, latest first, then what has none. */
function assertSorted(sort: LockedSort, records: readonly LockoutRecord[]): void {
  const values = records.map(({ state: { lock, lastFailureAt } }) => {
    if (lock === null) return -1;
    if (sort === 'until') return lock.until ?? Number.MAX_SAFE_INTEGER;
    return sort === 'since' ? lock.since : (lastFailureAt ?? 0);
  });
  deepEqual(
    values,
    values.toSorted((a, b) => b - a),
  );
}

/** Every page of a list. Between two pages `between` may change something. */
async function pagesOf(
  store: DirectoryUnderTest['store'],
  query: LockedQuery,
  between: (page: readonly LockoutRecord[]) => Promise<unknown> = async () => undefined,
): Promise<LockoutRecord[]> {
  const seen: LockoutRecord[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await store.find({ ...query, ...(cursor !== undefined && { cursor }) });
    ok(page.items.length <= query.limit);
    seen.push(...page.items);
    await between(page.items);
    cursor = page.nextCursor;
  }
  return seen;
}

/** Lists of a generated population say what a look at every record says, under every sort and filter. */
export function populationLaws(law: DirectoryLaw): void {
  for (const list of ['account', 'address'] as const) {
    for (const stateOf of ['locked', 'any'] as const) {
      law(
        `lists every ${list} once that is ${stateOf}, by every sort and filter`,
        async (store, realm, write) => {
          const swaps = population(realm);
          await write(...swaps);
          const some = swaps.filter((_, n) => n % 12 < 4);
          const hashes = some.map(({ facts }) =>
            list === 'account' ? facts.accountHash : facts.addressHash,
          );
          const subjects = hashes.filter((hash) => hash !== null);
          const searches: Partial<LockedQuery>[] = [
            {},
            { labelPrefix: 'ANN' },
            { labelPrefix: 'äNN' },
            { labelPrefix: 'a'.repeat(70) },
            { labelPrefix: 'zz' },
            { subjects },
            { subjects, labelPrefix: 'anna' },
          ];
          for (const where of [realm, `${realm}-small`, undefined]) {
            for (const search of searches) {
              // Of the whole store a search alone is as good as all of it.
              if (where === undefined && search.labelPrefix !== 'ANN') continue;
              for (const sort of SORTS) {
                const { realm: _, ...anywhere } = locked(realm, {
                  of: list,
                  state: stateOf,
                  sort,
                  limit: 7,
                  ...search,
                });
                const query = { ...anywhere, ...(where !== undefined && { realm: where }) };
                const seen = await pagesOf(store, query);
                const mine = seen.filter(({ facts }) => facts.realm.startsWith(realm));
                deepEqual(keys(mine).sort(), expected(query, swaps));
                assertSorted(sort, seen);
              }
            }
          }
          await store.prune(swaps);
        },
      );
    }
  }

  law('skips and repeats nothing when records go between two pages', async (store, realm, write) => {
    for (const sort of SORTS) {
      const where = `${realm}-${sort.toLowerCase()}`;
      const swaps = population(where).map((swap) => ({ ...swap, facts: { ...swap.facts, realm: where } }));
      await write(...swaps);
      const gone = new Set<string>();
      const query = locked(where, { state: 'any', sort, limit: 5 });
      const seen = await pagesOf(store, query, async (page) => {
        // What ended the page, and one that is still to come.
        const last = page.at(-1);
        const next = swaps.find(({ key }) => !gone.has(key) && !keys(page).includes(key));
        const both = [last, next].filter((one) => one !== undefined);
        for (const { key } of both) gone.add(key);
        equal(await store.prune(both), both.length);
      });
      await store.prune(swaps);
      const left = expected(query, swaps).filter((key) => !gone.has(key));
      equal(new Set(keys(seen)).size, seen.length);
      deepEqual(
        keys(seen)
          .filter((key) => !gone.has(key))
          .sort(),
        left,
      );
    }
  });

  law('counts the locks in force of accounts and of addresses, by realm', async (store, realm, write) => {
    const swaps = population(realm);
    await write(...swaps);
    const realms = [[realm], [`${realm}-small`], [realm, `${realm}-small`], [`${realm}-other`], []];
    for (const list of ['account', 'address'] as const) {
      for (const some of realms) {
        const all = some.flatMap((where) => expected(locked(where, { of: list }), swaps));
        equal(await store.countLocked({ of: list, realms: some, now: NOW }), all.length);
      }
    }
    const alice = contractHash() as SubjectHash;
    const twice = [1, 2].map((n) =>
      contractSwap({ facts: account('alice', `${realm}-two`, alice), state: state({ until: NOW + n }) }),
    );
    await write(...twice);
    const two = { of: 'account', realms: [`${realm}-two`] } as const;
    equal(await store.countLocked({ ...two, now: NOW }), 2);
    equal(await store.countLocked({ ...two, now: NOW + 1 }), 1);
    equal(await store.countLocked({ ...two, now: NOW + 2 }), 0);
    await store.prune([...swaps, ...twice]);
  });
}
