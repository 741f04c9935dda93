export { compareRefusals, type Decision, type RefusedDecision } from './decision.js';
export { definePolicies, definePolicy } from './define-policy.js';
export { type DurationMs, days, hours, MAX_DURATION_MS, minutes, seconds } from './duration.js';
export type {
  AdministeredAction,
  ClearedVia,
  EventOrigin,
  LockChange,
  LockoutEvent,
  LockoutEventType,
  StateBefore,
} from './event.js';
export type { Actor, Input, UnlockVia } from './input.js';
export { amountText, countText, durationText } from './lint/amount-text.js';
export { ASVS_MOST_PER_HOUR } from './lint/asvs-verdict.js';
export type { Tactic } from './lint/attack.js';
export { holdingText } from './lint/attack-warnings.js';
export { type GuessRate, guessRate } from './lint/guess-rate.js';
export { type HoldingCost, holdingCost } from './lint/holding-cost.js';
export { type LockProfile, lockProfile } from './lint/lock-profile.js';
export { NIST_MOST_FAILURES } from './lint/nist-verdict.js';
export { PCI_MOST_ATTEMPTS, PCI_SHORTEST_LOCK_MS } from './lint/pci-verdict.js';
export type { PolicyWarning, PolicyWarningId, PolicyWarningLevel } from './lint/policy-warning.js';
export type { Verdict } from './lint/verdict.js';
export { type Verdicts, verdicts } from './lint/verdicts.js';
export { lintPolicies, lintPolicy, type PoliciesWarning } from './lint-policy.js';
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
  type Notify,
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
  type AspNetIdentityOptions,
  type AsvsOptions,
  type AutheliaOptions,
  type AuthgearOptions,
  type AxesParameter,
  type AxesTier,
  aspNetIdentity,
  asvs,
  authelia,
  authgear,
  CONTENTSTACK_MESSAGES,
  CONTENTSTACK_ROWS,
  type CognitoOptions,
  type ContentstackOptions,
  cognito,
  contentstack,
  type DeviseOptions,
  type DjangoAxesOptions,
  devise,
  djangoAxes,
  type EntraOptions,
  entra,
  type KeycloakOptions,
  keycloak,
  type NistOptions,
  nist,
  type OneWelcomeOptions,
  OUT_SYSTEMS_MESSAGES,
  type OutSystemsLevel,
  type OutSystemsOptions,
  oneWelcome,
  outSystems,
  type PamFaillockOptions,
  type PciDssOptions,
  type PresetName,
  pamFaillock,
  pciDss,
  presets,
  type ReachFiveOptions,
  reachFive,
  type VaultOptions,
  vault,
  type ZitadelOptions,
  zitadel,
} from './presets/index.js';
export { isFaded, keepUntil, nextTickAt } from './record-life.js';
export type { LockBar, LockRow } from './replay/lock-ledger.js';
export { Replay, type ReplayOptions } from './replay/replay.js';
export type {
  ReplayAddresses,
  ReplayAttempt,
  ReplayEvent,
  ReplayLock,
  ReplayOutcome,
  ReplayRefusal,
} from './replay/replay-attempt.js';
export type { SeriesReport } from './replay/replay-series.js';
export {
  type AttemptCounts,
  type PolicyTotals,
  type ReplayReport,
  ReplaySummary,
  type SummaryOptions,
} from './replay/replay-summary.js';
export { whatIf } from './replay/what-if.js';
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
