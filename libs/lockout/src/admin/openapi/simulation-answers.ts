import { z } from 'zod';
import { EVENT_TYPES } from '../../store/event-types.js';
import type { SimulateAnswer, SimulatedDecision, SimulationOutcome } from '../simulation-view.js';
import { mirrorOf } from './mirror.js';
import { cause, count, moment, refusalCause } from './plain-values.js';
import { policyWarning } from './policy-answers.js';

const decision = mirrorOf<SimulatedDecision>()(
  z.union([
    z.object({ allowed: z.literal(true), remaining: count.nullable() }),
    z.object({
      allowed: z.literal(false),
      reason: z.literal('locked'),
      retryAt: moment.nullable(),
      cause: refusalCause,
      step: count,
    }),
    z.object({ allowed: z.literal(false), reason: z.literal('exhausted'), retryAt: z.null() }),
  ]),
);

export const simulationOutcome = mirrorOf<SimulationOutcome>()(
  z.object({
    at: moment,
    decision: decision.nullable(),
    events: z.array(
      z.looseObject({
        type: z.enum(EVENT_TYPES),
        at: moment,
      }),
    ),
    failures: count,
    escalation: count,
    lock: z.object({ since: moment, until: moment.nullable(), cause }).nullable(),
    remaining: count.nullable(),
  }),
);

export const simulation = mirrorOf<SimulateAnswer>()(
  z.object({
    results: z.array(
      z.object({
        policy: z.string(),
        warnings: z.array(policyWarning),
        outcomes: z.array(simulationOutcome),
      }),
    ),
  }),
);
