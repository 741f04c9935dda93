import type { Actor } from '../policy/input.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { PolicyError } from '../policy/policy-error.js';
import { CursorError } from '../store/cursor.js';
import type { Page, PageRequest } from '../store/directory.js';
import {
  isPolicyStore,
  type PolicyRevision,
  type PolicyStore,
  type PolicyTarget,
} from '../store/policy-store.js';
import { MAX_JSON_BYTES } from '../store/stored-json.js';
import type { AuditEntries } from './audit-entries.js';
import type { EngineClock } from './clock.js';
import type { ConfiguredPolicies } from './configured-policies.js';
import { LockoutUnavailableError } from './lockout-error.js';
import { type IgnoredRevision, PolicyBook, type PolicySource } from './policy-book.js';
import type { PolicyEntry } from './policy-entry.js';
import { PolicyConflictError, PolicyNotFoundError, PolicyStoreMissingError } from './policy-errors.js';
import { mergePolicy, settingsOf } from './policy-merge.js';

/** A save governs in every process this time after it: nothing is decided by what was asked so long ago or longer, ms. */
export const MAX_AGE_MS = 1_000;
/** From this age on the store is asked beside the work, so that under load nobody waits for it, ms. */
const ASK_AHEAD_MS = 500;
/** Revisions read at once while one of them is looked for. */
const HISTORY_PAGE = 100;

/** Who saves, why, and the version that was seen. */
export interface PolicyChange {
  /** {@link PolicyEntry.version} as it was read; another one by now: nothing is changed. */
  readonly expected: number;
  readonly actor: Actor;
}

const NOTHING_TO_ASK: Promise<void> = Promise.resolve();

/**
 * Policies that change while running: what code says, and over it what was saved, shared by every process on the store.
 * Whoever decides something awaits {@link fresh} first; there is no timer, so an idle process asks nothing.
 */
export class LivePolicies implements PolicySource {
  /** Rises whenever something else may govern than before. */
  generation = 0;
  private book: PolicyBook;
  private readonly store: PolicyStore | null;
  private revisions: readonly PolicyRevision[] = [];
  /** The store's count when it was last asked; -1: read everything next time. */
  private count = 0;
  /** Monotonic ms at which the last answered question began. */
  private askedAt = Number.NEGATIVE_INFINITY;
  private question: Promise<void> | null = null;
  private ownSaves = 0;

  constructor(
    private readonly configured: ConfiguredPolicies,
    store: object,
    private readonly monotonic: EngineClock['monotonic'],
    private readonly entries: AuditEntries,
    /** Whether decisions are made without the store: then what is known governs, however old it is. */
    private readonly isWithoutStore: () => boolean = () => false,
  ) {
    this.store = isPolicyStore(store) ? store : null;
    this.book = new PolicyBook(configured);
  }

  /** Whether policies can be saved: the store keeps them. */
  get canSave(): boolean {
    return this.store !== null;
  }

  /** Saves that govern nothing, because they do not fit the policies in code (LCK017); as far as known. */
  get ignored(): readonly IgnoredRevision[] {
    return this.book.ignored;
  }

  /** Short hashes of what code says, by policy (`name`, `name@brand`). */
  get configuredHashes(): Readonly<Record<string, string>> {
    return this.configured.hashes();
  }

  /** As far as known: await {@link fresh} first. */
  forBrand(brand?: string): readonly LockoutPolicy[] {
    return this.book.forBrand(brand);
  }

  ofCounter(counter: string): LockoutPolicy | undefined {
    return this.book.ofCounter(counter);
  }

  allOfCounter(counter: string): readonly LockoutPolicy[] {
    return this.book.allOfCounter(counter);
  }

  /** Whether what is known may be decided by: the store was asked less than a second ago, or cannot be asked. */
  get isFresh(): boolean {
    return this.store === null || this.age < MAX_AGE_MS || this.isWithoutStore();
  }

  /**
   * Resolves when what is known is less than a second old, counted from when the store was asked. Costs a question only
   * then; all callers share one. Rejects with LockoutUnavailableError when the store does not answer, unless decisions are
   * made without it.
   */
  fresh(): Promise<void> {
    if (this.store === null || this.age <= ASK_AHEAD_MS || this.isWithoutStore()) return NOTHING_TO_ASK;
    if (this.isFresh) {
      // Nobody waits for it; whoever needs its answer asks again.
      this.ask().catch(() => {});
      return NOTHING_TO_ASK;
    }
    return this.askedAfter(this.monotonic() - MAX_AGE_MS);
  }

  /** All policies in the order of configuration, each followed by the brands that override it. As they are now. */
  async list(): Promise<readonly PolicyEntry[]> {
    await this.askAnew();
    return this.book.entries();
  }

  /** One policy or one brand's override, as it is now. Rejects with PolicyNotFoundError. */
  async get(target: PolicyTarget): Promise<PolicyEntry> {
    await this.askAnew();
    return this.entryOf(target);
  }

  /**
   * Saves settings over those of configuration, which fields that are left out keep. Governs here at once, and within a
   * second in every process; attempts in flight settle under it. Recorded with it: an event `policy-changed`.
   *
   * Rejects, with nothing changed, with PolicyError (everything that is wrong with the settings), PolicyConflictError,
   * PolicyNotFoundError, PolicyStoreMissingError, or LockoutUnavailableError.
   */
  save(target: PolicyTarget, settings: unknown, change: PolicyChange): Promise<PolicyEntry> {
    return this.change(target, change, () => storable(mergePolicy(this.baseOf(target), settings)));
  }

  /** Back to configuration; a brand that has nothing there: back to the global policy. Where nothing is saved nothing happens. As {@link save}. */
  remove(target: PolicyTarget, change: PolicyChange): Promise<PolicyEntry> {
    return this.change(target, change, () => null);
  }

  /** Saves again what an earlier version said, if it still fits the policies in code. As {@link save}. */
  async revert(target: PolicyTarget, version: number, change: PolicyChange): Promise<PolicyEntry> {
    if (!this.store) throw new PolicyStoreMissingError();
    const { settings } = await this.revisionOf(target, version);
    return this.change(
      target,
      change,
      () => settings && storable(mergePolicy(this.baseOf(target), settings)),
    );
  }

  /** Every save of one target, latest first. Rejects with PolicyNotFoundError, or CursorError. */
  async history(target: PolicyTarget, page: PageRequest): Promise<Page<PolicyRevision>> {
    this.entryOf(target);
    const { store } = this;
    if (!store) return { items: [], nextCursor: null };
    return this.asking(() => store.policyHistory(target, page));
  }

  private get age(): number {
    return this.monotonic() - this.askedAt;
  }

  private entryOf(target: PolicyTarget): PolicyEntry {
    const entry = this.book.entry(target);
    if (!entry) throw new PolicyNotFoundError(target);
    return entry;
  }

  /** What fields that a save leaves out keep: what code says, else what the brand uses without an override. */
  private baseOf(target: PolicyTarget): LockoutPolicy {
    const inCode = this.configured.of(target) && this.configured.baseOf(target);
    return inCode ?? this.entryOf({ policy: target.policy, brand: null }).policy;
  }

  private async change(
    target: PolicyTarget,
    { expected, actor }: PolicyChange,
    settingsFor: () => PolicyRevision['settings'],
  ): Promise<PolicyEntry> {
    this.entryOf(target);
    const { store } = this;
    if (!store) throw new PolicyStoreMissingError();
    await this.askAnew();
    const current = this.entryOf(target);
    if (current.version !== expected) throw new PolicyConflictError(current);
    const settings = settingsFor();
    if (settings === null && !this.isSaved(target)) return current;
    const { by, reason } = actor;
    const { policy, brand } = target;
    const changed = { policy, brand, version: expected + 1, deleted: settings === null, actor };
    const entry = this.entries.policyChanged(changed);
    const saved = await this.asking(() =>
      store.savePolicy({ policy, brand, settings, expected, by, reason }, entry),
    );
    if (!saved) {
      await this.askAnew();
      throw new PolicyConflictError(this.entryOf(target));
    }
    this.adopt(saved);
    this.entries.committed(entry, saved.at);
    return this.entryOf(target);
  }

  private isSaved(target: PolicyTarget): boolean {
    return this.revisions.some((revision) => isSame(revision, target) && revision.settings !== null);
  }

  private async revisionOf(target: PolicyTarget, version: number): Promise<PolicyRevision> {
    let cursor: string | null = null;
    do {
      const asked: PageRequest = { limit: HISTORY_PAGE, ...(cursor === null ? {} : { cursor }) };
      const page: Page<PolicyRevision> = await this.history(target, asked);
      const found = page.items.find((revision) => revision.version === version);
      if (found) return found;
      // Latest first: what is not among the later ones is not there at all.
      const isPast = page.items.some((revision) => revision.version < version);
      cursor = isPast ? null : page.nextCursor;
    } while (cursor !== null);
    throw new PolicyNotFoundError(target, version);
  }

  /** Resolves once a question that began after `since` (monotonic ms) was answered. */
  private async askedAfter(since: number): Promise<void> {
    // One that is under way may have begun before.
    while (this.askedAt <= since) await this.ask();
  }

  /** Resolves once a question that began after this call was answered. */
  private async askAnew(): Promise<void> {
    if (!this.store) return;
    await this.question?.catch(() => {});
    await this.ask();
  }

  private ask(): Promise<void> {
    this.question ??= this.asking(() => this.look()).finally(() => {
      this.question = null;
    });
    return this.question;
  }

  private async look(): Promise<void> {
    const { store } = this;
    if (!store) return;
    for (;;) {
      const { ownSaves } = this;
      const at = this.monotonic();
      const count = await store.policyCount();
      const saved = count === this.count ? null : await store.savedPolicies();
      // What was read meanwhile may lack it.
      if (ownSaves !== this.ownSaves) continue;
      if (saved) this.take(saved.revisions, saved.count);
      this.askedAt = at;
      return;
    }
  }

  /** Our own save governs here at once, whether or not the store can be asked again now. */
  private adopt(saved: PolicyRevision): void {
    this.ownSaves += 1;
    this.take([...this.revisions.filter((revision) => !isSame(revision, saved)), saved], -1);
  }

  private take(revisions: readonly PolicyRevision[], count: number): void {
    this.revisions = revisions;
    this.count = count;
    this.book = new PolicyBook(this.configured, revisions, this.book);
    this.generation += 1;
  }

  private async asking<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof CursorError || error instanceof LockoutUnavailableError) throw error;
      throw new LockoutUnavailableError(error);
    }
  }
}

/** Throws PolicyError for settings that no row can hold. */
function storable(policy: LockoutPolicy): NonNullable<PolicyRevision['settings']> {
  const settings = settingsOf(policy);
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes <= MAX_JSON_BYTES) return settings;
  const message = `has ${bytes} bytes of JSON`;
  throw new PolicyError([
    { path: 'settings', message, hint: `at most ${MAX_JSON_BYTES}; shorten its lists` },
  ]);
}

const isSame = (a: PolicyTarget, b: PolicyTarget): boolean => a.policy === b.policy && a.brand === b.brand;
