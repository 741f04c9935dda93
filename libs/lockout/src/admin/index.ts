export type { AccountDetail, AccountItem, AddressItem } from './account-view.js';
export type { AddressDetail } from './address-view.js';
export type {
  AdminAccount,
  AdminAction,
  Eligibility,
  LockoutAdminAsyncOptions,
  LockoutAdminOptions,
} from './admin-options.js';
export type { DeliveriesAnswer } from './delivery-desk.js';
export type { DeliveryPage, DeliveryState, DeliveryView, SinkView } from './delivery-view.js';
export type { EraseAnswer } from './erase-account.js';
export type { EventView } from './event-view.js';
export type { ExplainQuery, Explanation } from './explain.js';
export type { CounterView, LockView } from './lock-view.js';
export { LockoutAdminModule } from './lockout-admin-module.js';
export type { LockAnswer } from './manual-lock.js';
export type { MeView, RealmRights } from './me-view.js';
export { ADMIN_MESSAGES, type AdminMessageId, type AdminMessages } from './messages/messages.js';
export { type OpenApiDocument, openApiDocument } from './openapi/openapi-document.js';
export type { OverviewSlice, OverviewView } from './overview-view.js';
export type { PolicyBody, PolicyItem, RevisionView } from './policy-view.js';
export type { Sentence, SentenceValues } from './sentence.js';
export type {
  SimulateAnswer,
  SimulatedDecision,
  SimulationOutcome,
  SimulationResult,
} from './simulation-view.js';
export type { UnlockAnswer } from './unlock-desk.js';
