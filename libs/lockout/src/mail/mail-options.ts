import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { type Mailbox, mailboxIn } from './mail-address.js';
import { MAIL_KINDS, type MailedEvent, type MailKind } from './mail-kind.js';
import { type GivenTransport, transportProblems } from './mail-transport.js';
import type { MailTexts } from './messages/mail-messages.js';
import { isTimeZone, MailBook } from './messages/phrases.js';
import { canonicalLocale, textProblems } from './messages/text-check.js';
import { isPlainLine } from './plain-line.js';

/** To whom a mail about an account goes. */
export interface MailRecipient {
  /** A mail address, without a name. */
  readonly address: string;
  /** How the mail greets, at most 100 characters of it. Default: no name. */
  readonly name?: string;
  /** Chooses texts, and how times and numbers are written: `de`, `en-GB`. Default: the option `locale`. */
  readonly locale?: string;
  /** As the IANA names it. Default: the option `timeZone`. */
  readonly timeZone?: string;
}

/** What the application is asked about: an account that it has, and what happened at it. */
export interface MailQuestion {
  readonly realm: string;
  /** The account's id, as the application gave it to the library. Never a name that nobody has. */
  readonly account: string;
  readonly event: MailedEvent;
}

export interface LockoutMailOptions {
  /**
   * How mails are sent: an SMTP URL (`smtps://user:password@mail.example.com`), what nodemailer's `createTransport` takes,
   * or a transporter of the application's own, which it closes itself. What is made here keeps a pool of connections.
   */
  readonly transport: GivenTransport;
  /** `security@example.com`, or `Example <security@example.com>`: one mailbox. */
  readonly from: string;
  /** To whom mails about an account go; null: to nobody. What it throws is tried again later. */
  readonly recipient: (about: MailQuestion) => MailRecipient | null | Promise<MailRecipient | null>;
  /** Which mails are sent. Default: all but `expired`. */
  readonly send?: Partial<Readonly<Record<MailKind, boolean>>>;
  /**
   * The page on which an unlock link is used (`LockoutUnlockLinkModule` serves one): https, or http of this machine. The
   * token is added to its query. Default: mails have no link.
   */
  readonly links?: { readonly url: string };
  /** The page on which a new password is chosen. Default: mails only say that one helps. */
  readonly resetUrl?: string;
  /** What mails call the application, in subject and footer. Default: it is not named. */
  readonly product?: string;
  /** To whom an owner turns whose lock only an administrator lifts: a name, a number, an address. */
  readonly support?: string;
  /** Other words by locale and id, and further languages. Ids and places are those of `MAIL_MESSAGES`. */
  readonly texts?: MailTexts;
  /** Where a recipient has no locale, or one without texts. Default `en`. */
  readonly locale?: string;
  /** In which times are told where a recipient has none. Default `UTC`. */
  readonly timeZone?: string;
  /**
   * Most mails to one recipient within a window that begins with the first; `mails` 1 to 1,000, `windowMs` one minute to
   * 30 days. Default 10 in an hour. What only the owner or an administrator can bring about (`signIn`, `unlocked`) has as
   * many of its own, so that no flood of failures silences it.
   */
  readonly budget?: { readonly mails?: number; readonly windowMs?: number };
}

export interface LockoutMailAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...dependencies: never[]) => LockoutMailOptions | Promise<LockoutMailOptions>;
}

/** {@link LockoutMailOptions}, checked, with the defaults. */
export interface ResolvedMailOptions {
  readonly transport: GivenTransport;
  readonly from: Mailbox;
  /** Domain of `from`. */
  readonly domain: string;
  readonly recipient: LockoutMailOptions['recipient'];
  readonly send: Readonly<Record<MailKind, boolean>>;
  readonly linkUrl: string | null;
  readonly resetUrl: string | null;
  readonly product: string | null;
  readonly support: string | null;
  readonly book: MailBook;
  readonly budget: { readonly mails: number; readonly windowMs: number };
}

const SENT = { lock: true, failure: true, signIn: true, unlocked: true, expired: false } as const;

const BUDGET = {
  mails: { default: 10, min: 1, max: 1_000 },
  windowMs: { default: 3_600_000, min: 60_000, max: 2_592_000_000 },
} as const;

/** Applies the defaults. Throws {@link LockoutConfigError} with everything that is wrong. */
export function resolveMailOptions(options: LockoutMailOptions): ResolvedMailOptions {
  // Plain JavaScript may pass anything, a factory nothing at all.
  const given: Partial<LockoutMailOptions> = options ?? {};
  const { transport, from, recipient, send = {}, links, resetUrl, product, support } = given;
  const { texts = {}, locale = 'en', timeZone = 'UTC', budget = {} } = given;
  const problems = [
    ...transportProblems(transport),
    ...fromProblems(from),
    ...(typeof recipient === 'function'
      ? []
      : ['recipient is missing: pass recipient: ({ realm, account }) => ({ address }) or null for nobody.']),
    ...sendProblems(send),
    ...(links === undefined ? [] : pageProblems('links.url', links?.url)),
    ...(resetUrl === undefined ? [] : pageProblems('resetUrl', resetUrl)),
    ...lineProblems({ product, support }),
    ...textProblems(texts),
    ...budgetProblems(budget),
  ];
  if (!isTimeZone(timeZone)) {
    problems.push(`timeZone must be one such as "Europe/Vienna"; it is ${JSON.stringify(timeZone)}.`);
  }
  const name = canonicalLocale(locale);
  if (name === null)
    problems.push(`locale must be one such as "en" or "de-AT"; it is ${JSON.stringify(locale)}.`);
  if (problems.length > 0) {
    throw new LockoutConfigError(problems.map((problem) => `LockoutMailModule: ${problem}`));
  }
  const book = new MailBook(texts, name ?? 'en', timeZone);
  if (name !== null && !book.speaks(name)) {
    throw new LockoutConfigError([
      `LockoutMailModule: locale is "${name}", for which there are no texts: pass texts["${name}"].`,
    ]);
  }
  const mailbox = mailboxIn(from) as Mailbox;
  return {
    ...(given as Pick<LockoutMailOptions, 'transport' | 'recipient'>),
    from: mailbox,
    domain: mailbox.address.split('@').at(-1) ?? '',
    send: { ...SENT, ...definedOf(send) },
    linkUrl: links?.url ?? null,
    resetUrl: resetUrl ?? null,
    product: product ?? null,
    support: support ?? null,
    book,
    budget: {
      mails: budget.mails ?? BUDGET.mails.default,
      windowMs: budget.windowMs ?? BUDGET.windowMs.default,
    },
  };
}

function fromProblems(from: unknown): readonly string[] {
  if (from === undefined) return ['from is missing: pass the address in whose name mails are sent.'];
  if (isPlainLine(from, 320) && mailboxIn(from) !== null) return [];
  return ['from must be one mailbox: "security@example.com" or "Example <security@example.com>".'];
}

function sendProblems(send: unknown): readonly string[] {
  if (typeof send !== 'object' || send === null) return ['send must be an object: { expired: true }.'];
  return Object.entries(send).flatMap(([kind, is]: [string, unknown]) => {
    if (!MAIL_KINDS.some((known) => known === kind))
      return [`send.${kind} is no kind of mail; there are ${MAIL_KINDS.join(', ')}.`];
    return is === undefined || typeof is === 'boolean' ? [] : [`send.${kind} must be true or false.`];
  });
}

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** A page that mails lead to. Its query may not have a token already. */
function pageProblems(name: string, page: unknown): readonly string[] {
  const url = typeof page === 'string' && URL.canParse(page) ? new URL(page) : null;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.includes(url.hostname));
  if (!url || !isSafe) return [`${name} must be an https URL (http only of this machine).`];
  if (url.username !== '' || url.password !== '') return [`${name} must be without user and password.`];
  return [];
}

const lineProblems = (lines: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(lines).flatMap(([name, text]) =>
    text === undefined || isPlainLine(text, 100)
      ? []
      : [`${name} must be a line of 1 to 100 printable characters.`],
  );

function budgetProblems(budget: unknown): readonly string[] {
  if (typeof budget !== 'object' || budget === null) return ['budget must be an object: { mails: 10 }.'];
  return Object.entries(BUDGET).flatMap(([name, { min, max }]) => {
    const value: unknown = Reflect.get(budget, name);
    if (value === undefined) return [];
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return [];
    return [`budget.${name} must be a whole number from ${min} to ${max}; it is ${JSON.stringify(value)}.`];
  });
}

/** Without what is explicitly undefined, or it would take the default's place. */
const definedOf = <T extends object>(given: T): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
