import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { encodeCursor } from '../store/cursor.js';
import type { PolicyRevision, PolicySave, SavedPolicies } from '../store/policy-store.js';
import {
  freshPolicy,
  latest,
  type PolicyStoreLaw,
  policySave,
  saved,
  savedTimes,
  versions,
} from './policy-store-law.js';

/** What is read back: history in pages, and nothing missed or won twice while many save at once. */
export function policyListingLaws(law: PolicyStoreLaw, callers: number): void {
  law('pages through the history of one target, latest first, each revision once', async (opened) => {
    const { store, other, policy } = opened;
    const target = { policy, brand: 'acme' };
    await savedTimes(store, target, 5);
    await savedTimes(store, { policy, brand: null }, 2);
    const seen: PolicyRevision[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page = await other.policyHistory(target, { limit: 2, ...(cursor !== null && { cursor }) });
      seen.push(...page.items);
      cursor = page.nextCursor;
      pages += 1;
      // Saved meanwhile: it belongs before the first page.
      if (pages === 1) await saved(store, policySave(policy, { ...target, expected: 5 }));
    } while (cursor !== null);
    deepEqual(
      seen.map(({ version, settings }) => [version, settings]),
      [5, 4, 3, 2, 1].map((n) => [n, { n }]),
    );
    equal(pages, 3);
    equal((await store.policyHistory(target, { limit: 6 })).nextCursor, null);
  });

  law('refuses the cursor of another list, and of another target', async ({ store, policy }) => {
    const target = { policy, brand: null };
    await savedTimes(store, target, 2);
    await savedTimes(store, { policy, brand: 'acme' }, 2);
    const { nextCursor } = await store.policyHistory({ policy, brand: 'acme' }, { limit: 1 });
    notEqual(nextCursor, null);
    for (const cursor of [
      String(nextCursor),
      encodeCursor({ list: 'events', value: 2, key: '' }),
      'nonsense',
      '',
    ]) {
      await rejects(store.policyHistory(target, { limit: 1, cursor }), { name: 'CursorError' });
    }
  });

  law(`of ${callers} saves at once that expect the same version exactly one wins`, async (opened) => {
    const { store, other, policy } = opened;
    for (const brand of [null, 'acme']) {
      for (let expected = 0; expected < 3; expected += 1) {
        const saves = Array.from(
          { length: callers },
          (_, n): PolicySave => policySave(policy, { brand, expected, settings: { n }, by: `admin-${n}` }),
        );
        const answers = await Promise.all(
          saves.map((save, n) => (n % 2 === 0 ? store : other).savePolicy(save)),
        );
        const won = answers.filter((answer) => answer !== null);
        equal(won.length, 1, `${won.length} of ${callers} saves that expected ${expected} won`);
        const [winner] = won;
        equal(winner?.by, `admin-${answers.findIndex((answer) => answer !== null)}`);
        deepEqual(await latest(store, { policy, brand }), winner);
        deepEqual(await latest(other, { policy, brand }), winner);
      }
      deepEqual(await versions(store, { policy, brand }), [3, 2, 1]);
    }
  });

  law(
    `${callers} callers that look and save again until they win lose nothing (pitfall 2)`,
    async (opened) => {
      const { policy } = opened;
      const target = { policy, brand: null };
      let lostRaces = 0;
      const increment = async (n: number): Promise<void> => {
        const store = n % 2 === 0 ? opened.store : opened.other;
        for (;;) {
          const now = await latest(store, target);
          const total = Number(now?.settings?.['total'] ?? 0);
          const save = policySave(policy, { expected: now?.version ?? 0, settings: { total: total + 1 } });
          if ((await store.savePolicy(save)) !== null) return;
          lostRaces += 1;
        }
      };
      await Promise.all(Array.from({ length: callers }, (_, n) => increment(n)));
      deepEqual((await latest(opened.store, target))?.settings, { total: callers });
      equal((await latest(opened.other, target))?.version, callers);
      notEqual(lostRaces, 0, 'no race was run');
    },
  );

  law('whoever compares counts misses no save, in whatever order they are committed', async (opened) => {
    const { store, other } = opened;
    const policies = Array.from({ length: callers }, freshPolicy);
    await Promise.all(
      policies.map(async (policy, n) => {
        const [writer, reader] = n % 2 === 0 ? [store, other] : [other, store];
        // Others save while this is read.
        const known = await reader.savedPolicies();
        ok(known.count <= revisionsOf(known), 'counted without being read');
        await saved(writer, policySave(policy));
        notEqual(await reader.policyCount(), known.count);
        ok(await latest(reader, { policy, brand: null }), 'not read although it was saved');
      }),
    );
    const known = await other.savedPolicies();
    equal(known.count, await store.policyCount());
    equal(known.count, revisionsOf(known));
  });
}

/** How many revisions there were of all targets, whose versions count them. */
function revisionsOf({ revisions }: SavedPolicies): number {
  return revisions.reduce((sum, { version }) => sum + version, 0);
}
