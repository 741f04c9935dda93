import { z } from 'zod';
import type { PolicyBody, PolicyItem, RevisionView } from '../policy-view.js';
import { mirrorOf } from './mirror.js';
import { count, moment, pageOf } from './plain-values.js';

/** A policy's fields are told in docs/policies.md, and what is wrong with them in problems: not here once more. */
const settings = z.record(z.string(), z.unknown());

export const policyWarning = z.object({
  id: z.string(),
  level: z.enum(['warning', 'info']),
  path: z.string(),
  message: z.string(),
  hint: z.string(),
  numbers: z.record(z.string(), z.number()),
});

export const limit = z.object({
  min: z.number(),
  max: z.number(),
  integer: z.boolean().optional(),
  multipleOf: z.number().optional(),
  required: z.boolean().optional(),
});

const body = {
  name: z.string(),
  brand: z.string().nullable(),
  version: count,
  source: z.enum(['configured', 'saved']),
  settings,
  configured: settings.nullable(),
  limits: z.record(z.string(), limit),
  warnings: z.array(policyWarning),
  savedAt: moment.nullable(),
  savedBy: z.string().nullable(),
  reason: z.string().nullable(),
};

export const policyBodyAnswer = mirrorOf<PolicyBody>()(z.object(body));

export const policyItem = mirrorOf<PolicyItem>()(z.object({ ...body, brands: z.array(policyBodyAnswer) }));

export const policyList = z.object({ items: z.array(policyItem) });

export const revision = mirrorOf<RevisionView>()(
  z.object({
    version: z.int().min(1),
    settings: settings.nullable(),
    at: moment,
    by: z.string(),
    reason: z.string(),
  }),
);

export const revisionPage = pageOf(revision);
