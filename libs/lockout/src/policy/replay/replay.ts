import { overrideOf } from '../brand-override.js';
import { compareRefusals, type Decision, type RefusedDecision } from '../decision.js';
import type { Input } from '../input.js';
import { DEFAULT_NEWCOMERS_PER_ADDRESS, NEWCOMER_POLICY } from '../newcomers.js';
import type { LockoutPolicy, Method } from '../policy.js';
import { PolicyError } from '../policy-error.js';
import type { LockoutState } from '../state.js';
import { type Transition, transition } from '../transition.js';
import { remember } from '../window.js';
import type {
  ReplayAddresses,
  ReplayAttempt,
  ReplayEvent,
  ReplayLock,
  ReplayOutcome,
  ReplayRefusal,
} from './replay-attempt.js';
import { type ReplayRecord, ReplayRecords } from './replay-records.js';
import { newcomerKey, type ReplaySlot, slotsOf } from './replay-slot.js';

export interface ReplayOptions {
  readonly policies: readonly LockoutPolicy[];
  /** For each brand the policies that replace the global ones of the same counter. Default: none. */
  readonly brands?: Readonly<Record<string, readonly LockoutPolicy[]>>;
  /** How addresses are read. Default: each text is one address. Required where a policy exempts addresses. */
  readonly addresses?: ReplayAddresses;
  /** Names nobody has that one address may bring in per hour; further ones share one counter. Default 100. */
  readonly newcomersPerAddress?: number;
}

const AS_WRITTEN: ReplayAddresses = Object.freeze({
  canonical: (address: string) => address,
  crowd: (address: string) => address,
  isExempt: () => false,
});

/** Attempts of a log are over before the next begins, so one id serves all. */
const ID = 'replay';

/** The address, for policies whose success clears only its part. */
interface From {
  readonly from?: string;
}

/** What is gathered while an attempt is decided. */
interface Told {
  readonly locks: ReplayLock[];
  readonly events: ReplayEvent[];
}

interface Judged {
  readonly slot: ReplaySlot;
  readonly record: ReplayRecord | undefined;
  readonly after: Transition;
  readonly decision: Decision;
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * Answers, attempt by attempt, what these policies would have done with a log: the live engine's decisions on the same
 * history, without a store. Attempts begin and settle at the same moment. Pure but for its own memory, which grows with
 * the keys that have something to remember, not with the attempts.
 */
export class Replay {
  private readonly global: readonly LockoutPolicy[];
  private readonly byBrand = new Map<string, readonly LockoutPolicy[]>();
  private readonly records: ReplayRecords;
  private readonly addresses: ReplayAddresses;
  private readonly newcomersPerAddress: number;
  private readonly sharesCounters: boolean;
  private now = 0;

  /** @throws PolicyError a policy exempts addresses and nobody says how addresses are read. */
  constructor({ policies, brands = {}, addresses, newcomersPerAddress }: ReplayOptions) {
    this.global = policies;
    for (const [brand, overrides] of Object.entries(brands)) {
      const ofBrand = (policy: LockoutPolicy) => overrideOf(policy, policies, overrides) ?? policy;
      this.byBrand.set(brand, policies.map(ofBrand));
    }
    const all = [...policies, ...[...this.byBrand.values()].flat()];
    const exempting = all.find(({ exempt }) => exempt.addresses.length > 0);
    if (exempting && !addresses) {
      const message = `of "${exempting.name}" cannot be compared with the addresses of the log`;
      throw new PolicyError([{ path: 'exempt.addresses', message, hint: 'pass `addresses` to the replay' }]);
    }
    this.sharesCounters = new Set(policies.map(({ counter }) => counter)).size < policies.length;
    this.records = new ReplayRecords([...all, NEWCOMER_POLICY]);
    this.addresses = addresses ?? AS_WRITTEN;
    this.newcomersPerAddress = newcomersPerAddress ?? DEFAULT_NEWCOMERS_PER_ADDRESS;
  }

  /** Keys that have something to remember now, and the most there ever were at once. */
  get keys(): { readonly live: number; readonly peak: number } {
    return { live: this.records.size, peak: this.records.peak };
  }

  /** What would have happened to the next attempt of the log. Give them in the order of time. */
  next(attempt: ReplayAttempt): ReplayOutcome {
    const now = Math.max(this.now, attempt.at);
    if (Number.isNaN(now))
      throw new RangeError(`The time of an attempt must be epoch ms; it is ${attempt.at}.`);
    this.now = now;
    this.records.forget(now);
    const address = attempt.address == null ? null : this.addresses.canonical(attempt.address);
    const watching = slotsOf(this.policiesOf(attempt.brand), attempt, address, this.addresses);
    const newcomers = this.isNewcomer(watching) ? newcomerKey(attempt, address) : null;
    const overCap = newcomers !== null && this.newcomersAt(newcomers) >= this.newcomersPerAddress;
    const slots = overCap ? watching.map((slot) => ({ ...slot, ...slot.overflow })) : watching;

    const from = address === null ? {} : { from: address };
    const { method = 'password' } = attempt;
    const judged = slots.map((slot): Judged => {
      const record = this.records.get(slot.key);
      const input = { type: 'charge' as const, id: ID, method, ...from };
      const after = transition(slot.policy, record?.state ?? null, input, now);
      // A charge is always answered.
      return { slot, record, after, decision: after.decision as Decision };
    });

    const refusal = strictestOf(judged);
    const told: Told = { locks: [], events: [] };
    if (refusal) {
      for (const { slot, record } of this.oncePerKey(judged)) {
        if (record) this.apply(slot, record.state, { type: 'tick' }, told);
      }
    } else {
      this.settle(judged, attempt, from, told);
      if (newcomers !== null && !overCap) this.countNewcomer(newcomers);
    }
    return {
      attempt,
      at: now,
      refusal,
      refusedBy: refusal ? locksThatRefuse(judged) : NONE,
      watched: slots.length > 0,
      remaining: refusal ? null : remainingOf(judged),
      ...told,
    };
  }

  /** Writes the charges and at once how the log says they ended, one policy after the other. */
  private settle(judged: readonly Judged[], attempt: ReplayAttempt, from: From, told: Told): void {
    const { outcome, method = 'password' } = attempt;
    const charged = new Map<string, LockoutState>();
    for (const { slot, after } of this.oncePerKey(judged)) {
      if (slot.counted) {
        // Not remembered with the charge in it: it ends in this very moment.
        charged.set(slot.key, after.state);
        told.events.push(...after.events.map((event) => ({ policy: slot.policy.name, event })));
      } else this.write(slot, after, told);
    }
    for (const { slot, decision } of judged) {
      const state = charged.get(slot.key);
      if (!slot.counted || !decision.allowed || !state) continue;
      const settled = transition(
        slot.policy,
        state,
        settlingOf(outcome, method, decision.seq, from),
        this.now,
      );
      charged.set(slot.key, settled.state);
      this.write(slot, settled, told);
    }
  }

  /** Policies that share a counter share its record: it is written by the first that counts the attempt, else the first. */
  private oncePerKey(judged: readonly Judged[]): readonly Judged[] {
    if (!this.sharesCounters) return judged;
    const byKey = new Map<string, Judged>();
    for (const one of judged) {
      const known = byKey.get(one.slot.key);
      if (!known || (one.slot.counted && !known.slot.counted)) byKey.set(one.slot.key, one);
    }
    return [...byKey.values()];
  }

  private policiesOf(brand: string | undefined): readonly LockoutPolicy[] {
    return (brand === undefined ? undefined : this.byBrand.get(brand)) ?? this.global;
  }

  /** Whether this is a name that nobody has and that nobody tried before. */
  private isNewcomer(slots: readonly ReplaySlot[]): boolean {
    const named = slots.filter((slot) => slot.counted && slot.overflow);
    return named.length > 0 && named.every((slot) => !this.records.get(slot.key));
  }

  private newcomersAt(key: string): number {
    const known = this.records.get(key);
    return known ? remember(NEWCOMER_POLICY, known.state, this.now).failures : 0;
  }

  private countNewcomer(key: string): void {
    const known = this.records.get(key)?.state ?? null;
    const charge = { type: 'charge' as const, id: ID, method: 'newcomer' };
    const charged = transition(NEWCOMER_POLICY, known, charge, this.now);
    const { state } = transition(NEWCOMER_POLICY, charged.state, { type: 'fail', id: ID }, this.now);
    this.records.put(NEWCOMER_POLICY.counter, key, state, null, this.now);
  }

  private apply(slot: ReplaySlot, state: LockoutState | null, input: Input, told: Told): void {
    this.write(slot, transition(slot.policy, state, input, this.now), told);
  }

  private write({ policy, key, realm, subject }: ReplaySlot, after: Transition, told: Told): void {
    let lock: ReplayLock | null = null;
    for (const event of after.events) {
      told.events.push({ policy: policy.name, event });
      if (event.type !== 'locked') continue;
      const { at: since, until, cause, failures, escalation } = event;
      lock = { policy: policy.name, realm, subject, since, until, cause, failures, escalation };
      told.locks.push(lock);
    }
    this.records.put(policy.counter, key, after.state, lock, this.now);
  }
}

function settlingOf(outcome: ReplayAttempt['outcome'], method: Method, seq: number, from: From): Input {
  switch (outcome) {
    case 'failure':
      return { type: 'fail', id: ID };
    case 'abandoned':
      return { type: 'abandon', id: ID };
    case 'success':
    case 'first-factor':
      return { type: 'succeed', id: ID, method, seq, final: outcome === 'success', ...from };
    default:
      return outcome satisfies never;
  }
}

/** The strictest refusal, named by its policy; of equals the first (R13). */
function strictestOf(judged: readonly Judged[]): ReplayRefusal | null {
  let strictest: { policy: string; decision: RefusedDecision } | null = null;
  for (const { slot, decision } of judged) {
    if (decision.allowed) continue;
    if (!strictest || compareRefusals(decision, strictest.decision) > 0)
      strictest = { policy: slot.policy.name, decision };
  }
  if (!strictest) return null;
  const { policy, decision } = strictest;
  const cause = decision.reason === 'locked' ? decision.cause : null;
  return { reason: decision.reason, retryAt: decision.retryAt, policy, cause };
}

function locksThatRefuse(judged: readonly Judged[]): readonly ReplayLock[] {
  return judged.flatMap(({ record, decision }) =>
    !decision.allowed && decision.reason === 'locked' && decision.cause !== 'pause' && record?.lock
      ? [record.lock]
      : [],
  );
}

function remainingOf(judged: readonly Judged[]): number | null {
  let least: number | null = null;
  for (const { decision } of judged) {
    if (!decision.allowed || decision.remaining === null) continue;
    least = Math.min(least ?? decision.remaining, decision.remaining);
  }
  return least;
}
