export {
  AccountDesk,
  type SubjectStatus,
} from './account-desk.js';
export { sinksThatWant } from './addressees.js';
export { Attempt } from './attempt.js';
export type { AccountName, AttemptRequest } from './attempt-request.js';
export { type EngineClock, systemClock } from './clock.js';
export type {
  EngineObserver,
  EngineObservers,
  ObservedDecision,
  ObservedSettle,
} from './engine-observer.js';
export type { EngineOptions } from './engine-options.js';
export type { EngineReadings, SinkReading } from './engine-readings.js';
export type { Erased, HashedAccount } from './erasing.js';
export type { AttemptExplanation, ExplanationRequest } from './explanation.js';
export { LivePolicies, type PolicyChange } from './live-policies.js';
export type { CounterStatus } from './lock-status.js';
export type { LockoutEnd } from './lockout-end.js';
export {
  type EndSource,
  type LockoutEndMirrorOptions,
  lockoutEndMirror,
  type MirroredAccount,
} from './lockout-end-mirror.js';
export { LockoutEngine } from './lockout-engine.js';
export { LockoutConfigError, type LockoutErrorCode, LockoutUnavailableError } from './lockout-error.js';
export type { IgnoredRevision } from './policy-book.js';
export type { EntryWarning, PolicyEntry } from './policy-entry.js';
export { PolicyConflictError, PolicyNotFoundError, PolicyStoreMissingError } from './policy-errors.js';
export type { Begun, Protected, ProtectOptions } from './protection.js';
export { type Randomness, systemRandomness } from './randomness.js';
export type { Refusal } from './refusal.js';
export { RecordsChangedError, type SeenRecords, tagOfRecords } from './seen-records.js';
export type { Settlement } from './settlement.js';
export type { OnStoreError, StoreState, StoreStateEvent } from './store-state.js';
export type { Swept } from './sweeper.js';
export type { UnlockLinkOptions } from './unlock-link-options.js';
export {
  type LinkedLock,
  type Redeemed,
  type RedeemedLock,
  UnlockLinks,
  type UnlockLinkView,
} from './unlock-links.js';
export type { Unlocked } from './unlocking.js';
