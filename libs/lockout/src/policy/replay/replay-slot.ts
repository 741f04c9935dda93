import { NEWCOMER_POLICY } from '../newcomers.js';
import { countsMethod, type LockoutPolicy, refusesMethod, type ScopePart } from '../policy.js';
import type { ReplayAddresses, ReplayAttempt } from './replay-attempt.js';

export type Subject = Readonly<Record<string, string>>;

/** One policy watching one attempt: which record it reads and writes. */
export interface ReplaySlot {
  readonly policy: LockoutPolicy;
  readonly realm: string;
  readonly key: string;
  readonly subject: Subject;
  /** Whether the attempt is charged here, or only refused by a lock. */
  readonly counted: boolean;
  /** Used instead by a new name beyond its address's cap (R22). */
  readonly overflow: Pick<ReplaySlot, 'key' | 'subject'> | null;
}

const DEFAULT_REALM = 'default';

const nameOf = (part: ScopePart): string => (typeof part === 'string' ? part : `custom:${part.custom}`);

/** Lengths first, so that no two subjects read alike. */
const keyOf = (policy: LockoutPolicy, realm: string, parts: readonly string[]): string => {
  let key = policy.counter;
  for (const part of [realm, ...parts]) key += `\n${part.length}:${part}`;
  return key;
};

/** The text of one part; null or empty: the attempt lacks it, so the policy does not watch it. */
function partOf(part: ScopePart, attempt: ReplayAttempt, account: string, address: string | null) {
  switch (part) {
    case 'account':
      return account;
    case 'address':
      return address;
    case 'device':
      return attempt.device;
    default:
      // Own properties only: a part named `constructor` is not a fact.
      return attempt.custom && Object.hasOwn(attempt.custom, part.custom)
        ? attempt.custom[part.custom]
        : null;
  }
}

function watches(policy: LockoutPolicy, attempt: ReplayAttempt, addresses: ReplayAddresses): boolean {
  const { account, known = true, address, method = 'password' } = attempt;
  if (!policy.enabled || !refusesMethod(policy, method)) return false;
  if (!known && policy.unknownAccounts === 'ignore' && policy.scope.includes('account')) return false;
  if (known && policy.exempt.accounts.includes(account)) return false;
  return address == null || policy.exempt.addresses.length === 0 || !addresses.isExempt(policy, address);
}

/** The slots of an attempt, in the policies' order: the engine's rule of who is watched, without its hashing. */
export function slotsOf(
  policies: readonly LockoutPolicy[],
  attempt: ReplayAttempt,
  address: string | null,
  addresses: ReplayAddresses,
): readonly ReplaySlot[] {
  const { realm = DEFAULT_REALM, known = true, method = 'password' } = attempt;
  const crowd = known ? null : address === null ? 'none' : addresses.crowd(address);
  const slots: ReplaySlot[] = [];
  for (const policy of policies) {
    if (!watches(policy, attempt, addresses)) continue;
    const parts: string[] = [];
    const crowdParts: string[] = [];
    const subject: Record<string, string> = {};
    for (const part of policy.scope) {
      const text = partOf(part, attempt, attempt.account, address);
      if (!text) break;
      // A name nobody has is never the account whose id reads the same.
      parts.push(part === 'account' ? `${known ? 'id' : 'unknown'}:${text}` : text);
      crowdParts.push(part === 'account' ? `overflow:${crowd}` : text);
      subject[nameOf(part)] = text;
    }
    if (parts.length < policy.scope.length) continue;
    const shares = crowd !== null && policy.scope.includes('account');
    slots.push({
      policy,
      realm,
      key: keyOf(policy, realm, parts),
      subject,
      counted: countsMethod(policy, method),
      overflow: shares ? { key: keyOf(policy, realm, crowdParts), subject: { overflow: crowd } } : null,
    });
  }
  return slots;
}

/** Where the names that nobody has are counted for an address. */
export const newcomerKey = (attempt: ReplayAttempt, address: string | null): string =>
  keyOf(NEWCOMER_POLICY, attempt.realm ?? DEFAULT_REALM, [address ?? 'none']);
