import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { AuditLog } from '../store/audit-log.js';
import type { Directory, LockedQuery } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { LockoutRecord, RecordFacts, Swap } from '../store/record.js';
import { type ContractRunner, contractHash, contractKey, contractSwap } from './store-contract.js';

export interface DirectoryUnderTest {
  readonly store: LockoutStore & Directory & AuditLog;
  readonly close: () => Promise<void>;
}

const NOW = 1_900_000_000_000;
const MINUTE = 60_000;

function state(parts: Partial<LockoutState> & { readonly until?: number | null; readonly since?: number }): LockoutState {
  const { until, since = NOW - MINUTE, ...rest } = parts;
  const lock = until === undefined ? null : { since, until, cause: 'failures' as const, step: 0 };
  return { ...EMPTY_STATE, failures: 1, lastFailureAt: NOW - MINUTE, updatedAt: NOW, lock, ...rest };
}

function account(label: string | null, realm: string, accountHash = contractHash()): RecordFacts {
  return {
    realm,
    counter: 'account',
    scope: 'account',
    accountHash,
    addressHash: null,
    accountLabel: label,
    addressLabel: null,
  };
}

function address(label: string, realm: string, addressHash = contractHash()): RecordFacts {
  return {
    realm,
    counter: 'address',
    scope: 'address',
    accountHash: null,
    addressHash,
    accountLabel: null,
    addressLabel: label,
  };
}

/** Declares what the administrators' side of a store promises. Each test works in a realm of its own. */
export function directoryContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<DirectoryUnderTest>,
): void {
  let realms = 0;
  const law = (
    title: string,
    body: (store: DirectoryUnderTest['store'], realm: string, write: (...swaps: Swap[]) => Promise<void>) => Promise<void>,
  ): void => {
    runner.it(title, async () => {
      const { store, close } = await open();
      realms += 1;
      try {
        await body(store, `realm-${realms}-${contractKey().slice(0, 8)}`, async (...swaps) => {
          const lost = await store.compareAndSwap(swaps, { now: (await store.load([])).now });
          deepEqual([...lost], []);
        });
      } finally {
        await close();
      }
    });
  };
  const keys = (records: readonly LockoutRecord[]): string[] => records.map(({ key }) => key);
  const inOrder = (...swaps: Swap[]): string[] => swaps.map(({ key }) => key);
  const locked = (realm: string, parts: Partial<LockedQuery> = {}): LockedQuery => ({
    of: 'account',
    state: 'locked',
    sort: 'until',
    limit: 100,
    now: NOW,
    realm,
    ...parts,
  });

  runner.describe(`the directory contract: ${name}`, () => {
    law('finds all records of an account and of an address', async (store, realm, write) => {
      const alice = contractHash();
      const home = contractHash();
      const alone = contractSwap({ facts: account('alice', realm, alice) });
      const atHome = contractSwap({ facts: { ...account('alice', realm, alice), addressHash: home } });
      const homeAlone = contractSwap({ facts: address('10.0.0.1', realm, home) });
      await write(alone, atHome, homeAlone, contractSwap({ facts: account('bob', realm) }));
      deepEqual(keys(await store.ofAccount(alice)).sort(), inOrder(alone, atHome).sort());
      deepEqual(keys(await store.ofAddress(home)).sort(), inOrder(atHome, homeAlone).sort());
      deepEqual(await store.ofAccount(contractHash()), []);
      const [found] = await store.ofAddress(homeAlone.facts.addressHash as SubjectHash).then((all) =>
        all.filter(({ key }) => key === homeAlone.key),
      );
      const { key, version, state: itsState, facts } = homeAlone;
      deepEqual(found, { key, version, state: itsState, facts });
    });

    law('lists what is locked now: from since on, until its end and not a millisecond longer', async (store, realm, write) => {
      const over = contractSwap({ facts: account('a', realm), state: state({ until: NOW }) });
      const last = contractSwap({ facts: account('b', realm), state: state({ until: NOW + 1 }) });
      const free = contractSwap({ facts: account('c', realm), state: state({}) });
      const other = contractSwap({ facts: account('d', `${realm}x`), state: state({ until: NOW + 1 }) });
      const blocked = contractSwap({ facts: address('10.0.0.1', realm), state: state({ until: NOW + 1 }) });
      await write(over, last, free, other, blocked);
      deepEqual(keys((await store.find(locked(realm))).items), inOrder(last));
      deepEqual(keys((await store.find(locked(realm, { of: 'address' }))).items), inOrder(blocked));
      deepEqual(
        keys((await store.find(locked(realm, { state: 'any' }))).items).sort(),
        inOrder(over, last, free).sort(),
      );
    });

    law('sorts latest first, indefinite before all others, what has no value last', async (store, realm, write) => {
      const soon = contractSwap({
        facts: account('a', realm),
        state: state({ until: NOW + MINUTE, since: NOW - 3, lastFailureAt: NOW - 20 }),
      });
      const late = contractSwap({
        facts: account('b', realm),
        state: state({ until: NOW + 9 * MINUTE, since: NOW - 9, lastFailureAt: null }),
      });
      const never = contractSwap({
        facts: account('c', realm),
        state: state({ until: null, since: NOW - 6, lastFailureAt: NOW - 10 }),
      });
      const free = contractSwap({ facts: account('d', realm), state: state({ lastFailureAt: NOW - 5 }) });
      await write(soon, late, never, free);
      const sorted = async (parts: Partial<LockedQuery>) => keys((await store.find(locked(realm, parts))).items);
      deepEqual(await sorted({ sort: 'until' }), inOrder(never, late, soon));
      deepEqual(await sorted({ sort: 'since' }), inOrder(soon, never, late));
      deepEqual(await sorted({ sort: 'lastFailureAt' }), inOrder(never, soon, late));
      deepEqual(await sorted({ sort: 'until', state: 'any' }), inOrder(never, late, soon, free));
      deepEqual(await sorted({ sort: 'lastFailureAt', state: 'any' }), inOrder(free, never, soon, late));
    });

    law('pages show every record once, also among equals', async (store, realm, write) => {
      const swaps = Array.from({ length: 23 }, (_, n) =>
        contractSwap({
          facts: account(`a${n}`, realm),
          state: state({ until: n % 5 === 0 ? null : NOW + MINUTE * (1 + (n % 3)) }),
        }),
      );
      await write(...swaps);
      for (const sort of ['until', 'since', 'lastFailureAt'] as const) {
        const seen: string[] = [];
        let cursor: string | undefined;
        let pages = 0;
        do {
          const page = await store.find(locked(realm, { sort, limit: 5, ...(cursor !== undefined && { cursor }) }));
          ok(page.items.length <= 5);
          seen.push(...keys(page.items));
          cursor = page.nextCursor ?? undefined;
          pages += 1;
        } while (cursor !== undefined);
        equal(pages, 5);
        deepEqual([...seen].sort(), inOrder(...swaps).sort());
        deepEqual(seen, keys((await store.find(locked(realm, { sort }))).items));
      }
    });

    law('a page that is just full is the last one', async (store, realm, write) => {
      const swaps = [1, 2].map((n) => contractSwap({ facts: account(`${n}`, realm), state: state({ until: NOW + n }) }));
      await write(...swaps);
      equal((await store.find(locked(realm, { limit: 2 }))).nextCursor, null);
      equal(typeof (await store.find(locked(realm, { limit: 1 }))).nextCursor, 'string');
    });

    law('refuses cursors of other lists and made-up ones', async (store, realm, write) => {
      const swaps = [1, 2].map((n) => contractSwap({ facts: account(`${n}`, realm), state: state({ until: NOW + n }) }));
      await write(...swaps);
      const { nextCursor } = await store.find(locked(realm, { limit: 1 }));
      for (const cursor of [nextCursor ?? '', 'nonsense', '', Buffer.from('["since",1,"zz"]').toString('base64url')]) {
        await rejects(store.find(locked(realm, { sort: 'since', cursor })), { code: 'LOCKOUT_BAD_INPUT' });
        await rejects(store.list({ limit: 1, cursor }), { code: 'LOCKOUT_BAD_INPUT' });
      }
    });

    law('searches by subject or by the start of the label, where % and _ are only letters', async (store, realm, write) => {
      const lock = { until: NOW + MINUTE };
      const alice = contractSwap({ facts: account('Alice@example.org', realm), state: state(lock) });
      const percent = contractSwap({ facts: account('a%b', realm), state: state(lock) });
      const dash = contractSwap({ facts: account('a_b!c', realm), state: state(lock) });
      const hidden = contractSwap({ facts: account(null, realm), state: state(lock) });
      await write(alice, percent, dash, hidden);
      const search = async (parts: Partial<LockedQuery>) => keys((await store.find(locked(realm, parts))).items).sort();
      deepEqual(await search({ labelPrefix: 'alice@' }), inOrder(alice));
      deepEqual(await search({ labelPrefix: 'a' }), inOrder(alice, percent, dash).sort());
      deepEqual(await search({ labelPrefix: 'a%' }), inOrder(percent));
      deepEqual(await search({ labelPrefix: 'a_B!' }), inOrder(dash));
      deepEqual(await search({ labelPrefix: `a' OR '1'='1` }), []);
      const subjects = [hidden.facts.accountHash as SubjectHash];
      deepEqual(await search({ subjects }), inOrder(hidden));
      deepEqual(await search({ subjects, labelPrefix: 'a%' }), inOrder(hidden, percent).sort());
      deepEqual(await search({ subjects: [] }), []);
    });

    law('lists ended locks oldest first, and never one in force or indefinite (R12)', async (store, realm, write) => {
      // Other realms' records may be among the answers: only ours are looked at.
      const mine = (records: readonly LockoutRecord[]): string[] =>
        keys(records.filter(({ facts }) => facts.realm === realm));
      const late = contractSwap({ facts: account('a', realm), state: state({ until: NOW }) });
      const early = contractSwap({ facts: account('b', realm), state: state({ until: NOW - MINUTE }) });
      const inForce = contractSwap({ facts: account('c', realm), state: state({ until: NOW + 1 }) });
      const never = contractSwap({ facts: account('d', realm), state: state({ until: null }) });
      await write(late, early, inForce, never);
      deepEqual(mine(await store.endedLocks(NOW, 1000)), inOrder(early, late));
      deepEqual(mine(await store.endedLocks(Number.MAX_SAFE_INTEGER, 1000)), inOrder(early, late, inForce));
      equal((await store.endedLocks(NOW, 1)).length, 1);
    });

    law('lists what outlived its use, at most five minutes late and never early (R25)', async (store, realm, write) => {
      const mine = (records: readonly LockoutRecord[]): string[] =>
        keys(records.filter(({ facts }) => facts.realm === realm));
      const faded = contractSwap({ facts: account('a', realm), keepUntil: NOW - 10 * MINUTE });
      const needed = contractSwap({ facts: account('b', realm), keepUntil: NOW });
      const forever = contractSwap({ facts: account('c', realm), keepUntil: null });
      await write(faded, needed, forever);
      deepEqual(mine(await store.outlived(NOW, 1000)), inOrder(faded));
      deepEqual(mine(await store.outlived(NOW + 5 * MINUTE + 1, 1000)), inOrder(faded, needed));
      deepEqual(mine(await store.outlived(Number.MAX_SAFE_INTEGER, 1000)), inOrder(faded, needed));
    });

    law('prunes exactly the versions it is given (R25)', async (store, realm, write) => {
      const swaps = Array.from({ length: 5 }, (_, n) => contractSwap({ facts: account(`a${n}`, realm) }));
      await write(...swaps);
      const [first, second, third] = swaps as [Swap, Swap, Swap];
      equal(
        await store.prune([
          first,
          { key: second.key, version: third.version },
          third,
          { key: contractKey(), version: first.version },
        ]),
        2,
      );
      const left = await store.load(inOrder(...swaps) as never);
      deepEqual([...left.records.keys()].sort(), swaps.filter((swap) => swap !== first && swap !== third).map(({ key }) => key).sort());
      equal(await store.prune([]), 0);
    });

    law('lists events latest first, by account, address and type, in pages', async (store, realm, write) => {
      const alice = account('alice', realm);
      const bob = { ...account('bob', realm), addressHash: contractHash() };
      for (let n = 0; n < 5; n += 1) {
        await write(contractSwap({ facts: n % 2 === 0 ? alice : bob, events: [{ type: 'failed', at: NOW + n, failures: n }] }));
      }
      await write(contractSwap({ facts: alice, events: [{ type: 'expired', at: NOW }] }));
      const times = async (query: Parameters<AuditLog['list']>[0]): Promise<number[]> =>
        (await store.list(query)).items.map(({ event }) => event.at - NOW);
      const ofAlice = { account: alice.accountHash as SubjectHash };
      deepEqual(await times({ ...ofAlice, limit: 10 }), [0, 4, 2, 0]);
      deepEqual(await times({ ...ofAlice, type: 'failed', limit: 10 }), [4, 2, 0]);
      deepEqual(await times({ address: bob.addressHash, limit: 10 }), [3, 1]);
      const first = await store.list({ ...ofAlice, limit: 3 });
      equal(first.items.length, 3);
      const second = await store.list({ ...ofAlice, limit: 3, cursor: first.nextCursor ?? '' });
      deepEqual(
        second.items.map(({ event }) => event.at - NOW),
        [0],
      );
      equal(second.nextCursor, null);
    });
  });
}
