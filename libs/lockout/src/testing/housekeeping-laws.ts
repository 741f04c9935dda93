import { deepEqual, equal } from 'node:assert/strict';
import type { SubjectHash } from '../key/key.js';
import type { AuditLog } from '../store/audit-log.js';
import type { LockoutRecord, Swap } from '../store/record.js';
import { contractHash, contractKey, contractSwap } from './contract-swap.js';
import { account, type DirectoryLaw, inOrder, keys, MINUTE, NOW, state } from './directory-law.js';

/** What the sweeper works through, and the audit record. */
export function housekeepingLaws(law: DirectoryLaw): void {
  law(
    'lists ended locks oldest first, and never one in force or indefinite (R12)',
    async (store, realm, write) => {
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
    },
  );

  law(
    'lists what outlived its use, at most five minutes late and never early (R25)',
    async (store, realm, write) => {
      const mine = (records: readonly LockoutRecord[]): string[] =>
        keys(records.filter(({ facts }) => facts.realm === realm));
      const faded = contractSwap({ facts: account('a', realm), keepUntil: NOW - 10 * MINUTE });
      const needed = contractSwap({ facts: account('b', realm), keepUntil: NOW });
      const forever = contractSwap({ facts: account('c', realm), keepUntil: null });
      await write(faded, needed, forever);
      deepEqual(mine(await store.outlived(NOW, 1000)), inOrder(faded));
      deepEqual(mine(await store.outlived(NOW + 5 * MINUTE + 1, 1000)), inOrder(faded, needed));
      deepEqual(mine(await store.outlived(Number.MAX_SAFE_INTEGER, 1000)), inOrder(faded, needed));
    },
  );

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
    deepEqual(
      [...left.records.keys()].sort(),
      swaps
        .filter((swap) => swap !== first && swap !== third)
        .map(({ key }) => key)
        .sort(),
    );
    equal(await store.prune([]), 0);
  });

  law('lists events latest first, by account, address and type, in pages', async (store, realm, write) => {
    const alice = account('alice', realm);
    const bob = { ...account('bob', realm), addressHash: contractHash() };
    for (let n = 0; n < 5; n += 1) {
      await write(
        contractSwap({
          facts: n % 2 === 0 ? alice : bob,
          events: [{ type: 'failed', at: NOW + n, failures: n }],
        }),
      );
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
}
