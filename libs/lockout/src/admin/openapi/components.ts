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
  eraseAnswer,
  lockAnswer,
  lockView,
  unlockAnswer,
} from './account-answers.js';
import { deliveriesAnswer, deliveryPage, deliveryView, sinkView } from './delivery-answers.js';
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
  DeliveriesChanged: deliveriesAnswer,
  Delivery: deliveryView,
  DeliveryPage: deliveryPage,
  Erased: eraseAnswer,
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
  Sink: sinkView,
  Unlocked: unlockAnswer,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** What is sent, by the name of its component: the very schemas that calls are read by. */
export const REQUESTS = {
  DropDeliveries: SCHEMA.dropDeliveries,
  EraseAccount: SCHEMA.eraseAccount,
  LockAccount: SCHEMA.lockAccount,
  RemovePolicy: SCHEMA.removePolicy,
  RetryDeliveries: SCHEMA.retryDeliveries,
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
