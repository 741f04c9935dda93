import { z } from 'zod';
import { SCHEMA } from '../schema.js';
import {
  accountDetail,
  accountItem,
  accountPage,
  addressDetail,
  addressItem,
  addressPage,
  counterView,
  lockAnswer,
  lockView,
  unlockAnswer,
} from './account-answers.js';
import { changedTick, eventPage, eventView } from './event-answers.js';
import { explanation, meAnswer, overview } from './overview-answers.js';
import { sentence } from './plain-values.js';
import {
  limit,
  policyBodyAnswer,
  policyItem,
  policyList,
  policyWarning,
  revision,
  revisionPage,
} from './policy-answers.js';
import { problem } from './problem-answers.js';
import { simulation } from './simulation-answers.js';

/** What is answered, by the name of its component. */
export const ANSWERS = {
  AccountDetail: accountDetail,
  AccountItem: accountItem,
  AccountPage: accountPage,
  AddressDetail: addressDetail,
  AddressItem: addressItem,
  AddressPage: addressPage,
  ChangedTick: changedTick,
  Counter: counterView,
  Event: eventView,
  EventPage: eventPage,
  Explanation: explanation,
  Limit: limit,
  Lock: lockView,
  Locked: lockAnswer,
  Me: meAnswer,
  Messages: z.record(z.string(), z.string()),
  OpenApi: z.looseObject({ openapi: z.string() }),
  Overview: overview,
  Policy: policyBodyAnswer,
  PolicyItem: policyItem,
  PolicyList: policyList,
  PolicyWarning: policyWarning,
  Problem: problem,
  Revision: revision,
  RevisionPage: revisionPage,
  Sentence: sentence,
  Simulation: simulation,
  Unlocked: unlockAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** What is sent, by the name of its component: the very schemas that calls are read by. */
export const REQUESTS = {
  LockAccount: SCHEMA.lockAccount,
  RemovePolicy: SCHEMA.removePolicy,
  RevertPolicy: SCHEMA.revertPolicy,
  SavePolicy: SCHEMA.savePolicy,
  Simulate: SCHEMA.simulate,
  UnlockAccount: SCHEMA.unlockAccount,
  UnlockAccounts: SCHEMA.unlockAccounts,
  UnlockAddresses: SCHEMA.unlockAddresses,
  UnlockRecord: SCHEMA.unlockRecord,
  UnlockRecords: SCHEMA.unlockRecords,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type AnswerName = keyof typeof ANSWERS;
export type RequestName = keyof typeof REQUESTS;
