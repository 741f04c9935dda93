interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
  /** An alarm is nobody who sleeps: it is there in case that something takes too long. */
  readonly isAlarm?: boolean;
}

/**
 * A clock that stands still until it is moved. One object serves as the store's clock (`new
 * MemoryLockoutStore(clock.now)`) and as the engine's (`clock`).
 */
export class FakeClock {
  private epochMs: number;
  private elapsedMs = 0;
  private sleepers: Sleeper[] = [];

  /** @param start where it begins: epoch ms, a date, or ISO text. Default 2026-01-01T00:00:00Z. */
  constructor(start: number | string | Date = '2026-01-01T00:00:00.000Z') {
    this.epochMs = new Date(start).getTime();
    if (Number.isNaN(this.epochMs)) throw new RangeError(`FakeClock cannot start at ${String(start)}.`);
  }

  /** Epoch ms, whole: sleepers may wake between two of them, and no store's clock tells that. */
  readonly now = (): number => Math.floor(this.epochMs);

  /** ms since the clock was made. */
  readonly monotonic = (): number => this.elapsedMs;

  /** Resolves once the clock was moved so far. */
  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ wakeAt: this.elapsedMs + Math.max(0, ms), wake });
    });

  /** Calls once the clock was moved so far, unless the function it returns is called before. */
  readonly alarm = (ms: number, ring: () => void): (() => void) => {
    const alarm: Sleeper = { wakeAt: this.elapsedMs + Math.max(0, ms), wake: ring, isAlarm: true };
    this.sleepers.push(alarm);
    return () => {
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== alarm);
    };
  };

  /** How many sleep now; alarms do not count. */
  get sleeping(): number {
    return this.sleepers.filter(({ isAlarm }) => !isAlarm).length;
  }

  /**
   * Moves the time forward, stopping at each sleeper that wakes on the way, so that what it does next sees its own
   * moment. Resolves when what was woken has come to rest or sleeps again.
   * @param ms ≥ 0.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError(`Time only goes forward; advance(${ms}).`);
    const end = this.elapsedMs + ms;
    for (;;) {
      const next = this.sleepers.reduce<Sleeper | null>(
        (first, sleeper) =>
          sleeper.wakeAt <= end && (!first || sleeper.wakeAt < first.wakeAt) ? sleeper : first,
        null,
      );
      if (!next) break;
      this.moveTo(Math.max(this.elapsedMs, next.wakeAt));
      this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
      next.wake();
      await settled();
    }
    this.moveTo(end);
    await settled();
  }

  private moveTo(elapsedMs: number): void {
    this.epochMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }
}

/** One turn of the event loop: every promise that can go on without I/O has gone on. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
