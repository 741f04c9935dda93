import { deepEqual, equal } from 'node:assert/strict';
import type { AuditEntry } from '../store/audit-log.js';
import { targetHash } from '../store/policy-row.js';
import { contractEntry, recordedIn } from './contract-entry.js';
import { type OpenedPolicies, type PolicyStoreLaw, policySave, saved, versions } from './policy-store-law.js';

/** What tells of a save. */
function changed(policy: string, version: number, by = 'ops@example.com'): AuditEntry {
  return contractEntry(policy, {
    key: targetHash({ policy, brand: null }),
    event: {
      type: 'policy-changed',
      at: 0,
      policy,
      brand: null,
      version,
      by,
      reason: 'ticket 42',
      deleted: false,
    },
  });
}

/** Everything recorded of the law's policy; its name stands for a realm. */
const recorded = ({ store, policy }: OpenedPolicies) => recordedIn(store, { realms: [policy] });

/** A save is recorded with it, or not at all. */
export function policyEntryLaws(law: PolicyStoreLaw, callers: number): void {
  law('records what a save is told to, at its moment, with it', async (opened) => {
    const { store, other, policy } = opened;
    const entry = changed(policy, 1);
    const revision = await store.savePolicy(policySave(policy), entry);
    deepEqual(await recordedIn(other, { realms: [policy] }), [
      { id: entry.id, key: entry.key, event: { ...entry.event, at: revision?.at }, facts: entry.facts },
    ]);
    await saved(store, policySave(policy, { expected: 1 }));
    equal((await recorded(opened)).length, 1);
  });

  law('records nothing of a save that is lost or refused', async (opened) => {
    const { store, policy } = opened;
    await saved(store, policySave(policy));
    equal(await store.savePolicy(policySave(policy), changed(policy, 1)), null);
    equal(await store.savePolicy(policySave(policy, { expected: 2 }), changed(policy, 3)), null);
    const tooLong = policySave(policy, { expected: 1, reason: 'x'.repeat(501) });
    await store.savePolicy(tooLong, changed(policy, 2)).catch(() => undefined);
    // An entry that no row can hold takes the save with it.
    const broken = { ...changed(policy, 2), id: 'none' };
    await store.savePolicy(policySave(policy, { expected: 1 }), broken).catch(() => undefined);
    deepEqual(await recorded(opened), []);
    deepEqual(await versions(store, { policy, brand: null }), [1]);
  });

  law('OW-12 of many that save at once only the winner is recorded', async (opened) => {
    const { store, other, policy } = opened;
    const saves = Array.from({ length: callers }, (_, n) => {
      const by = `racer-${n}`;
      return (n % 2 === 0 ? store : other).savePolicy(policySave(policy, { by }), changed(policy, 1, by));
    });
    const winners = (await Promise.all(saves)).filter((revision) => revision !== null);
    equal(winners.length, 1);
    deepEqual(
      (await recorded(opened)).map(({ event }) => 'by' in event && event.by),
      winners.map(({ by }) => by),
    );
  });
}
