import { isEmptied } from '../engine/erasing.js';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { type AccountAddress, AccountDirectory, type FoundAccount } from './account-directory.js';
import { lockViews } from './lock-view.js';
import type { Permission } from './permission.js';
import { Problem } from './problem.js';
import { storeNow } from './store-now.js';

export interface EraseAnswer {
  /** `false`: nothing was kept of it. */
  readonly changed: boolean;
  /** Counters that were emptied. */
  readonly counters: number;
  /** Events that it was taken out of. */
  readonly events: number;
}

/**
 * Forgets an account: what is counted of it goes, and its name goes out of everything that was recorded, for good. It
 * need not have any record: events outlive those.
 * Erasing lifts locks, so while one is in force the application's hook is asked as for an unlock.
 * @throws {Problem} 403; 404 no account has this id; 409 it is locked and may not be unlocked; 422 `confirm` is not how it
 * is called.
 */
export async function eraseAccount(
  engine: LockoutEngine,
  permission: Permission,
  address: AccountAddress,
  { reason, confirm }: { readonly reason: string; readonly confirm: string },
): Promise<EraseAnswer> {
  const found = await whomMeant(engine, address);
  if (!found) throw new Problem(404, 'No account has this id.');
  const { realm, account, hashes } = found;
  await permission.require('erase', [realm]);
  const typed = 'id' in address ? address.id : address.account;
  if (confirm !== account && confirm !== typed) {
    const message = 'must repeat how the account is called';
    throw new Problem(422, `confirm ${message}. Nothing was changed.`, {
      errors: [{ path: 'confirm', message }],
    });
  }
  await requireUnlockable(engine, permission, found);
  const actor = await permission.actor(reason);
  const { counters, events } = await engine.accounts.erase({ realm, hashes, label: account }, actor);
  return { changed: counters > 0 || events > 0, counters, events };
}

/** @throws {Problem} 409: a lock is in force, and this administrator may not lift it. */
async function requireUnlockable(
  engine: LockoutEngine,
  permission: Permission,
  found: FoundAccount,
): Promise<void> {
  if (lockViews(engine, found.records, await storeNow(engine)).length === 0) return;
  const reason = await permission.ineligibility(found);
  if (reason === null) return;
  throw new Problem(409, 'Nothing was erased: the account is locked, and may not be unlocked.', {
    errors: [{ account: found.account ?? found.id, reason }],
    ...(await permission.support(found.realm)),
  });
}

/**
 * Whom the call means, by all that it is found by; null: nobody has this id. Whatever is kept tells what a name without a
 * flag means, and events outlive counters.
 */
async function whomMeant(engine: LockoutEngine, address: AccountAddress): Promise<FoundAccount | null> {
  const directory = new AccountDirectory(engine);
  if ('id' in address) return (await directory.find(address)) ?? directory.ofEvents(address.id);
  if (address.unknown !== undefined) return directory.find(address);
  const readings = await directory.readings(address.realm, address.account);
  for (const reading of readings) if (await isKept(engine, reading)) return reading;
  // Nowhere but in the origins of addresses' events, perhaps, which are found by the name alone.
  return readings[0] ?? null;
}

/** Whether a counter says anything of it, or any event is about it. */
async function isKept({ options }: LockoutEngine, { records, hashes }: FoundAccount): Promise<boolean> {
  if (records.some((record) => !isEmptied(record))) return true;
  const latest = await Promise.all(hashes.map((account) => options.store.list({ account, limit: 1 })));
  return latest.some(({ items }) => items.length > 0);
}
