import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import type { LockedQuery } from '../store/directory.js';
import { contractHash, contractSwap } from './contract-swap.js';
import {
  account,
  address,
  type DirectoryLaw,
  inOrder,
  keys,
  locked,
  MINUTE,
  NOW,
  state,
} from './directory-law.js';

/** What administrators see: each record once, in order, found by subject or label. */
export function listingLaws(law: DirectoryLaw): void {
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
    const [found] = await store
      .ofAddress(homeAlone.facts.addressHash as SubjectHash)
      .then((all) => all.filter(({ key }) => key === homeAlone.key));
    const { key, version, state: itsState, facts } = homeAlone;
    deepEqual(found, { key, version, state: itsState, facts });
  });

  law(
    'lists what is locked now: from since on, until its end and not a millisecond longer',
    async (store, realm, write) => {
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
    },
  );

  law(
    'sorts latest first, indefinite before all others, what has no value last and what has no lock after that',
    async (store, realm, write) => {
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
      const sorted = async (parts: Partial<LockedQuery>) =>
        keys((await store.find(locked(realm, parts))).items);
      deepEqual(await sorted({ sort: 'until' }), inOrder(never, late, soon));
      deepEqual(await sorted({ sort: 'since' }), inOrder(soon, never, late));
      deepEqual(await sorted({ sort: 'lastFailureAt' }), inOrder(never, soon, late));
      deepEqual(await sorted({ sort: 'until', state: 'any' }), inOrder(never, late, soon, free));
      deepEqual(await sorted({ sort: 'since', state: 'any' }), inOrder(soon, never, late, free));
      deepEqual(await sorted({ sort: 'lastFailureAt', state: 'any' }), inOrder(never, soon, late, free));
    },
  );

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
        const page = await store.find(
          locked(realm, { sort, limit: 5, ...(cursor !== undefined && { cursor }) }),
        );
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
    const swaps = [1, 2].map((n) =>
      contractSwap({ facts: account(`${n}`, realm), state: state({ until: NOW + n }) }),
    );
    await write(...swaps);
    equal((await store.find(locked(realm, { limit: 2 }))).nextCursor, null);
    equal(typeof (await store.find(locked(realm, { limit: 1 }))).nextCursor, 'string');
  });

  law('refuses cursors of other lists and made-up ones', async (store, realm, write) => {
    const swaps = [1, 2].map((n) =>
      contractSwap({ facts: account(`${n}`, realm), state: state({ until: NOW + n }) }),
    );
    await write(...swaps);
    const { nextCursor } = await store.find(locked(realm, { limit: 1 }));
    for (const cursor of [
      nextCursor ?? '',
      'nonsense',
      '',
      Buffer.from('["since",1,"zz"]').toString('base64url'),
    ]) {
      await rejects(store.find(locked(realm, { sort: 'since', cursor })), { code: 'LOCKOUT_BAD_INPUT' });
      await rejects(store.list({ limit: 1, cursor }), { code: 'LOCKOUT_BAD_INPUT' });
    }
  });

  law(
    'searches by subject or by the start of the label, where % and _ are only letters',
    async (store, realm, write) => {
      const lock = { until: NOW + MINUTE };
      const alice = contractSwap({ facts: account('Alice@example.org', realm), state: state(lock) });
      const percent = contractSwap({ facts: account('a%b', realm), state: state(lock) });
      const dash = contractSwap({ facts: account('a_b!c', realm), state: state(lock) });
      const hidden = contractSwap({ facts: account(null, realm), state: state(lock) });
      await write(alice, percent, dash, hidden);
      const search = async (parts: Partial<LockedQuery>) =>
        keys((await store.find(locked(realm, parts))).items).sort();
      deepEqual(await search({ labelPrefix: 'alice@' }), inOrder(alice));
      deepEqual(await search({ labelPrefix: 'a' }), inOrder(alice, percent, dash).sort());
      deepEqual(await search({ labelPrefix: 'a%' }), inOrder(percent));
      deepEqual(await search({ labelPrefix: 'a_B!' }), inOrder(dash));
      deepEqual(await search({ labelPrefix: 'ALICE@example.org.' }), []);
      deepEqual(await search({ labelPrefix: `a' OR '1'='1` }), []);
      const subjects = [hidden.facts.accountHash as SubjectHash];
      deepEqual(await search({ subjects }), inOrder(hidden));
      deepEqual(await search({ subjects, labelPrefix: 'a%' }), inOrder(hidden, percent).sort());
      deepEqual(await search({ subjects: [] }), []);
    },
  );
}
