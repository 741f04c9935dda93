import { SCHEMA } from '../schema.js';
import { ask, change, look, type Operation } from './operation.js';

const body = (says: string) => ({ 200: { schema: 'Policy', says, headers: ['ETag'] } }) as const;

/** A policy, or a brand's override of it: the same calls under both paths. */
const TARGETS = [
  { path: '/policies/{name}', of: 'Policy', what: 'a policy' },
  { path: '/policies/{name}/brands/{brand}', of: 'Override', what: 'a brand’s override of a policy' },
] as const;

/** The calls about policies. */
export const POLICY_OPERATIONS: readonly Operation[] = [
  look({
    path: '/policies',
    id: 'listPolicies',
    tag: 'policies',
    summary: 'All policies, each with the brands that override it.',
    answers: { 200: { schema: 'PolicyList', says: 'What governs, and what code says.' } },
  }),
  ask({
    path: '/simulate',
    id: 'simulate',
    tag: 'policies',
    summary: 'What policies would do to attempts, and what the linter says of them; changes nothing.',
    body: 'Simulate',
    answers: { 200: { schema: 'Simulation', says: 'Each policy’s part.' } },
    problems: [400, 415, 422],
  }),
  ...TARGETS.flatMap(({ path, of, what }) => [
    look({
      path,
      id: `inspect${of}`,
      tag: 'policies',
      summary: `What governs by ${what}, with its version.`,
      answers: body('The settings, their limits, and warnings.'),
      problems: [400, 404],
    }),
    change({
      method: 'put',
      path,
      id: `save${of}`,
      tag: 'policies',
      summary: `Saves ${what}: what differs from code, and nothing else.`,
      body: 'SavePolicy',
      ifMatch: 'required',
      answers: body('What governs now.'),
      problems: [404, 428],
    }),
    change({
      method: 'delete',
      path,
      id: `remove${of}`,
      tag: 'policies',
      summary: `Removes what was saved of ${what}: code governs again.`,
      body: 'RemovePolicy',
      ifMatch: 'required',
      answers: body('What governs now.'),
      problems: [404, 428],
    }),
    look({
      path: `${path}/history`,
      id: `list${of}History`,
      tag: 'policies',
      summary: `Who saved ${what}, when and why; latest first.`,
      query: SCHEMA.pageQuery,
      answers: { 200: { schema: 'RevisionPage', says: 'A page of saves.' } },
      problems: [400, 404, 501],
    }),
    change({
      method: 'post',
      path: `${path}/revert`,
      id: `revert${of}`,
      tag: 'policies',
      summary: `Saves an earlier version of ${what} again.`,
      body: 'RevertPolicy',
      ifMatch: 'required',
      answers: body('What governs now.'),
      problems: [404, 428],
    }),
  ]),
];
