import type { LockoutEngine } from '../engine/lockout-engine.js';
import { canonicalAddress } from '../key/address.js';
import { DEFAULT_REALM } from '../key/realm.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { Method } from '../policy/policy.js';
import { AccountDirectory, type FoundAccount } from './account-directory.js';
import { authorsIn, EventFeed, RECENT_EVENTS } from './event-feed.js';
import type { EventView } from './event-view.js';
import { type CounterView, counterView } from './lock-view.js';
import { iso, isoOrNull } from './moment.js';
import type { Permission } from './permission.js';
import type { Sentence } from './sentence.js';
import { attemptSummary, NOT_PERMITTED } from './summary-sentences.js';

/** Which attempt is asked about: at least one of account, address and device. */
export interface ExplainQuery {
  readonly realm?: string;
  readonly account?: string;
  /** As in the path of an account: `true`: a name that no account has; `false`: an account id. */
  readonly unknown?: boolean;
  readonly address?: string;
  readonly device?: string;
  readonly method?: Method;
  readonly brand?: string;
}

/** What an attempt would meet now, and why. */
export interface Explanation {
  /** The store's clock when this was read. */
  readonly now: string;
  readonly realm: string;
  /** As it was asked; null: nobody in particular. */
  readonly account: string | null;
  /** `false`: a name that no account has. Null: no account was named. */
  readonly known: boolean | null;
  /** In the one spelling that is counted: IPv6 by its network. */
  readonly address: string | null;
  readonly device: string | null;
  /** Null: whichever each policy counts. */
  readonly method: string | null;
  /** Whether its credential would be verified, as far as could be told. */
  readonly allowed: boolean;
  /** The strictest refusal; `retryAt` null: not by waiting, or (`exhausted`) at any moment. */
  readonly refusal: {
    readonly policy: string;
    readonly reason: 'locked' | 'exhausted';
    readonly retryAt: string | null;
  } | null;
  /** Every counter that the attempt would look at, also where nobody failed yet; an administrator's lock where one stands. */
  readonly counters: readonly CounterView[];
  /** Whether and why it is refused, then what to do. */
  readonly summary: readonly Sentence[];
  /** Of the account and of the address, latest first. */
  readonly events: readonly EventView[];
}

/** @throws {Problem} 403. Throws InvalidSubjectError for names that cannot be a key. */
export async function explain(
  engine: LockoutEngine,
  permission: Permission,
  query: ExplainQuery,
): Promise<Explanation> {
  const { realm = DEFAULT_REALM, device = null, method = null, brand } = query;
  await permission.require('view', [realm]);
  const found = await accountOf(engine, realm, query);
  const address = query.address === undefined ? null : canonicalAddress(query.address);
  const told = await engine.accounts.explain({
    realm,
    account: found?.ref ?? null,
    address,
    device,
    method,
    ...(brand === undefined ? {} : { brand }),
  });
  // Where no administrator locked there is nothing to see.
  const counters = told.counters.filter(
    ({ counter, lock }) => counter !== MANUAL_POLICY.counter || lock !== null,
  );
  const events = await eventsOf(engine, realm, found, address);
  const authorOf = authorsIn(events);
  const account = found?.account ?? null;
  const { book } = permission;
  return {
    now: iso(told.now),
    realm,
    account,
    known: found?.known ?? null,
    address,
    device,
    method,
    allowed: told.allowed,
    refusal: told.refusal && {
      policy: told.refusal.policy,
      reason: told.refusal.reason,
      retryAt: isoOrNull(told.refusal.retryAt),
    },
    counters: counters.map((status) => counterView(book, status, { author: authorOf(status) })),
    summary: attemptSummary(book, {
      ...told,
      ...(await barsTo(permission, realm, found)),
      counters,
      account,
      method,
      authorOf,
    }),
    events,
  };
}

async function accountOf(
  engine: LockoutEngine,
  realm: string,
  { account, unknown }: ExplainQuery,
): Promise<FoundAccount | null> {
  if (account === undefined) return null;
  const name = { realm, account, ...(unknown === undefined ? {} : { unknown }) };
  return new AccountDirectory(engine).find(name);
}

/** Latest first, each once. */
async function eventsOf(
  engine: LockoutEngine,
  realm: string,
  account: FoundAccount | null,
  address: string | null,
): Promise<readonly EventView[]> {
  const feed = new EventFeed(engine);
  const limit = RECENT_EVENTS;
  const pages = await Promise.all([
    account ? feed.page({ accounts: account.hashes, limit }) : null,
    address === null ? null : feed.page({ addresses: engine.accounts.addressHashes(address, realm), limit }),
  ]);
  const events = new Map(pages.flatMap((page) => page?.items ?? []).map((event) => [event.id, event]));
  return [...events.values()].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, limit);
}

/** What keeps the administrator from lifting what refuses it. */
async function barsTo(permission: Permission, realm: string, account: FoundAccount | null) {
  const ineligible = account && (await permission.ineligibility(account));
  const reasons = [
    ...((await permission.allows('unlock', realm)) ? [] : [NOT_PERMITTED]),
    ...(ineligible === null ? [] : [ineligible]),
  ];
  return { reasons, ...(reasons.length > 0 ? await permission.support(realm) : {}) };
}
