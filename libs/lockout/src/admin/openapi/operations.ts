import { SCHEMA } from '../schema.js';
import type { AnswerName } from './components.js';
import { DELIVERY_OPERATIONS } from './delivery-operations.js';
import { change, look, type Operation, type SuccessAnswer } from './operation.js';
import { POLICY_OPERATIONS } from './policy-operations.js';

const ok = (schema: AnswerName, says: string, headers?: SuccessAnswer['headers']) => ({
  200: headers ? { schema, says, headers } : { schema, says },
});

const unlocked = ok('Unlocked', 'Unlocked; `changed: false`: it was not locked, and nothing was written.');
const unlockedTogether = ok('Unlocked', 'All were unlocked.');

const OVERVIEW_OPERATIONS: readonly Operation[] = [
  look({
    path: '/me',
    id: 'readMe',
    tag: 'overview',
    summary: 'Who asks, and what may be done.',
    answers: ok('Me', 'The administrator’s name and rights.'),
  }),
  look({
    path: '/overview',
    id: 'readOverview',
    tag: 'overview',
    summary: 'What is locked now, and what happened of late.',
    query: SCHEMA.overviewQuery,
    answers: ok('Overview', 'Counts by slices of time, and the addresses with most failures.'),
    problems: [400],
  }),
  look({
    path: '/explain',
    id: 'explainAttempt',
    tag: 'overview',
    summary: 'What an attempt would meet now, and why.',
    query: SCHEMA.explainQuery,
    answers: ok('Explanation', 'Every counter that the attempt would look at.'),
    problems: [400],
  }),
];

const ACCOUNT_OPERATIONS: readonly Operation[] = [
  look({
    path: '/accounts',
    id: 'listAccounts',
    tag: 'accounts',
    summary: 'Accounts that are locked, or all with records.',
    query: SCHEMA.listQuery,
    answers: ok('AccountPage', 'A page of accounts, each with all its locks.'),
    problems: [400],
  }),
  change({
    method: 'post',
    path: '/accounts/unlock',
    id: 'unlockAccounts',
    tag: 'accounts',
    summary: 'Unlocks several accounts, all or none.',
    body: 'UnlockAccounts',
    answers: unlockedTogether,
    problems: [404],
  }),
  ...(['/accounts/{realm}/{account}', '/accounts/-/{id}'] as const).flatMap((path) => {
    const by = path.includes('{id}') ? 'ById' : '';
    return [
      look({
        path,
        id: `inspectAccount${by}`,
        tag: 'accounts',
        summary: 'Everything about one account.',
        query: SCHEMA.accountQuery,
        answers: ok('AccountDetail', 'Its locks, counters and recent events.', ['ETag']),
        problems: [400, 404],
      }),
      change({
        method: 'post',
        path: `${path}/unlock`,
        id: `unlockAccount${by}`,
        tag: 'accounts',
        summary: 'Unlocks an account, or an account at one address.',
        query: SCHEMA.accountQuery,
        body: 'UnlockAccount',
        ifMatch: 'optional',
        answers: unlocked,
        problems: [404, 412],
      }),
      change({
        method: 'post',
        path: `${path}/lock`,
        id: `lockAccount${by}`,
        tag: 'accounts',
        summary: 'Locks an account by hand.',
        query: SCHEMA.accountQuery,
        body: 'LockAccount',
        ifMatch: 'optional',
        answers: ok('Locked', 'It is locked, in place of what an administrator locked before.'),
        problems: [404, 412],
      }),
      change({
        method: 'post',
        path: `${path}/erase`,
        id: `eraseAccount${by}`,
        tag: 'accounts',
        summary: 'Takes an account out of everything that is kept of it, for good.',
        query: SCHEMA.accountQuery,
        body: 'EraseAccount',
        answers: ok('Erased', 'Nothing kept names it any more; `events`: out of how many it was taken.'),
        problems: [404],
      }),
    ];
  }),
];

const ADDRESS_OPERATIONS: readonly Operation[] = [
  look({
    path: '/addresses',
    id: 'listAddresses',
    tag: 'addresses',
    summary: 'Addresses that are locked, or all with records.',
    query: SCHEMA.listQuery,
    answers: ok('AddressPage', 'A page of addresses, each with all its locks.'),
    problems: [400],
  }),
  change({
    method: 'post',
    path: '/addresses/unlock',
    id: 'unlockAddresses',
    tag: 'addresses',
    summary: 'Unlocks several addresses, all or none.',
    body: 'UnlockAddresses',
    answers: unlockedTogether,
    problems: [404],
  }),
  ...(['/addresses/{realm}/{address}', '/addresses/-/{id}'] as const).map((path) =>
    look({
      path,
      id: `inspectAddress${path.includes('{id}') ? 'ById' : ''}`,
      tag: 'addresses',
      summary: 'Everything about one address as such.',
      answers: ok('AddressDetail', 'Its locks, counters and recent events.', ['ETag']),
      problems: [400, 404],
    }),
  ),
];

const RECORD_OPERATIONS: readonly Operation[] = [
  change({
    method: 'post',
    path: '/records/unlock',
    id: 'unlockRecords',
    tag: 'records',
    summary: 'Unlocks just these records, all or none.',
    body: 'UnlockRecords',
    answers: unlockedTogether,
    problems: [404],
  }),
  change({
    method: 'post',
    path: '/records/{id}/unlock',
    id: 'unlockRecord',
    tag: 'records',
    summary: 'Unlocks just this record.',
    body: 'UnlockRecord',
    answers: unlocked,
    problems: [404],
  }),
];

const EVENT_OPERATIONS: readonly Operation[] = [
  look({
    path: '/events',
    id: 'listEvents',
    tag: 'events',
    summary: 'What was recorded, latest first.',
    query: SCHEMA.eventQuery,
    answers: ok('EventPage', 'A page of events; those of realms that may not be viewed are left out.'),
    problems: [400],
  }),
  look({
    path: '/events/export',
    id: 'exportEvents',
    tag: 'events',
    summary: 'All of it as a file, latest recorded first.',
    query: SCHEMA.exportQuery,
    answers: {
      200: {
        contentType: 'application/jsonl',
        says: 'An `Event` a line, without those of realms that may not be viewed. A connection that is cut: not all of it.',
        headers: ['Content-Disposition'],
      },
    },
    problems: [400],
  }),
  look({
    path: '/events/stream',
    id: 'followEvents',
    tag: 'events',
    summary: 'Tells within a second that something was recorded, and never what.',
    answers: {
      200: {
        contentType: 'text/event-stream',
        says: 'Events `changed` with a `ChangedTick` as data; a comment line every 15 seconds.',
      },
    },
  }),
];

const PAGE_OPERATIONS: readonly Operation[] = [
  look({
    path: '/openapi.json',
    id: 'readOpenApi',
    tag: 'documents',
    summary: 'This document.',
    answers: ok('OpenApi', 'OpenAPI 3.1.'),
  }),
  look({
    path: '/console',
    id: 'openConsole',
    tag: 'documents',
    summary: 'Leads to the console.',
    answers: { 308: { says: 'To `console/`.', headers: ['Location'] } },
    problems: [404],
  }),
  look({
    path: '/console/',
    id: 'readConsole',
    tag: 'documents',
    summary: 'The console.',
    answers: {
      200: { contentType: 'text/html; charset=utf-8', says: 'Its page.', headers: ['ETag'] },
      303: { says: 'To where one signs in, for a browser that the guards refuse.', headers: ['Location'] },
      304: { says: 'It is what the client has.', headers: ['ETag'] },
    },
    problems: [404],
  }),
  look({
    path: '/console/messages.json',
    id: 'readMessages',
    tag: 'documents',
    summary:
      'The texts of the console and of explanations, in ICU message format, with the application’s own.',
    answers: ok('Messages', 'Templates by id.'),
    problems: [404],
  }),
  look({
    path: '/console/assets/{file}',
    id: 'readConsoleFile',
    tag: 'documents',
    summary: 'A file of the console.',
    answers: {
      200: { contentType: '*/*', says: 'The file.', headers: ['ETag'] },
      304: { says: 'It is what the client has.', headers: ['ETag'] },
    },
    problems: [404],
  }),
];

/** Every call of the admin API. */
export const OPERATIONS: readonly Operation[] = [
  ...OVERVIEW_OPERATIONS,
  ...ACCOUNT_OPERATIONS,
  ...ADDRESS_OPERATIONS,
  ...RECORD_OPERATIONS,
  ...EVENT_OPERATIONS,
  ...DELIVERY_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...PAGE_OPERATIONS,
];
