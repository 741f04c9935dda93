export {
  AccountDesk,
  type AccountName,
  Attempt,
  type AttemptExplanation,
  type AttemptRequest,
  type Begun,
  type CounterStatus,
  type EngineClock,
  type EngineOptions,
  type EntryWarning,
  type ExplanationRequest,
  type IgnoredRevision,
  LivePolicies,
  LockoutConfigError,
  type LockoutEnd,
  LockoutEngine,
  type LockoutErrorCode,
  LockoutUnavailableError,
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
  type Refusal,
  type SeenRecords,
  type Settlement,
  type StoreState,
  type StoreStateEvent,
  type SubjectStatus,
  type Swept,
  systemClock,
  systemRandomness,
  tagOfRecords,
  type Unlocked,
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
export type {
  FindAccount,
  LockoutModuleAsyncOptions,
  LockoutModuleOptions,
  RefusalContext,
} from './nest/lockout-options.js';
export type { Actor, LockoutEvent, LockoutEventType, LockoutPolicy, Method } from './policy/index.js';
export type {
  AnswerClaim,
  AnswerLives,
  AnswerRequest,
  AnswerStore,
  KeptAnswer,
} from './store/answer-store.js';
export type {
  AuditLog,
  BusyAddress,
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
  PolicyRevision,
  PolicySave,
  PolicyStore,
  PolicyTarget,
  SavedPolicies,
} from './store/policy-store.js';
export type { Loaded, LockoutRecord, RecordFacts, Swap } from './store/record.js';
export { StoreError, type StoreFault } from './store/store-error.js';
