import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { SubjectHash } from '../key/key.js';
import { type AccountAddress, AccountDirectory, type FoundAccount } from './account-directory.js';
import type { Permission } from './permission.js';
import { Problem } from './problem.js';

export interface EraseAnswer {
  /** `false`: nothing was kept of it. */
  readonly changed: boolean;
  /** Counters that were emptied. */
  readonly counters: number;
  /** Events that it was taken out of. */
  readonly events: number;
}

type Erasable = Pick<FoundAccount, 'realm' | 'account' | 'hashes'>;

/**
 * Forgets an account: what is counted of it goes, and its name goes out of everything that was recorded, for good. It
 * need not have any record: events outlive those.
 * @throws {Problem} 403; 404 no account has this id; 422 `confirm` is not how it is called.
 */
export async function eraseAccount(
  engine: LockoutEngine,
  permission: Permission,
  address: AccountAddress,
  { reason, confirm }: { readonly reason: string; readonly confirm: string },
): Promise<EraseAnswer> {
  const found: Erasable | null =
    (await new AccountDirectory(engine).find(address)) ?? (await ofEvents(engine, address));
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
  const actor = await permission.actor(reason);
  const { counters, events } = await engine.accounts.erase({ realm, hashes, label: account }, actor);
  return { changed: counters > 0 || events > 0, counters, events };
}

/** An account by an id that no record has any more, as its events know it. */
async function ofEvents(engine: LockoutEngine, address: AccountAddress): Promise<Erasable | null> {
  if (!('id' in address)) return null;
  const hash = address.id as SubjectHash;
  const { items } = await engine.options.store.list({ account: hash, limit: 1 });
  const [latest] = items;
  return latest ? { realm: latest.facts.realm, account: latest.facts.accountLabel, hashes: [hash] } : null;
}
