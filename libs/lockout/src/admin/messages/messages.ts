import { CONSOLE_MESSAGES } from './console-messages.js';
import { EXPLAIN_MESSAGES } from './explain-messages.js';

/** Every sentence of the admin API and of the console, by id: the default of the option `messages`. */
export const ADMIN_MESSAGES = Object.freeze({ ...EXPLAIN_MESSAGES, ...CONSOLE_MESSAGES } as const);

/** Name of a sentence, dotted: `explain.locked`. Ids are stable. */
export type AdminMessageId = keyof typeof ADMIN_MESSAGES;

/** A template for each id, in ICU message format. */
export type AdminMessages = Readonly<Record<AdminMessageId, string>>;
