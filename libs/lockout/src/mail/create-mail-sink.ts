import { setTimeout as sleep } from 'node:timers/promises';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { resolveAccount } from '../key/account.js';
import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { LockoutKey } from '../key/key.js';
import type { KeyRing } from '../key/key-ring.js';
import type { Delivery } from '../notify/sink.js';
import type { RecordFacts } from '../store/record.js';
import { MailBudget } from './mail-budget.js';
import { mailedEvent } from './mail-kind.js';
import type { MailNotice } from './mail-letter.js';
import type { ResolvedMailOptions } from './mail-options.js';
import { MailSink } from './mail-sink.js';
import type { OpenTransport } from './mail-transport.js';
import { carriesMail, type Kin } from './one-mail.js';

/** A mail waits no longer for what several policies tell of one failure, ms. */
const MAX_GATHER_MS = 3_000;

/** Puts a sink together with its engine. Throws {@link LockoutConfigError} for a store that lacks what mails need. */
export function createMailSink(
  engine: LockoutEngine,
  options: ResolvedMailOptions,
  transport: OpenTransport,
): MailSink {
  const { keys, quotas, policies, unlockLinks } = engine;
  const problems: string[] = [];
  if (quotas === null)
    problems.push('the store keeps no quotas, by which mails to one recipient are limited.');
  if (options.linkUrl !== null && !unlockLinks.isSupported) {
    problems.push('links are asked for, but the store keeps no unlock links: leave `links` out.');
  }
  if (quotas === null || problems.length > 0) {
    throw new LockoutConfigError(problems.map((problem) => `LockoutMailModule: ${problem}`));
  }
  // What a policy tells that is only being tried refused nobody.
  const told: Kin['told'] = (event, facts) =>
    policies.ofCounter(facts.counter)?.enforce === false ? null : mailedEvent(event, facts, options.send);
  return new MailSink({
    options,
    transport,
    budget: new MailBudget(quotas, (...of) => keys.quotaId(...of), options.budget),
    told,
    policyOf: (counter) => policies.ofCounter(counter),
    accountOf: (facts) => accountOf(facts, keys),
    isLocked: (realm, account) => isLocked(engine, realm, account),
    linkOf: (delivery) => linkOf(engine, delivery, options.linkUrl),
    carries: async (delivery, signal) => {
      const { event, now } = delivery;
      if (event.type !== 'unlocked' && event.type !== 'expired') {
        if (accountCounters(engine) < 2) return true;
        // A swap that was lost to another process is tried again so long: only then everything is told.
        const gatherMs = Math.min(MAX_GATHER_MS, engine.options.retryMs);
        // An event is dated ahead of a store's clock that was set back.
        const waitMs = Math.min(gatherMs, event.at + gatherMs - now);
        if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      }
      return carriesMail(delivery, { log: engine.options.store, told });
    },
  });
}

/** How many counters an attempt may touch that count for its account. */
const accountCounters = ({ policies }: LockoutEngine): number =>
  new Set(
    policies
      .forBrand()
      .filter(({ scope }) => scope.includes('account'))
      .map(({ counter }) => counter),
  ).size;

/**
 * The account's id, if these facts are of an account that the application has. A name that nobody has may read like the id
 * of somebody who was never tried.
 */
function accountOf({ realm, accountHash, accountLabel }: RecordFacts, keys: KeyRing): string | null {
  if (accountHash === null || accountLabel === null) return null;
  try {
    const { subject } = resolveAccount(accountLabel);
    const hashes = [keys.accountHash(realm, subject), ...keys.previousAccountHashes(realm, subject)];
    return hashes.includes(accountHash) ? accountLabel : null;
  } catch (error) {
    // A name that cannot be an id.
    if (error instanceof InvalidSubjectError) return null;
    throw error;
  }
}

/** Whether anything refuses the account, an administrator's lock too; locks that only watch do not. */
async function isLocked(engine: LockoutEngine, realm: string, account: string): Promise<boolean> {
  const { counters } = await engine.accounts.status({ realm, account });
  return counters.some(({ mode, lock }) => mode === 'enforced' && lock !== null && lock.cause !== 'monitor');
}

async function linkOf(
  { unlockLinks, options }: LockoutEngine,
  { event, key, facts, now }: Delivery,
  page: string | null,
): Promise<MailNotice['link']> {
  if (event.type !== 'locked' || page === null) return null;
  const { realm, accountHash } = facts;
  const token = await unlockLinks.issue({ key: key as LockoutKey, since: event.at, realm, accountHash });
  if (token === null) return null;
  const url = new URL(page);
  url.searchParams.set('token', token);
  const endsAt = now + options.unlockLinks.lifeMs;
  return { url: url.href, endsAt: Math.min(endsAt, event.until ?? endsAt) };
}
