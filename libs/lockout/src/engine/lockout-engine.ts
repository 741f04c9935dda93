import { AddressSet } from '../key/address-set.js';
import { KeyRing } from '../key/key-ring.js';
import type { Actor } from '../policy/input.js';
import type { LockoutPolicy, Method } from '../policy/policy.js';
import type { ApplierTotals } from '../store/batch-applier.js';
import { AccountDesk, type SubjectStatus } from './account-desk.js';
import type { Attempt } from './attempt.js';
import type { AccountName, AttemptRequest } from './attempt-request.js';
import { type AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { judgeOperation, withdrawOperation } from './charge.js';
import { Charger } from './charger.js';
import { ConfiguredPolicies } from './configured-policies.js';
import { DecisionLimits } from './decision-limits.js';
import { type EngineOptions, type ResolvedOptions, resolveOptions } from './engine-options.js';
import { LivePolicies } from './live-policies.js';
import { unavailable } from './lockout-error.js';
import type { Refusal } from './refusal.js';
import { RefusalTally } from './refusal-tally.js';
import { SettleQueue } from './settle-queue.js';
import type { Settlement } from './settlement.js';
import { patienceOf, Settler } from './settler.js';
import { keysOfSlots } from './slot.js';
import { StoreAccess } from './store-access.js';
import type { StoreState } from './store-state.js';
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
/** An attempt looks at no fewer records than these: the account’s, and an administrator’s lock. */
const RECORDS_PER_ATTEMPT = 2;

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
  /** How many attempts this process refused of late: in memory, told by the announcements of processes. */
  readonly refusals = new RefusalTally();
  private readonly access: StoreAccess;
  private readonly limits: DecisionLimits;
  private readonly slots: SlotBuilder;
  private readonly charger: Charger;
  private readonly settler: Settler;
  private readonly waitingRoom: WaitingRoom;
  private readonly settleQueue: SettleQueue;
  /** Weakly: a save makes new policies, and the old ones go. */
  private readonly exempt = new WeakMap<LockoutPolicy, AddressSet>();

  /** Throws LockoutConfigError, or KeySecretError for the secrets. */
  constructor(options: EngineOptions) {
    this.options = resolveOptions(options);
    const { clock, randomness, policies, brands, decisionTimeoutMs, maxQueue } = this.options;
    this.keys = new KeyRing(this.options.secrets);
    this.access = new StoreAccess(this.options, {
      forBrand: (brand) => this.policies.forBrand(brand),
      ofCounter: (counter) => this.policies.ofCounter(counter),
      allOfCounter: (counter) => this.policies.allOfCounter(counter),
    });
    const { access } = this;
    this.limits = new DecisionLimits(clock, decisionTimeoutMs, maxQueue, () => access.suspect());
    const configured = new ConfiguredPolicies(policies, brands);
    this.policies = new LivePolicies(configured, access.policies, clock.monotonic, () => access.isBridged);
    this.slots = new SlotBuilder({
      keys: this.keys,
      policies: this.policies,
      labels: this.options.labels,
      newcomersPerAddress: this.options.newcomersPerAddress,
      exemptAddresses: (policy) => this.exemptAddresses(policy),
      remembered: Math.ceil(this.options.cacheSize / RECORDS_PER_ATTEMPT),
    });
    const { maxWaitersPerKey, maxWaiters } = this.options;
    this.waitingRoom = new WaitingRoom(clock, randomness.uniform, maxWaitersPerKey, maxWaiters);
    const isHeld = () => access.state === 'gone';
    this.settleQueue = new SettleQueue(access, clock, SETTLE_QUEUE_CAPACITY, isHeld);
    this.charger = new Charger({
      policies: this.policies,
      slots: this.slots,
      access,
      monotonic: clock.monotonic,
      retryMs: this.options.retryMs,
      freshId: () => randomness.token(12),
      withdrawLater: (charged, id) =>
        this.settleQueue.push(withdrawOperation(charged, id), patienceOf(charged), { yields: true }),
    });
    this.settler = new Settler({
      access,
      policies: this.policies,
      queue: this.settleQueue,
      waitingRoom: this.waitingRoom,
      limits: this.limits,
    });
    this.accounts = new AccountDesk({
      applier: access.applier,
      directory: access.store,
      keys: this.keys,
      policies: this.policies,
      slots: this.slots,
      caughtUp: () => access.caughtUp(),
      onChange: (keys) => {
        access.applier.forget(keys);
        this.waitingRoom.wake(keys);
      },
    });
    this.sweeper = new Sweeper(access.applier, access.store, this.policies);
  }

  /** What the store was asked, in running totals. `uncounted`: attempts that were let through (`onStoreError: 'allow'`). */
  get totals(): Readonly<ApplierTotals> & { readonly unwrittenSettles: number; readonly uncounted: number } {
    const { applier, uncounted } = this.access;
    return { ...applier.totals, unwrittenSettles: this.settleQueue.size, uncounted };
  }

  /** Whether the store answers, as far as is known: for health checks. */
  get storeState(): StoreState {
    return this.access.state;
  }

  /** The same, once it is certain: where some work failed it takes a moment to find out whether the store is gone. */
  confirmedStoreState(): Promise<StoreState> {
    return this.access.confirmedState();
  }

  /** The store's clock as far as this process knows it, epoch ms; null: it was never heard. Decides nothing. */
  get storeNow(): number | null {
    return this.access.applier.aboutNow;
  }

  /**
   * Charges an attempt, before its credential is verified: at every key, or (refused) at none. When the budget is taken
   * by attempts in flight it waits up to `waitMs`.
   * Throws InvalidSubjectError for an account, realm or device that cannot be a key: nothing is counted (R20).
   */
  async begin(request: AttemptRequest): Promise<Begun> {
    const { clock, waitMs } = this.options;
    const deadline = clock.monotonic() + waitMs;
    let charging = this.charger.prepare(request);
    for (;;) {
      const given = charging;
      const charged = await this.limits.decide((patience) => this.charger.charge(request, given, patience));
      charging = charged.charging;
      const { id, slots } = charging;
      const { answer, place } = charged;
      if (answer.allowed) {
        return { allowed: true, attempt: this.settler.attempt(id, request, slots, answer, place) };
      }
      const left = deadline - clock.monotonic();
      if (answer.refusal.reason === 'locked' || left <= 0) return this.refused(slots, answer);
      const counted = slots.slots.filter((slot) => slot.counted);
      const keys = keysOfSlots(counted.flatMap((slot) => (slot.overflow ? [slot, slot.overflow] : [slot])));
      const end = await this.waitingRoom.wait(keys, left);
      if (end === 'full') return this.refused(slots, answer);
      if (end === 'polled') this.access.applier.forget(keys);
    }
  }

  /** What `begin` would refuse now; null: it would be admitted. Charges nothing. */
  async judge(request: AttemptRequest): Promise<Refusal | null> {
    // Before anything is asked: what cannot be a key is nobody's (R20).
    const slots = this.slots.forAttempt(request);
    const refusal = await this.limits.decide(() => this.judged(request, slots));
    return refusal && this.refused(slots, refusal);
  }

  /**
   * Runs what has to be looked up before an attempt can begin (whose account a name is), within the time that a decision
   * may take, and not at all while none can be made. Rejects with what `find` threw, or LockoutUnavailableError.
   */
  lookUp<T>(find: () => T | Promise<T>): Promise<T> {
    return this.limits.decide(async () => {
      this.access.assertDecides();
      return find();
    });
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

  /** Counts a refusal, in memory alone (P3), and passes it on. */
  private refused<T>({ slots: [slot] }: AttemptSlots, refusal: T): T {
    const now = this.storeNow;
    if (slot && now !== null) this.refusals.note(slot.facts.realm, now);
    return refusal;
  }

  private async judged(request: AttemptRequest, given: AttemptSlots): Promise<Refusal | null> {
    const { access, policies } = this;
    let slots = given;
    if (!access.isBridged) {
      try {
        const { generation } = policies;
        await policies.fresh();
        if (generation !== policies.generation) slots = this.slots.forAttempt(request);
        const operation = judgeOperation(slots, request.method);
        const known = access.answerFromMemory(operation);
        return known === undefined ? await access.apply(operation) : known;
      } catch (error) {
        if (!(await access.covers(error))) throw unavailable(error);
      }
    }
    if (!access.countsApart) return access.knownLock(slots, request.method);
    try {
      return await access.applyApart(judgeOperation(slots, request.method));
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
