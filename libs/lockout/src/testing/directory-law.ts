import { deepEqual } from 'node:assert/strict';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import type { AuditLog } from '../store/audit-log.js';
import type { Directory, LockedQuery } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { LockoutRecord, RecordFacts, Swap } from '../store/record.js';
import { contractHash, contractKey } from './contract-swap.js';
import { type ContractRunner, portLawOf } from './port-law.js';

export interface DirectoryUnderTest {
  readonly store: LockoutStore & Directory & AuditLog;
  readonly close: () => Promise<void>;
}

/** The moment at which the directory's laws play. */
export const NOW = 1_900_000_000_000;
export const MINUTE = 60_000;

/** A state with one failure; `until` locks it. */
export function state(
  parts: Partial<LockoutState> & { readonly until?: number | null; readonly since?: number },
): LockoutState {
  const { until, since = NOW - MINUTE, ...rest } = parts;
  const lock = until === undefined ? null : { since, until, cause: 'failures' as const, step: 0 };
  return { ...EMPTY_STATE, failures: 1, lastFailureAt: NOW - MINUTE, updatedAt: NOW, lock, ...rest };
}

/** What a record of an account is about. */
export function account(label: string | null, realm: string, accountHash = contractHash()): RecordFacts {
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

/** What a record of an address alone is about. */
export function address(label: string, realm: string, addressHash = contractHash()): RecordFacts {
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

/** Declares one law as a test with a store and a realm of its own; `write` inserts records. */
export type DirectoryLaw = (
  title: string,
  body: (
    store: DirectoryUnderTest['store'],
    realm: string,
    write: (...swaps: Swap[]) => Promise<void>,
  ) => Promise<void>,
) => void;

export function directoryLawOf(
  runner: ContractRunner,
  open: () => Promise<DirectoryUnderTest>,
): DirectoryLaw {
  const law = portLawOf<DirectoryUnderTest['store']>(runner, open);
  return (title, body) => {
    law(title, ({ store }) =>
      body(store, `realm-${contractKey().slice(0, 12)}`, async (...swaps) => {
        const lost = await store.compareAndSwap(swaps, { now: (await store.load([])).now });
        deepEqual([...lost], []);
      }),
    );
  };
}

export function keys(records: readonly LockoutRecord[]): string[] {
  return records.map(({ key }) => key);
}

export function inOrder(...swaps: Swap[]): string[] {
  return swaps.map(({ key }) => key);
}

/** Every account of a realm that is locked at {@link NOW}, unless `parts` say otherwise. */
export function locked(realm: string, parts: Partial<LockedQuery> = {}): LockedQuery {
  return { of: 'account', state: 'locked', sort: 'until', limit: 100, now: NOW, realm, ...parts };
}
