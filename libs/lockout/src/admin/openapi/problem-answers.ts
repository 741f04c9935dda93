import { z } from 'zod';
import { policyBodyAnswer } from './policy-answers.js';

/** What of a call is wrong, and where. Of a bulk unlock: what could not be unlocked, and why. */
const fault = z.object({
  path: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
  account: z.string().optional(),
  address: z.string().optional(),
  id: z.string().optional(),
  reason: z.string().optional(),
});

/** RFC 9457, and the members that this API adds. */
export const problem = z.object({
  type: z.string().meta({ format: 'uri-reference' }),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  errors: z.array(fault).optional(),
  support: z.string().optional(),
  current: policyBodyAnswer.optional(),
});

/** Each status that a call may have instead of success, by the name of its component. */
export const PROBLEMS = {
  400: { name: 'BadRequest', says: 'Something about the call cannot be: everything that is wrong, at once.' },
  401: {
    name: 'Unauthorized',
    says: 'What the guards of the application answer to whoever is not signed in.',
  },
  403: {
    name: 'Forbidden',
    says: 'The guards refuse; or `can` does; or a state change could have come from another site.',
  },
  404: { name: 'NotFound', says: 'Nothing is recorded under this name, or there is no such call.' },
  409: {
    name: 'Conflict',
    says: 'Not everything that was named can be unlocked; somebody else was faster; or the same call is being made.',
  },
  412: { name: 'PreconditionFailed', says: 'It is not what it was when it was read (`If-Match`).' },
  415: { name: 'UnsupportedMediaType', says: 'State changes are sent as application/json.' },
  422: {
    name: 'Unprocessable',
    says: 'The call is understood and makes no sense: too many at once, over already, settings that are no policy.',
  },
  428: { name: 'PreconditionRequired', says: 'The version that is to be changed must be said (`If-Match`).' },
  501: {
    name: 'NotImplemented',
    says: 'The store keeps no policies, no deliveries, or no answers (`Idempotency-Key`).',
  },
  503: { name: 'Unavailable', says: 'The store did not answer.' },
} as const satisfies Readonly<Record<number, { readonly name: string; readonly says: string }>>;

export type ProblemStatus = keyof typeof PROBLEMS;
