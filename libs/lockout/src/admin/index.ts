export type { AccountDetail, AccountItem, AddressItem } from './account-view.js';
export type {
  AdminAccount,
  AdminAction,
  Eligibility,
  LockoutAdminAsyncOptions,
  LockoutAdminOptions,
} from './admin-options.js';
export type { EventView } from './event-view.js';
export type { CounterView, LockView } from './lock-view.js';
export { LockoutAdminModule } from './lockout-admin-module.js';
export type { LockAnswer } from './manual-lock.js';
export type { PolicyBody, PolicyItem, RevisionView } from './policy-view.js';
export type { UnlockAnswer } from './unlock-desk.js';
