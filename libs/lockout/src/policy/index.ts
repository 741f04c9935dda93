export { compareRefusals, type Decision, type RefusedDecision } from './decision.js';
export { definePolicies, definePolicy } from './define-policy.js';
export { type DurationMs, days, hours, MAX_DURATION_MS, minutes, seconds } from './duration.js';
export type { EventOrigin, LockoutEvent, LockoutEventType, StateBefore } from './event.js';
export type { Actor, Input, UnlockVia } from './input.js';
export { lintPolicy, type PolicyWarning, type PolicyWarningId } from './lint-policy.js';
export { isInForce, MAX_TIME_MS } from './lock.js';
export { MANUAL_POLICY } from './manual.js';
export {
  type AfterLock,
  countsMethod,
  type DrivenBy,
  isTablePolicy,
  type Limit,
  type Limits,
  type LockoutPolicy,
  type Method,
  type PolicyCore,
  type PolicyInput,
  type QuickFailure,
  refusesMethod,
  type Schedule,
  type ScopePart,
  type TablePolicy,
  type TableRow,
  type TableSchedule,
  type ThresholdPolicy,
  type Window,
  type WindowEnd,
} from './policy.js';
export { PolicyError, type PolicyProblem } from './policy-error.js';
export {
  type AuthgearOptions,
  authgear,
  CONTENTSTACK_ROWS,
  type ContentstackOptions,
  contentstack,
  type OneWelcomeOptions,
  OUT_SYSTEMS_MESSAGES,
  type OutSystemsLevel,
  type OutSystemsOptions,
  oneWelcome,
  outSystems,
  type PresetName,
  presets,
  type ReachFiveOptions,
  reachFive,
} from './presets/index.js';
export { isFaded, keepUntil, nextTickAt } from './record-life.js';
export { type SimulatedOutcome, type SimulatedStep, simulate } from './simulate.js';
export {
  type Contribution,
  EMPTY_STATE,
  type Lock,
  type LockCause,
  type LockoutState,
  MAX_CONTRIBUTIONS,
  MAX_PENDING,
  MAX_TIMES,
  type PendingCharge,
} from './state.js';
export { judge, type Transition, transition } from './transition.js';
