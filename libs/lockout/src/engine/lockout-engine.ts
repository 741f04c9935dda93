import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import type { LockoutKey } from '../key/key.js';
import { KeyRing } from '../key/key-ring.js';
import type { LockoutEvent } from '../policy/event.js';
import type { Actor } from '../policy/input.js';
import type { Method } from '../policy/policy.js';
import type { ApplierTotals } from '../store/batch-applier.js';
import type { Outbox } from '../store/outbox.js';
import type { Quotas } from '../store/quotas.js';
import type { RecordFacts } from '../store/record.js';
import { AccountDesk, type SubjectStatus } from './account-desk.js';
import type { Attempt } from './attempt.js';
import type { AccountName, AttemptRequest } from './attempt-request.js';
import { type AttemptSlots, SlotBuilder } from './attempt-slots.js';
import { AuditEntries } from './audit-entries.js';
import { withdrawOperation } from './charge.js';
import { Charger } from './charger.js';
import { ConfiguredPolicies } from './configured-policies.js';
import { DecisionLimits } from './decision-limits.js';
import { EngineObservers } from './engine-observer.js';
import { type EngineOptions, type ResolvedOptions, resolveOptions } from './engine-options.js';
import { EngineReadings } from './engine-readings.js';
import { EventRetention } from './event-retention.js';
import { ExemptAddresses } from './exempt-addresses.js';
import { judgeAttempt } from './judging.js';
import { LivePolicies } from './live-policies.js';
import { type Begun, type Protected, type ProtectOptions, verifyBegun } from './protection.js';
import type { Refusal } from './refusal.js';
import { RefusalTally } from './refusal-tally.js';
import { SettleQueue } from './settle-queue.js';
import { patienceOf, Settler } from './settler.js';
import { keysOfSlots } from './slot.js';
import { StoreAccess } from './store-access.js';
import type { StoreState } from './store-state.js';
import { Sweeper } from './sweeper.js';
import { UnlockLinks } from './unlock-links.js';
import type { Unlocked } from './unlocking.js';
import { WaitingRoom } from './waiting-room.js';

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
  /** Links that let the owner of an account lift one lock. */
  readonly unlockLinks: UnlockLinks;
  readonly keys: KeyRing;
  /** What governs: code, and what administrators saved over it. */
  readonly policies: LivePolicies;
  readonly options: ResolvedOptions;
  /** Makes what is recorded of administrators’ work beside the swaps. */
  readonly entries: AuditEntries;
  /** How many attempts this process refused of late: in memory, told by the announcements of processes. */
  readonly refusals = new RefusalTally();
  /** Who is told of what it does: for metrics and traces. */
  readonly observers: EngineObservers;
  /** What metrics and health checks ask of the store. */
  readonly readings: EngineReadings;
  private readonly access: StoreAccess;
  private readonly limits: DecisionLimits;
  private readonly slots: SlotBuilder;
  private readonly charger: Charger;
  private readonly settler: Settler;
  private readonly waitingRoom: WaitingRoom;
  private readonly settleQueue: SettleQueue;

  /** Throws LockoutConfigError, or KeySecretError for the secrets. */
  constructor(options: EngineOptions) {
    this.options = resolveOptions(options);
    const { clock, randomness, policies, brands, decisionTimeoutMs, maxQueue } = this.options;
    this.keys = new KeyRing(this.options.secrets);
    this.observers = new EngineObservers(clock.monotonic);
    this.access = new StoreAccess(this.options, this.observers, {
      forBrand: (brand) => this.policies.forBrand(brand),
      ofCounter: (counter) => this.policies.ofCounter(counter),
      allOfCounter: (counter) => this.policies.allOfCounter(counter),
    });
    const { access } = this;
    this.readings = new EngineReadings(access);
    this.limits = new DecisionLimits(clock, decisionTimeoutMs, maxQueue, () => access.suspect());
    const configured = new ConfiguredPolicies(policies, brands);
    this.entries = new AuditEntries({
      freshId: () => randomness.token(16),
      addresseesOf: this.options.deliverTo,
      onCommitted: this.options.onEvent,
    });
    const isBridged = () => access.isBridged;
    const { monotonic } = clock;
    this.policies = new LivePolicies(configured, access.policies, monotonic, this.entries, isBridged);
    const exempt = new ExemptAddresses();
    this.slots = new SlotBuilder({
      keys: this.keys,
      policies: this.policies,
      labels: this.options.labels,
      newcomersPerAddress: this.options.newcomersPerAddress,
      exemptAddresses: (policy) => exempt.of(policy),
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
      observers: this.observers,
    });
    const desk = {
      applier: access.applier,
      directory: access.store,
      keys: this.keys,
      policies: this.policies,
      caughtUp: () => access.caughtUp(),
      onChange: (keys: readonly LockoutKey[]) => {
        access.applier.forget(keys);
        this.waitingRoom.wake(keys);
      },
    };
    this.accounts = new AccountDesk({ ...desk, slots: this.slots, entries: this.entries });
    this.unlockLinks = new UnlockLinks({
      ...desk,
      links: access.unlockLinks,
      quotas: access.quotas,
      options: this.options.unlockLinks,
      random: randomness.token,
    });
    const retention = new EventRetention(access.store, this.options.auditRetentionMs);
    this.sweeper = new Sweeper(access.applier, access.store, this.policies, retention);
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

  /** What waits to be delivered to sinks, and what could not be; null where the store keeps no deliveries. */
  get outbox(): Outbox | null {
    return this.access.outbox;
  }

  /** What all processes count together; null where the store keeps no quotas. */
  get quotas(): Quotas | null {
    return this.access.quotas;
  }

  /** Names of the sinks that an event is to be delivered to. */
  addresseesOf(event: LockoutEvent, facts: RecordFacts): readonly string[] {
    return this.options.deliverTo(event, facts);
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
  begin(request: AttemptRequest): Promise<Begun> {
    return this.observers.begun(request.method, this.observers.now(), this.admit(request));
  }

  /** What `begin` would refuse now; null: it would be admitted. Charges nothing. */
  judge(request: AttemptRequest): Promise<Refusal | null> {
    return this.observers.judged(request.method, this.observers.now(), this.foresee(request));
  }

  private async admit(request: AttemptRequest): Promise<Begun> {
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

  private async foresee(request: AttemptRequest): Promise<Refusal | null> {
    // Before anything is asked: what cannot be a key is nobody's (R20).
    const slots = this.slots.forAttempt(request);
    const { access, policies, slots: builder } = this;
    const refusal = await this.limits.decide(() =>
      judgeAttempt({ access, policies, builder }, request, slots),
    );
    return refusal && this.refused(slots, refusal);
  }

  /**
   * Runs what has to be looked up before an attempt can begin (whose account a name is), within the time that a decision
   * may take, and not at all while none can be made. Rejects with what `find` threw, or LockoutUnavailableError: also
   * where the store turns out to be gone, for then that is why it threw.
   */
  lookUp<T>(find: () => T | Promise<T>): Promise<T> {
    const found = this.limits.decide(async () => {
      this.access.assertDecides();
      try {
        return await find();
      } catch (error) {
        throw error instanceof InvalidSubjectError ? error : await this.access.explained(error);
      }
    });
    return this.observers.lookedUp(this.observers.now(), found);
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
    return verifyBegun(await this.begin(request), verify, options);
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
}
