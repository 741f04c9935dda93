/** As much of the engine's clock as deadlines need. */
export interface DeadlineClock {
  /** Milliseconds since some fixed moment; never goes back. */
  readonly monotonic: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Calls once after `ms` milliseconds, unless the function it returns is called before. */
  readonly alarm: (ms: number, ring: () => void) => () => void;
}

interface Entry {
  readonly at: number;
  readonly onLate: () => void;
}

/**
 * Work that must end within one and the same time, whatever it is. One timer serves all of it, so that a decision costs no
 * timer of its own.
 */
export class Deadlines {
  private readonly entries = new Set<Entry>();
  private cancel: (() => void) | null = null;

  /** @param limitMs How long each piece of work may take. */
  constructor(
    private readonly clock: DeadlineClock,
    readonly limitMs: number,
  ) {}

  /** How much is under way. */
  get size(): number {
    return this.entries.size;
  }

  /** `onLate` is called once when the time is over. Answers what has to be called when the work ended before. */
  start(onLate: () => void): () => void {
    const entry: Entry = { at: this.clock.monotonic() + this.limitMs, onLate };
    this.entries.add(entry);
    if (this.cancel === null) this.arm(this.limitMs);
    return () => {
      this.entries.delete(entry);
      if (this.entries.size > 0) return;
      this.cancel?.();
      this.cancel = null;
    };
  }

  /** Everything under way is late now. */
  expireAll(): void {
    const late = [...this.entries];
    this.entries.clear();
    this.cancel?.();
    this.cancel = null;
    for (const { onLate } of late) onLate();
  }

  private arm(ms: number): void {
    const ring = (): void => {
      this.cancel = null;
      this.expire();
    };
    this.cancel = this.clock.alarm(ms, ring);
  }

  /** All take equally long, so that the first to begin is the first to be late. */
  private expire(): void {
    const now = this.clock.monotonic();
    const late: Entry[] = [];
    for (const entry of this.entries) {
      if (entry.at > now) {
        this.arm(entry.at - now);
        break;
      }
      late.push(entry);
      this.entries.delete(entry);
    }
    for (const { onLate } of late) onLate();
  }
}
