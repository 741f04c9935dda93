import { AddressSet } from '../key/address-set.js';
import { KeyRing } from '../key/key-ring.js';
import type { Actor } from '../policy/input.js';
import type { LockoutPolicy, Method } from '../policy/policy.js';
import { type ApplierTotals, BatchApplier } from '../store/batch-applier.js';
import { StoreError } from '../store/store-error.js';
import { AccountDesk, type SubjectStatus } from './account-desk.js';
import { Attempt, type Outcome } from './attempt.js';
import type { AccountName, AttemptRequest } from './attempt-request.js';
import { type AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { type DecidedCharge, judgeOperation, withdrawOperation } from './charge.js';
import { Charger } from './charger.js';
import { ConfiguredPolicies } from './configured-policies.js';
import { type EngineOptions, type ResolvedOptions, resolveOptions } from './engine-options.js';
import { LivePolicies } from './live-policies.js';
import { unavailable } from './lockout-error.js';
import type { Refusal } from './refusal.js';
import { SettleQueue } from './settle-queue.js';
import { lossOperation, type Settlement, successOperation, UNWRITTEN } from './settlement.js';
import { keysOfSlots } from './slot.js';
import { Sweeper } from './sweeper.js';
import type { Unlocked } from './unlocking.js';
import { WaitingRoom } from './waiting-room.js';

/** An attempt that may be verified, or why it may not. */
export type Begun =
  | { readonly allowed: true; readonly attempt: Attempt }
  | { readonly allowed: false; readonly refusal: Refusal };

/** What {@link LockoutEngine.protect} did. */
export type Protected<T> =
  | { readonly outcome: 'success'; readonly value: T }
  | { readonly outcome: 'failure'; readonly value: T; readonly settlement: Settlement }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

export interface ProtectOptions<T> {
  /** Whether this result means a right credential. Default: anything but null, undefined and false. */
  readonly isSuccess?: (value: T) => boolean;
  /** Whether this exception means a wrong credential. Default: none; exceptions are faults of ours. */
  readonly isFailure?: (error: unknown) => boolean;
  /** `false` for a first factor (R11). Default `true`. */
  readonly final?: boolean;
}

const SETTLE_QUEUE_CAPACITY = 10_000;

/** Longest time an attempt may stay unsettled under these policies. */
const patienceOf = (slots: AttemptSlots): number =>
  Math.max(...slots.slots.map(({ policy }) => policy.attemptTimeoutMs));

/**
 * Asks the store before a credential is verified: `begin` an attempt, verify, then settle it with its outcome.
 * Every method that touches the store rejects with {@link LockoutUnavailableError} when it does not answer (P9).
 */
export class LockoutEngine {
  /** Administrators' side: status, unlock, lock, password reset. */
  readonly accounts: AccountDesk;
  readonly sweeper: Sweeper;
  readonly keys: KeyRing;
  /** What governs: code, and what administrators saved over it. */
  readonly policies: LivePolicies;
  readonly options: ResolvedOptions;
  private readonly applier: BatchApplier;
  private readonly slots: SlotBuilder;
  private readonly charger: Charger;
  private readonly waitingRoom: WaitingRoom;
  private readonly settleQueue: SettleQueue;
  /** Weakly: a save makes new policies, and the old ones go. */
  private readonly exempt = new WeakMap<LockoutPolicy, AddressSet>();

  /** Throws LockoutConfigError, or KeySecretError for the secrets. */
  constructor(options: EngineOptions) {
    this.options = resolveOptions(options);
    const { store, clock, randomness, policies, brands } = this.options;
    this.keys = new KeyRing(this.options.secrets);
    this.policies = new LivePolicies(new ConfiguredPolicies(policies, brands), store, clock.monotonic);
    this.applier = new BatchApplier(store, {
      monotonic: clock.monotonic,
      sleep: clock.sleep,
      random: randomness.uniform,
      freshVersion: () => randomness.token(8),
      onEvents: ({ key, facts, events }) => {
        for (const event of events) this.options.onEvent(event, { ...facts, key });
      },
      cacheMs: this.options.cacheMs,
      cacheSize: this.options.cacheSize,
      retryMs: this.options.retryMs,
      lanes: this.options.lanes,
      maxQueue: this.options.maxQueue,
    });
    this.slots = new SlotBuilder({
      keys: this.keys,
      policies: this.policies,
      labels: this.options.labels,
      newcomersPerAddress: this.options.newcomersPerAddress,
      exemptAddresses: (policy) => this.exemptAddresses(policy),
    });
    const { maxWaitersPerKey, maxWaiters } = this.options;
    this.waitingRoom = new WaitingRoom(clock, randomness.uniform, maxWaitersPerKey, maxWaiters);
    this.settleQueue = new SettleQueue(this.applier, clock, SETTLE_QUEUE_CAPACITY);
    this.charger = new Charger({
      policies: this.policies,
      slots: this.slots,
      applier: this.applier,
      monotonic: clock.monotonic,
      retryMs: this.options.retryMs,
      withdrawLater: (charged, id) =>
        this.settleQueue.push(withdrawOperation(charged, id), patienceOf(charged), { yields: true }),
    });
    this.accounts = new AccountDesk({
      applier: this.applier,
      directory: store,
      keys: this.keys,
      policies: this.policies,
      slots: this.slots,
      onChange: (keys) => {
        this.applier.forget(keys);
        this.waitingRoom.wake(keys);
      },
    });
    this.sweeper = new Sweeper(this.applier, store, this.policies);
  }

  /** What the store was asked, in running totals. */
  get totals(): Readonly<ApplierTotals> & { readonly unwrittenSettles: number } {
    return { ...this.applier.totals, unwrittenSettles: this.settleQueue.size };
  }

  /**
   * Charges an attempt, before its credential is verified: at every key, or (refused) at none. When the budget is taken
   * by attempts in flight it waits up to `waitMs`.
   * Throws InvalidSubjectError for an account, realm or device that cannot be a key: nothing is counted (R20).
   */
  async begin(request: AttemptRequest): Promise<Begun> {
    const { clock, randomness, waitMs } = this.options;
    const id = randomness.token(12);
    const deadline = clock.monotonic() + waitMs;
    let charging = this.charger.prepare(id, request);
    for (;;) {
      const charged = await this.charger.charge(id, request, charging);
      charging = charged.charging;
      const { slots } = charging;
      const { answer } = charged;
      if (answer.allowed) return { allowed: true, attempt: this.attempt(id, request, slots, answer) };
      const left = deadline - clock.monotonic();
      if (answer.refusal.reason === 'locked' || left <= 0) return answer;
      const counted = slots.slots.filter((slot) => slot.counted);
      const keys = keysOfSlots(counted.flatMap((slot) => (slot.overflow ? [slot, slot.overflow] : [slot])));
      const end = await this.waitingRoom.wait(keys, left);
      if (end === 'full') return answer;
      if (end === 'polled') this.applier.forget(keys);
    }
  }

  /** What `begin` would refuse now; null: it would be admitted. Charges nothing. */
  async judge(request: AttemptRequest): Promise<Refusal | null> {
    // Before anything is asked: what cannot be a key is nobody's (R20).
    let slots = this.slots.forAttempt(request);
    const { generation } = this.policies;
    await this.policies.fresh();
    if (generation !== this.policies.generation) slots = this.slots.forAttempt(request);
    const operation = judgeOperation(slots, request.method);
    const known = this.applier.answerFromMemory(operation);
    return known === undefined ? this.available(this.applier.apply(operation)) : known;
  }

  /**
   * Runs `verify` only if the attempt is admitted, and settles by what it returns: for resolvers, gateways and jobs.
   * An exception of `verify` is passed on after the attempt is settled.
   */
  async protect<T>(
    request: AttemptRequest,
    verify: (attempt: Attempt) => T | Promise<T>,
    options: ProtectOptions<T> = {},
  ): Promise<Protected<T>> {
    const begun = await this.begin(request);
    if (!begun.allowed) return { outcome: 'refused', refusal: begun.refusal };
    const { attempt } = begun;
    let value: T;
    try {
      value = await verify(attempt);
    } catch (error) {
      await (options.isFailure?.(error) ? attempt.fail() : attempt.abandon());
      throw error;
    }
    const isSuccess =
      options.isSuccess ?? ((result: T) => result !== null && result !== undefined && result !== false);
    if (!isSuccess(value)) return { outcome: 'failure', value, settlement: await attempt.fail() };
    const { refusal } = await attempt.succeed({ final: options.final ?? true });
    return refusal ? { outcome: 'refused', refusal } : { outcome: 'success', value };
  }

  /** {@link AccountDesk.status}. */
  status(name: AccountName): Promise<SubjectStatus> {
    return this.accounts.status(name);
  }

  /** {@link AccountDesk.unlock}. */
  unlock(name: AccountName, actor: Actor, options?: { readonly address?: string }): Promise<Unlocked> {
    return this.accounts.unlock(name, actor, options);
  }

  /** {@link AccountDesk.lock}. */
  lock(name: AccountName, until: number | null, actor: Actor): Promise<void> {
    return this.accounts.lock(name, until, actor);
  }

  /** {@link AccountDesk.passwordReset}. */
  passwordReset(name: AccountName, actor?: Actor): Promise<SubjectStatus> {
    return this.accounts.passwordReset(name, actor);
  }

  /** {@link AccountDesk.completed}. */
  completed(
    name: AccountName,
    methods: readonly Method[],
    options?: { readonly address?: string; readonly brand?: string },
  ): Promise<void> {
    return this.accounts.completed(name, methods, options);
  }

  private attempt(
    id: string,
    request: AttemptRequest,
    slots: AttemptSlots,
    { charges, remaining }: Extract<DecidedCharge, { allowed: true }>,
  ): Attempt {
    const { method } = request;
    const watching = slots.slots.filter((slot) => !slot.counted);
    const origin = slots.origin && { ...slots.origin, attempt: id };
    const operationFor = (outcome: Outcome) => {
      switch (outcome.type) {
        case 'success':
          return successOperation(charges, watching, { id, method, final: outcome.final, from: slots.from });
        case 'failure':
          return lossOperation(charges, { type: 'fail', id }, method, origin);
        case 'abandoned':
          return lossOperation(charges, { type: 'abandon', id }, method, origin);
        default:
          return outcome satisfies never;
      }
    };
    return new Attempt(id, remaining, async (outcome) => {
      if (charges.length === 0 && outcome.type !== 'success') return UNWRITTEN;
      const operation = operationFor(outcome);
      // Under what governs by now; where the store does not tell, under what was known: a settle is never lost to it.
      await this.policies.fresh().catch(() => {});
      try {
        return await this.applier.apply(operation);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        this.settleQueue.push(operation, patienceOf(slots));
        return UNWRITTEN;
      } finally {
        this.waitingRoom.wake(operation.keys);
      }
    });
  }

  private async available<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw unavailable(error);
    }
  }

  private exemptAddresses(policy: LockoutPolicy): AddressSet {
    let addresses = this.exempt.get(policy);
    if (!addresses) {
      addresses = new AddressSet(policy.exempt.addresses);
      this.exempt.set(policy, addresses);
    }
    return addresses;
  }
}
