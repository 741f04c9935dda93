import { deepEqual, ok } from 'node:assert/strict';
import type { AuditLog } from '../store/audit-log.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { PolicyRevision, PolicySave, PolicyStore, PolicyTarget } from '../store/policy-store.js';
import { contractKey } from './contract-swap.js';
import { type ContractRunner, type PortLaw, portLawOf } from './port-law.js';

export interface PolicyStoreUnderTest {
  readonly store: LockoutStore & PolicyStore & AuditLog;
  /** A second client of the same saved policies, as another process would have; default: the same store. */
  readonly other?: LockoutStore & PolicyStore & AuditLog;
  readonly close: () => Promise<void>;
}

export interface OpenedPolicies {
  readonly store: LockoutStore & PolicyStore & AuditLog;
  readonly other: LockoutStore & PolicyStore & AuditLog;
  /** The name of a policy that no other test uses. */
  readonly policy: string;
}

/** Declares one law as a test with a store and a policy of its own. */
export type PolicyStoreLaw = PortLaw<OpenedPolicies>;

export function policyStoreLawOf(
  runner: ContractRunner,
  open: () => Promise<PolicyStoreUnderTest>,
): PolicyStoreLaw {
  const law = portLawOf<PolicyStoreUnderTest['store']>(runner, open);
  return (title, body) => law(title, (opened) => body({ ...opened, policy: freshPolicy() }));
}

export function freshPolicy(): string {
  return `policy-${contractKey().slice(0, 12)}`;
}

/** The first save of a policy's global settings, unless `parts` say otherwise. */
export function policySave(policy: string, parts: Partial<PolicySave> = {}): PolicySave {
  return {
    policy,
    brand: null,
    expected: 0,
    settings: { threshold: 5 },
    by: 'ops@example.com',
    reason: 'ticket 42',
    ...parts,
  };
}

/** A save that has to win. */
export async function saved(store: PolicyStore, save: PolicySave): Promise<PolicyRevision> {
  const revision = await store.savePolicy(save);
  ok(revision, `lost: expected ${save.expected} of ${save.policy}`);
  return revision;
}

/** Saves with the settings `{ n: 1 }`, `{ n: 2 }` … `{ n: times }`, one after the other. */
export async function savedTimes(store: PolicyStore, target: PolicyTarget, times: number): Promise<void> {
  for (let n = 1; n <= times; n += 1) {
    await saved(store, policySave(target.policy, { ...target, expected: n - 1, settings: { n } }));
  }
}

/** What governs one target; undefined: never saved. */
export async function latest(store: PolicyStore, target: PolicyTarget): Promise<PolicyRevision | undefined> {
  const { revisions } = await store.savedPolicies();
  const found = revisions.filter(({ policy, brand }) => policy === target.policy && brand === target.brand);
  deepEqual(found.slice(1), [], 'a target has one latest revision');
  return found[0];
}

export async function versions(store: PolicyStore, target: PolicyTarget): Promise<number[]> {
  return (await store.policyHistory(target, { limit: 100 })).items.map(({ version }) => version);
}
