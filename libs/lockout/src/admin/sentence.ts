import { IntlMessageFormat } from 'intl-messageformat';
import type { DurationMs } from '../policy/duration.js';
import { durationParts } from '../policy/duration-parts.js';
import type { Method } from '../policy/policy.js';
import { ADMIN_MESSAGES, type AdminMessageId, type AdminMessages } from './messages/messages.js';

/** What fills the places of a template. Names that end in `At` are times, ISO-8601 in UTC. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/**
 * Something that the admin API says. `text` is the catalogue's template with the values in it; who puts times otherwise
 * (the console) formats the template again with values of its own.
 */
export interface Sentence {
  /** One of `ADMIN_MESSAGES`. */
  readonly id: string;
  readonly text: string;
  readonly values: SentenceValues;
}

/** Says what the catalogue has, in the catalogue's language. Templates are read once. */
export class Phrasebook {
  private readonly formats = new Map<AdminMessageId, IntlMessageFormat>();

  /** `messages`: checked by `messageProblems`. */
  constructor(private readonly messages: AdminMessages = ADMIN_MESSAGES) {}

  say(id: AdminMessageId, values: SentenceValues = {}): Sentence {
    return { id, text: this.text(id, values), values };
  }

  /** `24 hours`, `1 minute 30 seconds`: as {@link durationParts} divides. */
  duration(durationMs: DurationMs): string {
    const parts = durationParts(durationMs).map(({ unit, count }) =>
      this.text(`duration.${unit}s`, { count }),
    );
    const [larger = this.text('duration.milliseconds', { count: 0 }), smaller] = parts;
    return smaller === undefined ? larger : this.text('duration.two', { larger, smaller });
  }

  /** `passwords and one-time codes`. */
  methods(methods: readonly Method[]): string {
    return this.list(
      methods.map((method) => {
        const id = `method.${method}`;
        return isMessageId(id) && id !== 'method.other'
          ? this.text(id)
          : this.text('method.other', { method });
      }),
    );
  }

  /** `the account and the address`: parts of a scope by their names. */
  parts(parts: readonly string[]): string {
    return this.list(
      parts.map((part) => {
        const id = `part.${part}`;
        if (isMessageId(id) && id !== 'part.custom') return this.text(id);
        return this.text('part.custom', { name: decodeURIComponent(part.replace(/^custom:/, '')) });
      }),
    );
  }

  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.messages.language).format(items);
  }

  private text(id: AdminMessageId, values: SentenceValues = {}): string {
    let format = this.formats.get(id);
    if (!format) {
      format = new IntlMessageFormat(this.messages[id], this.messages.language, undefined, {
        ignoreTag: true,
      });
      this.formats.set(id, format);
    }
    return String(format.format(values));
  }
}

const isMessageId = (id: string): id is AdminMessageId => Object.hasOwn(ADMIN_MESSAGES, id);
