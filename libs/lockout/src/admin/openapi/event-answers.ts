import { z } from 'zod';
import type { EventView } from '../event-view.js';
import { cause, count, moment, opaqueId, pageOf } from './plain-values.js';

const common = {
  id: z.string(),
  at: moment,
  realm: z.string(),
  account: z.string().nullable(),
  address: z.string().nullable(),
  policy: z.string(),
  scope: z.string(),
  record: opaqueId,
};

/** Only where the application keeps labels. */
const origin = z
  .object({
    attempt: z.string().optional(),
    account: z.string().optional(),
    address: z.string().optional(),
    device: z.string().optional(),
    userAgent: z.string().optional(),
  })
  .optional();
const previousFailureAt = moment.nullable().optional();

const before = z.object({
  failures: count,
  escalation: count,
  since: moment.nullable(),
  until: moment.nullable(),
  cause: cause.nullable(),
});

const events = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('locked'),
    until: moment.nullable(),
    cause,
    failures: count,
    escalation: count,
    step: count,
    change: z.enum(['locked', 'relocked', 'escalated', 'made-indefinite']).optional(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
    previousFailureAt,
    origin,
  }),
  z.object({
    ...common,
    type: z.literal('unlocked'),
    via: z.enum(['admin', 'password-reset', 'link']),
    by: z.string(),
    reason: z.string(),
    before,
  }),
  z.object({ ...common, type: z.literal('expired') }),
  z.object({ ...common, type: z.literal('failed'), failures: count, previousFailureAt, origin }),
  z.object({ ...common, type: z.literal('refund-refused'), failures: count }),
  z.object({
    ...common,
    type: z.literal('cleared'),
    via: z.enum(['success', 'completed', 'password-reset', 'unlock']),
    before,
    consecutive: count,
    left: z.object({ failures: count, escalation: count }).nullable(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
    origin,
  }),
  z.object({ ...common, type: z.literal('succeeded-after-failures'), failures: count, origin }),
  z.object({
    ...common,
    type: z.literal('policy-changed'),
    brand: z.string().nullable(),
    version: count,
    by: z.string(),
    reason: z.string(),
    deleted: z.boolean(),
  }),
  z.object({
    ...common,
    type: z.literal('administered'),
    action: z.enum(['erase', 'retry-deliveries', 'drop-deliveries']),
    by: z.string(),
    reason: z.string(),
    count,
  }),
]);

/** More is said here than by the interface, which leaves the facts of each type open: whatever it is, it is one of those. */
export const eventView: z.ZodType<EventView> = events;

export const eventPage = pageOf(eventView);

/** The data of a `changed` event of the stream. */
export const changedTick = z.object({ at: moment });
