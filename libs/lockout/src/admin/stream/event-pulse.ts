import type { LockoutEngine } from '../../engine/lockout-engine.js';
import type { RecordedEvent } from '../../store/audit-log.js';

/** How often the store is asked while somebody listens, ms: with the question itself well within a second. */
const POLL_MS = 500;
/**
 * How many of the latest events are compared. One would do if they appeared in their order; of transactions under way at
 * once one with an earlier place may commit later.
 */
const LATEST = 16;

/** Told that something was recorded; `at`: when the latest of it happened, epoch ms on the store's clock. */
export type PulseListener = (at: number) => void;

/**
 * Notices that something new was recorded, by whatever process: one question to the store again and again for everybody
 * who listens in this process, and none while nobody does.
 */
export class EventPulse {
  private static readonly pulses = new WeakMap<LockoutEngine, EventPulse>();

  private readonly listeners = new Set<PulseListener>();
  /** The latest events when last asked; null: it is not known what there was when the first began to listen. */
  private seen: ReadonlySet<string> | null = null;
  /** The store could not be asked when the first began to listen. */
  private missedStart = false;
  private run: symbol | null = null;
  private stopAlarm: (() => void) | null = null;

  private constructor(private readonly engine: LockoutEngine) {}

  /** The one of this engine, however many admin APIs are mounted on it. */
  static of(engine: LockoutEngine): EventPulse {
    const known = EventPulse.pulses.get(engine);
    if (known) return known;
    const pulse = new EventPulse(engine);
    EventPulse.pulses.set(engine, pulse);
    return pulse;
  }

  /** From now on, until the function it returns is called. */
  listen(listener: PulseListener): () => void {
    this.listeners.add(listener);
    if (this.run === null) {
      this.run = Symbol('run');
      void this.poll(this.run);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  private stop(): void {
    this.stopAlarm?.();
    this.stopAlarm = null;
    this.run = null;
    this.seen = null;
    this.missedStart = false;
  }

  private async poll(run: symbol): Promise<void> {
    const events = await this.latest();
    if (this.run !== run) return;
    if (events) this.compare(events);
    else if (this.seen === null) this.missedStart = true;
    // Somebody who was told may have been the last to listen.
    if (this.run !== run) return;
    this.stopAlarm = this.engine.options.clock.alarm(POLL_MS, () => void this.poll(run));
  }

  /** Null: the store cannot be asked now. */
  private async latest(): Promise<readonly RecordedEvent[] | null> {
    // That it is gone was said; there is nothing to ask it.
    if (this.engine.storeState === 'gone') return null;
    try {
      return (await this.engine.options.store.list({ limit: LATEST })).items;
    } catch {
      return null;
    }
  }

  private compare(events: readonly RecordedEvent[]): void {
    const { seen, missedStart } = this;
    this.seen = new Set(events.map(({ id }) => id));
    this.missedStart = false;
    const fresh = events.find(({ id }) => (seen ? !seen.has(id) : missedStart));
    if (!fresh) return;
    for (const listener of [...this.listeners]) listener(fresh.event.at);
  }
}
