import { days, minutes } from '../policy/duration.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { isFaded, sweepAt } from '../policy/record-life.js';
import { transition } from '../policy/transition.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { LockoutRecord } from '../store/record.js';
import type { PolicySource } from './policy-book.js';

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
/** Records of one bounded round. */
const ROUND = 500;

export interface Swept {
  readonly ticked: number;
  readonly pruned: number;
}

/** Ends what time has ended: expired locks get their event (R12), overdue charges become failures (R3), faded records go (R25). */
export class Sweeper {
  constructor(
    private readonly applier: BatchApplier,
    private readonly directory: Directory,
    private readonly policies: PolicySource,
  ) {}

  /** One bounded round; any number of processes may run it at once. */
  async sweep(): Promise<Swept> {
    const { now } = await this.applier.load([]);
    const ended = await this.directory.endedLocks(now, ROUND);
    const outlived = await this.directory.outlived(now - PRUNE_MARGIN_MS, ROUND);
    const faded = outlived.filter((record) =>
      isFaded(this.policyOf(record), record.state, now - PRUNE_MARGIN_MS),
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
    const failed = ticks.find((tick) => tick.status === 'rejected');
    if (failed) throw failed.reason;
    return { ticked: due.size, pruned };
  }

  private policyOf(record: Pick<LockoutRecord, 'facts'>): LockoutPolicy {
    return this.policies.ofCounter(record.facts.counter) ?? RETIRED_POLICY;
  }

  private async tick({ key }: LockoutRecord): Promise<void> {
    await this.applier.apply({
      keys: [key],
      fold: (view, now) => {
        const record = view.get(key);
        if (!record) return;
        const policy = this.policyOf(record);
        const { state, events } = transition(policy, record.state, { type: 'tick' }, now);
        // Also when nothing happened: a changed policy may have lengthened the record's life.
        view.put(key, { state, facts: record.facts, keepUntil: sweepAt(policy, state), events });
      },
    });
  }
}
