import { deepEqual, equal, ok } from 'node:assert/strict';
import type { LockoutEvent } from '../policy/event.js';
import { type Law, stored, swap, wins } from './contract-law.js';
import { contractHash, contractSwap, FACTS, freshVersion, LOCKED } from './contract-swap.js';

/** Events belong to the swap that made them; a record that is gone counts as absent. */
export function eventLaws(law: Law): void {
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
}
