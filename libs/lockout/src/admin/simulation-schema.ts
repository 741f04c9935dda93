import { z } from 'zod';
import type { SimulatedStep } from '../policy/simulate.js';
import { printable } from './printable-text.js';

/** Most policies and most steps of one simulation. */
export const MAX_SIMULATED_POLICIES = 10;
export const MAX_SIMULATED_STEPS = 1000;

/** Longest name of a method or an address in a simulation, in UTF-16 code units. */
const MAX_NAME_LENGTH = 64;
/** The largest time that JavaScript can express, epoch ms. */
const MAX_MOMENT = 8.64e15;

/** The last three are nobody's attempt. */
const STEP_TYPES: readonly SimulatedStep['type'][] = [
  ...(['failure', 'success', 'first-factor', 'abandoned', 'complete'] as const),
  ...(['unlock', 'reset-password', 'nothing'] as const),
];

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const step = z
  .strictObject({
    at: z.union(
      [z.int().min(0).max(MAX_MOMENT), moment],
      'must be a moment as ISO-8601, or a whole number of milliseconds since 1970',
    ),
    type: z.enum(STEP_TYPES),
    method: printable(MAX_NAME_LENGTH).optional(),
    /** Which address it comes from: any name, for telling several apart. */
    from: printable(MAX_NAME_LENGTH).optional(),
  })
  .transform(({ at, type, method, from }): SimulatedStep => {
    if (type === 'unlock' || type === 'reset-password' || type === 'nothing') return { at, type };
    return { at, type, ...(method === undefined ? {} : { method }), ...(from === undefined ? {} : { from }) };
  });

/** A policy as it is sent: what is in it the engine says, all at once. */
const policyInput = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object: a policy',
  )
  .meta({ type: 'object' });

/** `{policies, steps}` or `{policy, steps}`. */
export const simulateBody = z
  .strictObject({
    policies: z
      .array(policyInput)
      .min(1, 'names no policy')
      .max(MAX_SIMULATED_POLICIES, `must be at most ${MAX_SIMULATED_POLICIES} policies`)
      .optional(),
    policy: policyInput.optional(),
    steps: z.array(step).max(MAX_SIMULATED_STEPS, `must be at most ${MAX_SIMULATED_STEPS} steps`),
  })
  .superRefine(({ policies, policy, steps }, context) => {
    if ((policies === undefined) === (policy === undefined))
      context.addIssue({ code: 'custom', message: 'needs policies or a policy, and not both' });
    for (const [index, { at }] of steps.entries()) {
      if (at >= (steps[index - 1]?.at ?? 0)) continue;
      const message = 'must not be earlier than the step before';
      context.addIssue({ code: 'custom', path: ['steps', index, 'at'], message });
    }
  })
  .transform(({ policies, policy, steps }) => ({
    policies: policies ?? (policy === undefined ? [] : [policy]),
    steps,
  }));
