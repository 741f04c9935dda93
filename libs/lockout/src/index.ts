export {
  AccountDesk,
  type AccountName,
  Attempt,
  type AttemptExplanation,
  type AttemptRequest,
  type Begun,
  type CounterStatus,
  type EndSource,
  type EngineClock,
  type EngineObserver,
  type EngineObservers,
  type EngineOptions,
  type EngineReadings,
  type EntryWarning,
  type Erased,
  type ExplanationRequest,
  type HashedAccount,
  type IgnoredRevision,
  type LinkedLock,
  LivePolicies,
  LockoutConfigError,
  type LockoutEnd,
  type LockoutEndMirrorOptions,
  LockoutEngine,
  type LockoutErrorCode,
  LockoutUnavailableError,
  lockoutEndMirror,
  type MirroredAccount,
  type ObservedDecision,
  type ObservedSettle,
  type OnStoreError,
  type PolicyChange,
  PolicyConflictError,
  type PolicyEntry,
  PolicyNotFoundError,
  PolicyStoreMissingError,
  type Protected,
  type ProtectOptions,
  type Randomness,
  RecordsChangedError,
  type Redeemed,
  type RedeemedLock,
  type Refusal,
  type SeenRecords,
  type Settlement,
  type SinkReading,
  type StoreState,
  type StoreStateEvent,
  type SubjectStatus,
  type Swept,
  sinksThatWant,
  systemClock,
  systemRandomness,
  tagOfRecords,
  type Unlocked,
  type UnlockLinkOptions,
  UnlockLinks,
  type UnlockLinkView,
} from './engine/index.js';
export type { LockoutProblem } from './engine/problem.js';
export {
  type AccountRef,
  InvalidSubjectError,
  KeySecretError,
  type LockoutKey,
  normaliseIdentifier,
  type SubjectField,
  type SubjectHash,
  type SubjectProblem,
} from './key/index.js';
export { type CheckLevel, type CheckResult, describeCheck } from './nest/checks/check.js';
export type { DeliveryOptions } from './nest/delivery-options.js';
export {
  type ListenerOptions,
  type LockoutEventListener,
  type LockoutEventOf,
  OnLockoutEvent,
} from './nest/event-listeners.js';
export type { FromInput, HttpInput, LockoutHandlerOptions } from './nest/handler-options.js';
export type { Ending, HandlerOutcome, OutcomeTest } from './nest/handler-outcome.js';
export { LockoutChecks } from './nest/lockout-checks.js';
export { Lockout } from './nest/lockout-decorator.js';
export { LockoutExceptionFilter } from './nest/lockout-exception-filter.js';
export {
  LockoutBadInputException,
  LockoutHttpException,
  LockoutRefusedException,
  LockoutUnavailableException,
  toLockoutException,
} from './nest/lockout-exceptions.js';
export { LockoutGuard } from './nest/lockout-guard.js';
export { LockoutInterceptor } from './nest/lockout-interceptor.js';
export { LockoutModule } from './nest/lockout-module.js';
export { LockoutNotifier } from './nest/lockout-notifier.js';
export type {
  FindAccount,
  LockoutModuleAsyncOptions,
  LockoutModuleOptions,
  RefusalContext,
} from './nest/lockout-options.js';
export { LockoutUnlockLinkModule } from './nest/unlock-link/lockout-unlock-link-module.js';
export type { LockoutUnlockLinkOptions } from './nest/unlock-link/unlock-link-options.js';
export type { UnlockLinkTexts } from './nest/unlock-link/unlock-link-texts.js';
export { DeliveryTimeoutError, type DispatchClock } from './notify/deliver-in-time.js';
export { DeliveryDelayedError, DeliveryRefusedError } from './notify/delivery-errors.js';
export type { DispatchReport } from './notify/dispatch-report.js';
export type { DispatchSettings } from './notify/dispatch-settings.js';
export { type DispatcherOptions, EventDispatcher } from './notify/event-dispatcher.js';
export type { AccountNames } from './notify/named-account.js';
export { type ProfileLockout, profileLockout } from './notify/profile-lockout.js';
export type { Delivery, LockoutSink } from './notify/sink.js';
export {
  type WebhookBody,
  type WebhookMap,
  type WebhookSinkOptions,
  webhookBody,
} from './notify/webhook-options.js';
export { WebhookAnswerError, WebhookSink } from './notify/webhook-sink.js';
export type { Actor, LockoutEvent, LockoutEventType, LockoutPolicy, Method } from './policy/index.js';
export type {
  AnswerClaim,
  AnswerLives,
  AnswerRequest,
  AnswerStore,
  KeptAnswer,
} from './store/answer-store.js';
export type {
  AuditEntry,
  AuditLog,
  BusyAddress,
  Erasure,
  ErasureStep,
  EventCount,
  EventQuery,
  EventShape,
  RecordedEvent,
  ShapeQuery,
} from './store/audit-log.js';
export type {
  Directory,
  LockCountQuery,
  LockedQuery,
  LockedSort,
  Page,
  PageRequest,
} from './store/directory.js';
export type { LockoutStore, SwapOptions } from './store/lockout-store.js';
export type { NodeRegistry, NodeReport, RefusalCounts } from './store/node-registry.js';
export type {
  ClaimedDelivery,
  DeliveryClaim,
  DeliveryDeferral,
  DeliveryQuery,
  Outbox,
  SinkState,
  StoredDelivery,
} from './store/outbox.js';
export type {
  PolicyRevision,
  PolicySave,
  PolicyStore,
  PolicyTarget,
  SavedPolicies,
} from './store/policy-store.js';
export type { Quotas } from './store/quotas.js';
export type { Loaded, LockoutRecord, RecordFacts, Swap } from './store/record.js';
export { StoreError, type StoreFault } from './store/store-error.js';
export type { AskedStore, StoreWork } from './store/store-watch.js';
export type { FoundUnlockLink, UnlockLink, UnlockLinkStore } from './store/unlock-links.js';
