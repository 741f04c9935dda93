import { ComposedStore, type StoreParts } from './composed-store.js';
import { MemoryAnswers } from './memory-answers.js';
import { MemoryEvents } from './memory-events.js';
import { MemoryNodes } from './memory-nodes.js';
import { MemoryOutbox } from './memory-outbox.js';
import { MemoryPolicies } from './memory-policies.js';
import { MemoryQuotas } from './memory-quotas.js';
import { MemoryRecords } from './memory-records.js';
import { MemoryUnlockLinks } from './memory-unlock-links.js';

/**
 * Keeps everything in this process: for tests, demos and single-process tools. A restart forgets every lock, and each
 * process has its own budget (pitfalls 12 and 13), so it is no store for production.
 */
export class MemoryLockoutStore extends ComposedStore<StoreParts> {
  declare readonly clock: () => number;

  /**
   * @param clock Epoch ms; the time by which everything here is decided: `() => Date.now()`, or a `FakeClock`'s `now`.
   * @throws TypeError without one: each attempt would be answered as if the store were down.
   */
  constructor(clock: () => number) {
    if (typeof clock !== 'function') {
      throw new TypeError(
        'MemoryLockoutStore needs a clock: new MemoryLockoutStore(() => Date.now()), or (fakeClock.now) of a FakeClock.',
      );
    }
    super(clock);
    const outbox = new MemoryOutbox(clock, () => events);
    const events: MemoryEvents = new MemoryEvents(clock, outbox);
    const records = new MemoryRecords(clock, (swap) => events.recordSwap(swap));
    this.opened = {
      records,
      directory: records,
      audit: events,
      policies: new MemoryPolicies(clock, events),
      nodes: new MemoryNodes(clock),
      answers: new MemoryAnswers(clock),
      outbox,
      quotas: new MemoryQuotas(clock),
      unlockLinks: new MemoryUnlockLinks(clock),
    };
  }
}
