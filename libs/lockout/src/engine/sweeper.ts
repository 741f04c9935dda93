import { days, minutes } from '../policy/duration.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockoutPolicy } from '../policy/policy.js';
import type { LockoutState } from '../policy/state.js';
import { type Transition, transition } from '../policy/transition.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { LockoutRecord } from '../store/record.js';
import type { EngineClock } from './clock.js';
import { isFadedFor, sweepAtOf } from './counter-life.js';
import type { EventRetention } from './event-retention.js';
import type { PolicySource } from './policy-book.js';
import { compareStrictness } from './slot.js';

/** Records are pruned this long after they say nothing any more: more than any two nodes' clocks differ (R25). */
const PRUNE_MARGIN_MS = minutes(10);
/** Governs records whose counter no policy reads any more: locks still end, nothing else is remembered. */
const RETIRED_POLICY: LockoutPolicy = {
  ...MANUAL_POLICY,
  name: 'retired',
  // Another process, or the release before, may still count here: keep what stands, as if every failure counted.
  threshold: 1_000_000,
  escalationWindow: 'never',
  retentionMs: days(30),
};
/** Records of one bounded round: as many as one statement of the store takes (R31). */
const ROUND = 256;
/** Rounds of one {@link Sweeper.catchUp}: 64 000 records, a minute or so. */
const MAX_ROUNDS = 250;

export interface Swept {
  readonly ticked: number;
  readonly pruned: number;
  /** Events that were kept for long enough. */
  readonly dropped: number;
  /** There may be more: as many were found as a round takes, and no other process was at them. */
  readonly more: boolean;
}

/**
 * Ends what time has ended: expired locks get their event (R12), overdue charges become failures (R3), faded records go
 * (R25), and events that were kept for long enough.
 */
export class Sweeper {
  constructor(
    private readonly applier: BatchApplier,
    private readonly directory: Directory,
    private readonly policies: PolicySource & { fresh(): Promise<void> },
    private readonly retention: EventRetention,
  ) {}

  /**
   * One bounded round; any number of processes may run it at once.
   * Rejects with what the store threw, or LockoutUnavailableError if it does not tell the policies.
   */
  async sweep(): Promise<Swept> {
    // A process that only sweeps would otherwise prune by the policies of its start.
    await this.policies.fresh();
    const { now } = await this.applier.load([]);
    const ended = await this.directory.endedLocks(now, ROUND);
    const outlived = await this.directory.outlived(now - PRUNE_MARGIN_MS, ROUND);
    const faded = outlived.filter((record) =>
      isFadedFor(this.policiesOf(record), record.state, now - PRUNE_MARGIN_MS),
    );
    const fadedKeys = new Set(faded.map((record) => record.key));
    const due = new Map(
      [...ended, ...outlived]
        .filter((record) => !fadedKeys.has(record.key))
        .map((record) => [record.key, record]),
    );
    const ticks = await Promise.allSettled(Array.from(due.values(), (record) => this.tick(record)));
    this.applier.forget(fadedKeys);
    const pruned = faded.length === 0 ? 0 : await this.directory.prune(faded);
    const events = await this.retention.drop(now);
    const failed = ticks.find((tick) => tick.status === 'rejected');
    if (failed) throw failed.reason;
    const found = Math.max(ended.length, outlived.length);
    const more = events.more || (found === ROUND && pruned * 2 >= faded.length);
    return { ticked: due.size, pruned, dropped: events.dropped, more };
  }

  /**
   * Rounds until there is no more, so that what fades faster than one round an interval does not pile up. After each it
   * rests as long as the round took: half of the time is the sign-ins' alone, and another process that is at the same
   * records gets ahead, upon which this one leaves them to it. Ends early when `isOver`; rejects as {@link sweep} does.
   */
  async catchUp(
    { monotonic, sleep }: Pick<EngineClock, 'monotonic' | 'sleep'>,
    isOver: () => boolean = () => false,
  ): Promise<Swept> {
    let total: Swept = { ticked: 0, pruned: 0, dropped: 0, more: true };
    for (let round = 0; round < MAX_ROUNDS && total.more && !isOver(); round += 1) {
      const start = monotonic();
      const swept = await this.sweep();
      total = {
        ticked: total.ticked + swept.ticked,
        pruned: total.pruned + swept.pruned,
        dropped: total.dropped + swept.dropped,
        more: swept.more,
      };
      if (swept.more) await sleep(monotonic() - start);
    }
    return total;
  }

  private policiesOf({ facts }: Pick<LockoutRecord, 'facts'>): readonly LockoutPolicy[] {
    const policies = this.policies.allOfCounter(facts.counter);
    return policies.length > 0 ? policies : [RETIRED_POLICY];
  }

  private async tick({ key }: LockoutRecord): Promise<void> {
    await this.applier.apply({
      keys: [key],
      fold: (view, now) => {
        const record = view.get(key);
        if (!record) return;
        const policies = this.policiesOf(record);
        const { state, events } = strictestTick(policies, record.state, now);
        // Also when nothing happened: a changed policy may have lengthened the record's life.
        view.put(key, { state, facts: record.facts, keepUntil: sweepAtOf(policies, state), events });
      },
    });
  }
}

/** By which brand an overdue attempt came nobody knows: the strictest of the policies that count there says what it did. */
const strictestTick = (policies: readonly LockoutPolicy[], state: LockoutState, now: number): Transition =>
  policies
    .map((policy) => transition(policy, state, { type: 'tick' }, now))
    .reduce((strictest, other) => (compareTicks(other, strictest) > 0 ? other : strictest));

/** Positive: `a` is stricter. A lock that was set and has ended since left its escalation and its events. */
const compareTicks = (a: Transition, b: Transition): number =>
  compareStrictness(a.state, b.state) ||
  a.state.escalation - b.state.escalation ||
  a.events.length - b.events.length;
