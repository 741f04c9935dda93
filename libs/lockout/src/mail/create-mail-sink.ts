import { setTimeout as sleep } from 'node:timers/promises';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import type { LockoutKey } from '../key/key.js';
import type { Delivery } from '../notify/sink.js';
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
    isLocked: (realm, account) => isLocked(engine, realm, account),
    monotonic: engine.options.clock.monotonic,
    isStanding: (delivery, account) => isStanding(engine, delivery, account),
    linkOf: (delivery) => linkOf(engine, delivery, options.linkUrl),
    carries: async (delivery, isMailed, signal) => {
      const { event, now } = delivery;
      if (event.type !== 'unlocked' && event.type !== 'expired') {
        if (accountCounters(engine) < 2) return true;
        // A swap that was lost to another process is tried again so long: only then everything is told.
        const gatherMs = Math.min(MAX_GATHER_MS, engine.options.retryMs);
        // An event is dated ahead of a store's clock that was set back.
        const waitMs = Math.min(gatherMs, event.at + gatherMs - now);
        if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      }
      return carriesMail(delivery, { log: engine.options.store, told, isMailed });
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
 * Whether the lock of which the event tells is in force still, at its own record. One that began earlier has taken its
 * place without being lifted.
 */
async function isStanding(
  engine: LockoutEngine,
  { event, key, facts: { realm, counter, scope, addressLabel } }: Delivery,
  account: string,
): Promise<boolean> {
  const { counters } = await engine.accounts.status({ realm, account });
  return counters.some(
    (one) =>
      // Its key is another one once the secrets were rotated.
      (one.id === key || (one.counter === counter && one.scope === scope && one.address === addressLabel)) &&
      one.lock !== null &&
      one.lock.since <= event.at,
  );
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
