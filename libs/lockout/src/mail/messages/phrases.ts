import { type DurationPart, durationParts } from '../../policy/duration-parts.js';
import { plainLine } from '../plain-line.js';
import type { MailMessageId, MailMessages } from './mail-messages.js';
import { readTemplate } from './template-places.js';
import { canonicalLocale, localeChain, MAIL_MESSAGES } from './text-check.js';

export type PhraseValues = Readonly<Record<string, string | number>>;

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Says what a catalogue has, with times as they are written where the reader lives. */
export class Phrases {
  constructor(
    /** Of the texts, and of numbers and times. */
    readonly locale: string,
    private readonly messages: MailMessages,
    private readonly timeZone: string,
    /** What fills the places that every text has. */
    private readonly everywhere: PhraseValues = {},
  ) {}

  /** One line, whatever the values are; spaces of any kind are plain ones. */
  say(id: MailMessageId, values: PhraseValues = {}): string {
    const places = Object.entries({ ...this.everywhere, ...values }).map(([name, value]) => [
      name,
      typeof value === 'string' ? plainLine(value) : value,
    ]);
    const text = String(readTemplate(this.messages[id], this.locale).format(Object.fromEntries(places)));
    return text.replaceAll(/\s+/gu, ' ').trim();
  }

  /** `November 22, 2026 at 3:23 PM UTC`. */
  moment(ms: number): string {
    const part = (options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat(this.locale, { timeZone: this.timeZone, ...options }).format(ms);
    const date = part({ year: 'numeric', month: 'long', day: 'numeric' });
    const time = part({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' });
    return this.say('moment', { date, time });
  }

  /** An end, never told too early: rounded up to the minute. */
  end(ms: number): string {
    return this.moment(Math.ceil(ms / MINUTE_MS) * MINUTE_MS);
  }

  /** `1 hour`, `1 minute, 30 seconds`: as {@link durationParts} divides, in whole seconds. */
  duration(ms: number): string {
    const parts = durationParts(Math.floor(ms / SECOND_MS) * SECOND_MS);
    const amounts = parts.map(({ unit, count }) => this.amount(count, unit));
    const told = amounts.length === 0 ? [this.amount(0, 'second')] : amounts;
    return new Intl.ListFormat(this.locale, { type: 'unit', style: 'long' }).format(told);
  }

  private amount(count: number, unit: DurationPart['unit']): string {
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  }
}

/** The texts of all locales: the library's, with the application's in their places. Expects checked ones. */
export class MailBook {
  private readonly catalogues = new Map<string, Partial<MailMessages>>(Object.entries(MAIL_MESSAGES));

  /** @param locale whose texts are taken where the recipient's language has none. */
  constructor(
    texts: Readonly<Record<string, Partial<MailMessages>>>,
    private readonly locale: string,
    private readonly timeZone: string,
  ) {
    for (const [tag, messages] of Object.entries(texts)) {
      const name = canonicalLocale(tag) ?? tag;
      const given = Object.entries(messages).filter(([, template]) => template !== undefined);
      this.catalogues.set(name, { ...this.catalogues.get(name), ...Object.fromEntries(given) });
    }
  }

  /** Whether there are texts for this locale, or for its language. */
  speaks(locale: string): boolean {
    return localeChain(locale).some((part) => this.catalogues.has(part));
  }

  /** Unknown locales and time zones are as none given. */
  phrases(
    { locale, timeZone }: { readonly locale?: string | undefined; readonly timeZone?: string | undefined },
    everywhere: PhraseValues = {},
  ): Phrases {
    const asked = canonicalLocale(locale);
    const chosen = asked !== null && this.speaks(asked) ? asked : this.locale;
    const zone = timeZone !== undefined && isTimeZone(timeZone) ? timeZone : this.timeZone;
    return new Phrases(chosen, this.messagesOf(chosen), zone, everywhere);
  }

  private messagesOf(locale: string): MailMessages {
    const catalogues = localeChain(locale)
      .toReversed()
      .map((part) => this.catalogues.get(part));
    return Object.assign({}, ...catalogues) as MailMessages;
  }
}

export function isTimeZone(name: unknown): name is string {
  try {
    return typeof name === 'string' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
