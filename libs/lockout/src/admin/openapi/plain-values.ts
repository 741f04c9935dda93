import { z } from 'zod';

/** Values that many answers are made of. */

export const moment = z.string().meta({ format: 'date-time' });
export const opaqueId = z.string().meta({ pattern: '^[0-9a-f]{64}$' });
export const count = z.int().min(0);
/** A place in a list; null: there is no more. */
export const nextCursor = z.string().nullable();
export const cause = z.enum(['failures', 'quick', 'admin', 'monitor']);
/** Why an attempt is refused as locked: also for the pause after a failure. */
export const refusalCause = z.enum(['failures', 'quick', 'admin', 'monitor', 'pause']);
/** What a lock refuses. */
export const refused = z.union([z.literal('all'), z.array(z.string())]);
export const onSuccess = z.enum(['clear', 'refund', 'clear-own-address']);

export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor });

/** Something said, and what it is made of; `id` names its template in `console/messages.json`. */
export const sentence = z.object({
  id: z.string(),
  text: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
