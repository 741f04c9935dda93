import type { LockoutKey } from '../key/key.js';
import { days } from '../policy/duration.js';
import type { LockoutEvent } from '../policy/event.js';
import { DEFAULT_NEWCOMERS_PER_ADDRESS } from '../policy/newcomers.js';
import type { LockoutPolicy } from '../policy/policy.js';
import type { AuditLog } from '../store/audit-log.js';
import type { Directory } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import type { RecordFacts } from '../store/record.js';
import { safeAddressees } from './addressees.js';
import { type EngineClock, systemClock, withAlarm } from './clock.js';
import { ConfiguredPolicies } from './configured-policies.js';
import { LockoutConfigError } from './lockout-error.js';
import { exemptProblems } from './policy-merge.js';
import { type Randomness, systemRandomness } from './randomness.js';
import type { OnStoreError, StoreStateEvent } from './store-state.js';
import {
  type ResolvedUnlockLinkOptions,
  resolveUnlockLinkOptions,
  type UnlockLinkOptions,
} from './unlock-link-options.js';

/** What {@link LockoutEngine} is made of. */
export interface EngineOptions {
  readonly store: LockoutStore & Directory & AuditLog;
  /** Key secrets, current first, at least 32 bytes each; previous ones while rotating (R21). */
  readonly secrets: readonly (string | Uint8Array)[];
  /** Each with a name of its own. */
  readonly policies: readonly LockoutPolicy[];
  /**
   * For each brand the policies that replace the global ones of the same counter (and, where several share it, of the
   * same name). Default: none.
   */
  readonly brands?: Readonly<Record<string, readonly LockoutPolicy[]>>;
  /** Store plain accounts and addresses for administrators (P10). Default `false`. */
  readonly labels?: boolean;
  /** How long an attempt waits when the budget is taken by attempts in flight. Default 2 000 ms; 0: not at all. */
  readonly waitMs?: number;
  /** Attempts that may wait at one key. Default 64 (as many charges as one key holds in flight). */
  readonly maxWaitersPerKey?: number;
  /** Attempts that may wait in this process. Default 1 000. */
  readonly maxWaiters?: number;
  /** How long a record may be taken as current without asking the store. Default and maximum 1 000 ms; 0: never. */
  readonly cacheMs?: number;
  /** Records kept in memory. Default 50 000. */
  readonly cacheSize?: number;
  /** How long a write lost to other processes is retried before failing closed. Default 2 000 ms. */
  readonly retryMs?: number;
  /** Decisions that may wait for the store; more are refused as unavailable. Default 10 000. */
  readonly maxQueue?: number;
  /**
   * How long a decision or a settle may take, ms; then it is refused as unavailable, whatever the store does. The time that
   * an attempt waits for a budget (`waitMs`) is not part of it. Default 5 000: above `retryMs` and one more statement.
   */
  readonly decisionTimeoutMs?: number;
  /**
   * What is decided while the store does not answer. `deny` (default): nobody signs in (P9). `allow`: attempts are let
   * through uncounted, unless a lock is known to refuse them. `memory`: each process counts for itself, from what it
   * knows, so that the bound (P1) holds for each process; when the store is back the stricter of both counts stands.
   */
  readonly onStoreError?: OnStoreError;
  /** Batches under way at once. Default 2. */
  readonly lanes?: number;
  /** Names nobody has that one address may bring into the store per hour; further ones share one counter. Default 100. */
  readonly newcomersPerAddress?: number;
  /**
   * How long events are kept in the audit record, ms, at least a day. Default null: for ever. What is still to be delivered
   * is kept longer. Events are dropped by whichever process sweeps; give the same in all.
   */
  readonly auditRetentionMs?: number | null;
  /** Links that let the owner of an account lift one lock. */
  readonly unlockLinks?: UnlockLinkOptions;
  /**
   * Told of every lock, unlock and other event this process wrote, after it was committed: for logs. The record itself
   * is in the store. `id`: the event's there. Must not throw.
   */
  readonly onEvent?: (
    event: LockoutEvent,
    about: RecordFacts & { readonly key: LockoutKey; readonly id: string },
  ) => void;
  /**
   * Names of the sinks that an event is to be delivered to: recorded with it, so that none is lost (needs a store that is
   * an `Outbox`). Asked before the event is written, in the path of a request: decides by its arguments alone, and must
   * not throw. Default: none. `LockoutModule` fills it from its sinks.
   */
  readonly deliverTo?: (event: LockoutEvent, facts: RecordFacts) => readonly string[];
  /** Told when the store stops answering and when it answers again, once for each: for logs and alarms. Must not throw. */
  readonly onStoreState?: (event: StoreStateEvent) => void;
  readonly clock?: EngineClock;
  readonly randomness?: Randomness;
}

const NUMBERS = {
  waitMs: { default: 2_000, min: 0, max: 60_000 },
  maxWaitersPerKey: { default: 64, min: 0, max: 10_000 },
  maxWaiters: { default: 1_000, min: 0, max: 100_000 },
  cacheMs: { default: 1_000, min: 0, max: 1_000 },
  cacheSize: { default: 50_000, min: 1, max: 10_000_000 },
  retryMs: { default: 2_000, min: 1, max: 60_000 },
  maxQueue: { default: 10_000, min: 1, max: 1_000_000 },
  decisionTimeoutMs: { default: 5_000, min: 100, max: 60_000 },
  lanes: { default: 2, min: 1, max: 64 },
  newcomersPerAddress: { default: DEFAULT_NEWCOMERS_PER_ADDRESS, min: 1, max: 100_000 },
} as const;

const MODES: readonly OnStoreError[] = ['deny', 'allow', 'memory'];

type NumberName = keyof typeof NUMBERS;

export type ResolvedOptions = Required<Omit<EngineOptions, 'brands' | 'secrets' | 'clock' | 'unlockLinks'>> &
  Pick<EngineOptions, 'secrets' | 'brands'> & {
    readonly clock: Required<EngineClock>;
    readonly unlockLinks: ResolvedUnlockLinkOptions;
  };

/** What makes policies protect less than they say, or every attempt fail. */
function policyProblems({ policies, brands = {} }: EngineOptions): readonly string[] {
  const all = [...policies, ...Object.values(brands).flat()];
  return [
    ...new ConfiguredPolicies(policies, brands).problems(),
    ...all.flatMap((policy) =>
      exemptProblems(policy).map(({ path, message }) => `The policy "${policy.name}": ${path} ${message}`),
    ),
  ];
}

/** Applies the defaults. Throws {@link LockoutConfigError} with everything that is wrong. */
export function resolveOptions(options: EngineOptions): ResolvedOptions {
  const problems: string[] = [];
  const numbers = {} as Record<NumberName, number>;
  for (const name of Object.keys(NUMBERS) as NumberName[]) {
    const { default: fallback, min, max } = NUMBERS[name];
    const value = options[name] ?? fallback;
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(`${name} must be a whole number from ${min} to ${max}; it is ${String(value)}.`);
    }
    numbers[name] = value;
  }
  const { auditRetentionMs = null } = options;
  if (auditRetentionMs !== null && !(Number.isSafeInteger(auditRetentionMs) && auditRetentionMs >= days(1))) {
    problems.push(
      `auditRetentionMs must be a whole number of at least ${days(1)} (a day), or null; it is ${String(auditRetentionMs)}.`,
    );
  }
  const unlockLinks = resolveUnlockLinkOptions(options.unlockLinks, problems);
  const { onStoreError = 'deny' } = options;
  if (!MODES.includes(onStoreError)) {
    problems.push(`onStoreError must be one of ${MODES.join(', ')}; it is ${String(onStoreError)}.`);
  }
  if (!options.store)
    problems.push('store is missing: pass a TypeormLockoutStore (or a MemoryLockoutStore in tests).');
  if (!Array.isArray(options.policies) || options.policies.length === 0) {
    problems.push('policies is empty: pass at least one, for example policies: reachFive().');
  }
  if (problems.length === 0) problems.push(...policyProblems(options));
  if (problems.length > 0) throw new LockoutConfigError(problems);
  return {
    ...numbers,
    store: options.store,
    secrets: options.secrets,
    policies: options.policies,
    brands: options.brands,
    labels: options.labels ?? false,
    unlockLinks,
    onStoreError,
    onEvent: options.onEvent ?? (() => {}),
    auditRetentionMs,
    deliverTo: safeAddressees(options.deliverTo),
    onStoreState: options.onStoreState ?? (() => {}),
    clock: options.clock ? withAlarm(options.clock) : systemClock,
    randomness: options.randomness ?? systemRandomness,
  };
}
