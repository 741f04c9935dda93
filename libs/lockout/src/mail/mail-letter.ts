import type { EventOrigin } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';
import type { MailedEvent } from './mail-kind.js';
import type { MailBook, Phrases } from './messages/phrases.js';
import { plainLine } from './plain-line.js';
import { readUserAgent } from './user-agent.js';

/** What a mail tells, as it was found out. */
export interface MailNotice {
  readonly event: MailedEvent;
  readonly facts: RecordFacts;
  /** The account's id. */
  readonly account: string;
  /** Epoch ms on the store's clock: a mail that is late says so. */
  readonly now: number;
  /** A link that lifts this very lock; null: none may be given. */
  readonly link: { readonly url: string; readonly endsAt: number } | null;
  /** Whether a completed password reset lifts this lock. */
  readonly resetLifts: boolean;
  /** Whether the lock that the event tells of was lifted before its end. */
  readonly isLifted: boolean;
  /** Whether it is the last that the budget has. */
  readonly isLast: boolean;
}

/** In whose name mails are written, and what every one of them may say. */
export interface MailHouse {
  readonly book: MailBook;
  readonly product: string | null;
  readonly support: string | null;
  readonly resetUrl: string | null;
  readonly budget: { readonly windowMs: number };
}

/** One part of a mail's body. */
export type MailBlock =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'details'; readonly rows: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

/** A mail before it is text or HTML; every text in it is one printable line. */
export interface MailLetter {
  readonly locale: string;
  /** Without the product's name. */
  readonly title: string;
  readonly subject: string;
  readonly greeting: string;
  readonly blocks: readonly MailBlock[];
  readonly footer: string;
}

/** An IPv6 address with a zone has at most so many characters. */
const MAX_ADDRESS_LENGTH = 64;

const yes = (is: boolean): string => (is ? 'yes' : 'no');

/** Writes a letter. Pure: the same notice is the same letter. */
export function writeLetter(
  notice: MailNotice,
  recipient: { readonly name?: string; readonly locale?: string; readonly timeZone?: string },
  house: MailHouse,
): MailLetter {
  const { product, support } = house;
  const phrases = house.book.phrases(recipient, {
    product: product ?? '',
    named: yes(product !== null),
    name: recipient.name ?? '',
    known: yes((recipient.name ?? '').trim() !== ''),
    account: notice.account,
    realm: notice.facts.realm,
    support: support ?? '',
    supported: yes(support !== null),
  });
  const { title, blocks } = bodyOf(notice, phrases, house);
  const last = { duration: phrases.duration(house.budget.windowMs) };
  return {
    locale: phrases.locale,
    title,
    subject: phrases.say('subject', { subject: title }),
    greeting: phrases.say('greeting'),
    blocks: notice.isLast ? [...blocks, line(phrases.say('budget.last', last))] : blocks,
    footer: phrases.say('footer'),
  };
}

const line = (text: string): MailBlock => ({ kind: 'line', text });

interface Body {
  readonly title: string;
  readonly blocks: readonly MailBlock[];
}

function bodyOf(notice: MailNotice, phrases: Phrases, { resetUrl }: MailHouse): Body {
  const { event } = notice;
  const reset: MailBlock[] =
    resetUrl === null ? [] : [{ kind: 'link', label: phrases.say('help.reset.label'), url: resetUrl }];
  switch (event.type) {
    case 'locked':
      return lockBody(event, notice, phrases, reset);
    case 'failed':
      return {
        title: phrases.say('failure.subject'),
        blocks: [
          line(phrases.say('failure.lead', { failures: event.failures })),
          details(event.at, event.origin, notice.facts, phrases),
          line(phrases.say('help.not-yours')),
        ],
      };
    case 'succeeded-after-failures':
      return {
        title: phrases.say('sign-in.subject', { failures: event.failures }),
        blocks: [
          line(phrases.say('sign-in.lead', { failures: event.failures })),
          details(event.at, event.origin, notice.facts, phrases),
          line(phrases.say('sign-in.yours')),
          line(phrases.say('sign-in.not-yours')),
          ...reset,
        ],
      };
    case 'unlocked': {
      const via = event.via === 'password-reset' ? 'password_reset' : event.via;
      const byOwner = event.via !== 'admin';
      return {
        title: phrases.say('unlocked.subject'),
        blocks: [
          line(phrases.say('unlocked.lead', { via })),
          timeOnly(event.at, phrases),
          ...(byOwner ? [line(phrases.say('unlocked.not-yours')), ...reset] : []),
        ],
      };
    }
    case 'expired':
      return {
        title: phrases.say('expired.subject'),
        blocks: [line(phrases.say('expired.lead')), timeOnly(event.at, phrases)],
      };
    default:
      return event satisfies never;
  }
}

function lockBody(
  event: Extract<MailedEvent, { type: 'locked' }>,
  { facts, now, link, resetLifts, isLifted }: MailNotice,
  phrases: Phrases,
  reset: readonly MailBlock[],
): Body {
  const { until, failures } = event;
  const isOver = isLifted || (until !== null && until <= now);
  // One that was lifted ended nobody knows when: at the latest now, where a text of the application asks.
  const end = isLifted ? Math.min(until ?? now, now) : until;
  const values = {
    failures,
    ends: yes(until !== null && !isLifted),
    until: end === null ? '' : phrases.end(end),
    where: facts.scope === 'account' ? 'everywhere' : 'there',
  };
  const help: MailBlock[] = [];
  if (!isOver && link) {
    help.push(line(phrases.say('help.link', { linkEnds: phrases.moment(link.endsAt) })), {
      kind: 'link',
      label: phrases.say('help.link.label'),
      url: link.url,
    });
  }
  if (!isOver && until !== null) help.push(line(phrases.say('help.wait', { until: values.until })));
  if (!isOver && resetLifts) help.push(line(phrases.say('help.reset')), ...reset);
  if (!isOver && until === null) help.push(line(phrases.say('help.contact')));
  return {
    title: phrases.say('lock.subject'),
    blocks: [
      line(phrases.say(isOver ? 'lock.lead.over' : 'lock.lead', values)),
      details(event.at, event.origin, facts, phrases),
      ...help,
      line(phrases.say('help.not-yours')),
    ],
  };
}

const timeOnly = (at: number, phrases: Phrases): MailBlock => ({
  kind: 'details',
  rows: [[phrases.say('detail.time'), phrases.moment(at)]],
});

/** Where it came from; a failure that nobody settled came from nowhere that is known. */
function details(
  at: number,
  origin: EventOrigin | undefined,
  facts: RecordFacts,
  phrases: Phrases,
): MailBlock {
  const { browser, system, device } = readUserAgent(origin?.userAgent);
  const address = origin?.address ?? facts.addressLabel ?? phrases.say('detail.unknown');
  const agent = {
    browser: browser ?? '',
    hasBrowser: yes(browser !== null),
    system: system ?? '',
    hasSystem: yes(system !== null),
  };
  return {
    kind: 'details',
    rows: [
      [phrases.say('detail.time'), phrases.moment(at)],
      [phrases.say('detail.browser'), phrases.say('detail.browser.value', agent)],
      [phrases.say('detail.device'), phrases.say('detail.device.value', { device: device ?? 'unknown' })],
      [phrases.say('detail.address'), plainLine(address, MAX_ADDRESS_LENGTH)],
    ],
  };
}
