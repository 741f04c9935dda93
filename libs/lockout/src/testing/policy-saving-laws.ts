import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { PolicySave } from '../store/policy-store.js';
import { StoreError } from '../store/store-error.js';
import { HOSTILE_LABELS } from './contract-swap.js';
import { latest, type PolicyStoreLaw, policySave, saved, savedTimes, versions } from './policy-store-law.js';

/** What one save does: it is kept whole, beside the earlier ones, and only if it knew the latest. */
export function policySavingLaws(law: PolicyStoreLaw): void {
  law('knows nothing of a policy that was never saved', async ({ store, policy }) => {
    equal(await latest(store, { policy, brand: null }), undefined);
    deepEqual(await store.policyHistory({ policy, brand: null }, { limit: 10 }), {
      items: [],
      nextCursor: null,
    });
  });

  law(
    'keeps what was saved, dated by its clock, and shows it to everyone at once',
    async ({ store, other, policy }) => {
      const save = policySave(policy, {
        settings: {
          threshold: 3,
          schedule: { kind: 'fixed', durationMs: 9e15 },
          counts: ['ß🔒'],
          none: null,
        },
        by: 'álice',
        reason: HOSTILE_LABELS.join(),
      });
      const before = await store.load([]);
      const revision = await saved(store, save);
      const after = await store.load([]);
      const { expected: _, ...rest } = save;
      deepEqual(revision, { ...rest, version: 1, at: revision.at });
      ok(before.now <= revision.at && revision.at <= after.now, `${revision.at} is not the store's time`);
      deepEqual(await latest(other, save), revision);
      deepEqual((await other.policyHistory(save, { limit: 10 })).items, [revision]);
    },
  );

  law('numbers the revisions of a target 1, 2, 3, and the last one governs', async ({ store, policy }) => {
    const target = { policy, brand: null };
    await savedTimes(store, target, 3);
    const revision = await latest(store, target);
    deepEqual([revision?.version, revision?.settings], [3, { n: 3 }]);
  });

  law(
    'OW-4 refuses a save that did not know the latest version, free number or not, and changes nothing',
    async ({ store, other, policy }) => {
      const target = { policy, brand: null };
      await savedTimes(store, target, 3);
      const before = await store.savedPolicies();
      for (const expected of [-1, 0, 1, 2, 4, 5, 1.5, Number.MAX_SAFE_INTEGER]) {
        equal(
          await other.savePolicy(policySave(policy, { expected, settings: { n: 'stale' } })),
          null,
          `expected ${expected}`,
        );
      }
      equal(await store.savePolicy(policySave(`${policy}-new`, { expected: 1 })), null);
      deepEqual(await store.savedPolicies(), before);
      equal(await store.policyCount(), before.count);
      deepEqual(await versions(store, target), [3, 2, 1]);
      equal((await saved(store, policySave(policy, { expected: 3 }))).version, 4);
    },
  );

  law('OW-13 takes settings back without forgetting them', async ({ store, policy }) => {
    const target = { policy, brand: 'acme' };
    await savedTimes(store, target, 1);
    const removed = await saved(store, policySave(policy, { ...target, expected: 1, settings: null }));
    equal(removed.settings, null);
    deepEqual(await latest(store, target), removed);
    const again = await saved(store, policySave(policy, { ...target, expected: 2, settings: { n: 3 } }));
    equal(again.version, 3);
    const { items } = await store.policyHistory(target, { limit: 10 });
    deepEqual(
      items.map(({ settings }) => settings),
      [{ n: 3 }, null, { n: 1 }],
    );
  });

  law(
    'OW-11 keeps targets apart, however alike their names (pitfall 26)',
    async ({ store, other, policy }) => {
      const targets = [
        { policy, brand: null },
        { policy: policy.toUpperCase(), brand: null },
        { policy: `${policy} `, brand: null },
        ...['null', 'a', 'A', 'a ', ' a', 'á', 'a\u0301', 'a\u200b', ...HOSTILE_LABELS]
          .filter((brand) => brand !== '')
          .map((brand) => ({ policy, brand: brand.slice(0, 64) })),
      ];
      for (const [n, target] of targets.entries()) {
        await saved(store, policySave(policy, { ...target, settings: { n } }));
      }
      for (const [n, target] of targets.entries()) {
        deepEqual(await latest(other, target), (await other.policyHistory(target, { limit: 2 })).items[0]);
        deepEqual((await latest(other, target))?.settings, { n });
        deepEqual(await versions(other, target), [1]);
      }
    },
  );

  law('counts each revision once, and a lost save not at all', async ({ store, other, policy }) => {
    const start = await store.policyCount();
    await savedTimes(store, { policy, brand: null }, 2);
    await savedTimes(other, { policy, brand: 'acme' }, 1);
    await other.savePolicy(policySave(policy, { expected: 1 }));
    equal(await other.policyCount(), start + 3);
    equal((await store.savedPolicies()).count, start + 3);
  });

  law('shares no object with its callers', async ({ store, policy }) => {
    const settings = { window: { lengthMs: 1 } };
    const revision = await saved(store, policySave(policy, { settings }));
    settings.window.lengthMs = 2;
    (revision.settings as typeof settings).window.lengthMs = 3;
    for (const read of [
      await latest(store, revision),
      (await store.policyHistory(revision, { limit: 1 })).items[0],
    ]) {
      deepEqual(read?.settings, { window: { lengthMs: 1 } });
      (read.settings as typeof settings).window.lengthMs = 4;
    }
    deepEqual((await latest(store, revision))?.settings, { window: { lengthMs: 1 } });
  });

  law('keeps the longest that it promises to keep', async ({ store, policy }) => {
    const longest = policySave(policy.padEnd(64, 'x'), {
      brand: 'ß'.repeat(64),
      by: '🔒'.repeat(160),
      reason: 'é'.repeat(500),
      settings: { text: '€'.repeat((65_535 - '{"text":""}'.length) / 3) },
    });
    equal(Buffer.byteLength(JSON.stringify(longest.settings)), 65_534);
    const revision = await saved(store, longest);
    deepEqual(await latest(store, longest), revision);
    deepEqual(revision.settings, longest.settings);
  });

  law('rejects what no row can hold as data, and changes nothing', async ({ store, policy }) => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const refused: readonly Partial<PolicySave>[] = [
      { policy: policy.padEnd(65, 'x') },
      { policy: `${policy}\0` },
      { brand: '' },
      { brand: 'x'.repeat(65) },
      { brand: '\ud800' },
      { by: 'x'.repeat(321) },
      { by: 'a\0b' },
      { reason: 'x'.repeat(501) },
      { settings: { text: 'x'.repeat(65_536 - '{"text":""}'.length) } },
      { settings: circular },
    ];
    const before = await store.policyCount();
    for (const parts of refused) {
      await rejects(store.savePolicy(policySave(policy, parts)), (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    equal(await store.policyCount(), before);
    notEqual(await store.savePolicy(policySave(policy)), null);
  });
}
