import { z } from 'zod';
import type { Explanation } from '../explain.js';
import type { MeView } from '../me-view.js';
import type { OverviewView } from '../overview-view.js';
import { counterView } from './account-answers.js';
import { eventView } from './event-answers.js';
import { mirrorOf } from './mirror.js';
import { count, moment, opaqueId, sentence } from './plain-values.js';

export const meAnswer = mirrorOf<MeView>()(
  z.object({
    actor: z.string().nullable(),
    now: moment,
    realms: z.array(
      z.object({
        realm: z.string(),
        view: z.boolean(),
        unlock: z.boolean(),
        lock: z.boolean(),
        erase: z.boolean(),
        support: z.string().optional(),
      }),
    ),
    viewPolicies: z.boolean(),
    configure: z.boolean(),
    deliver: z.boolean(),
    bulkMaximum: z.int().min(1),
    labels: z.boolean(),
    cacheMs: count,
    version: z.string().nullable(),
  }),
);

export const overview = mirrorOf<OverviewView>()(
  z.object({
    now: moment,
    from: moment,
    sliceMs: z.int().min(1),
    realms: z.array(z.string()),
    locks: z.object({ accounts: count, addresses: count }),
    slices: z.array(
      z.object({
        at: moment,
        locked: count,
        unlocked: count,
        expired: count,
        failed: count,
        refused: count,
      }),
    ),
    addresses: z.array(
      z.object({ id: opaqueId, realm: z.string(), address: z.string().nullable(), events: count }),
    ),
    processes: z.array(z.object({ label: z.string() })),
    store: z.enum(['well', 'returning', 'gone']),
  }),
);

export const explanation = mirrorOf<Explanation>()(
  z.object({
    now: moment,
    realm: z.string(),
    account: z.string().nullable(),
    known: z.boolean().nullable(),
    address: z.string().nullable(),
    device: z.string().nullable(),
    method: z.string().nullable(),
    allowed: z.boolean(),
    refusal: z
      .object({
        policy: z.string(),
        reason: z.enum(['locked', 'exhausted']),
        retryAt: moment.nullable(),
      })
      .nullable(),
    counters: z.array(counterView),
    summary: z.array(sentence),
    events: z.array(eventView),
  }),
);
