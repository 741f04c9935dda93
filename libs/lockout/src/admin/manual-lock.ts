import type { LockoutEngine } from '../engine/lockout-engine.js';
import { type AccountAddress, AccountDirectory } from './account-directory.js';
import { requireSeen, unlessChanged } from './if-match.js';
import { isoOrNull } from './moment.js';
import type { Permission } from './permission.js';
import { Problem } from './problem.js';
import { storeNow } from './store-now.js';

export interface LockAnswer {
  readonly changed: true;
  /** Null: until an administrator unlocks it. */
  readonly until: string | null;
}

/**
 * Refuses every method of an account until then (epoch ms; null: until unlocked), whatever it did before (R15). A lock
 * that an administrator set earlier is replaced. The account need not have any record.
 * `tags`: what `If-Match` allows; null: anything.
 * @throws {Problem} 403; 404 no account has this id; 412 it is not as it was seen; 422 a moment that is over, or an account
 * whose name is not kept.
 */
export async function lockAccount(
  engine: LockoutEngine,
  permission: Permission,
  address: AccountAddress,
  { until, reason }: { readonly until: number | null; readonly reason: string },
  tags: readonly string[] | null = null,
): Promise<LockAnswer> {
  const directory = new AccountDirectory(engine);
  // Without a flag it is the account of that id: an attacker who types ids as names must not draw the lock to those.
  const found = await directory.find('id' in address ? address : { unknown: false, ...address });
  if (!found) throw new Problem(404, 'No account has this id.');
  const { realm, ref } = found;
  await permission.require('lock', [realm]);
  if (ref === null) {
    throw unprocessable('id', 'This account is known by its id only. Lock it by its realm and name.');
  }
  if (until !== null && until <= (await storeNow(engine)))
    throw unprocessable('until', 'until is over already.');
  if (tags) requireSeen(tags, found.records);
  const actor = await permission.actor(reason);
  const seen = tags ? { tags, find: () => directory.recordsOf(found.hashes) } : undefined;
  await unlessChanged(() => engine.accounts.lock({ realm, account: ref }, until, actor, seen));
  return { changed: true, until: isoOrNull(until) };
}

const unprocessable = (path: string, message: string): Problem =>
  new Problem(422, message, { errors: [{ path, message }] });
