import type { ENGLISH } from './en.js';

/** Name of a text, dotted: `lock.lead`. Ids are stable. */
export type MailMessageId = keyof typeof ENGLISH;

/** A template for each id, in ICU message format. */
export type MailMessages = Readonly<Record<MailMessageId, string>>;

/**
 * What an application says otherwise: by locale (`de`, `pt-BR`), then by id. `en` and `de` have every text already, and a
 * locale of theirs (`de-AT`) takes what it lacks from them; another language must have all.
 */
export type MailTexts = Readonly<Record<string, Partial<MailMessages>>>;
