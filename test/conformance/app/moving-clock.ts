/**
 * A clock that stands still until it is moved, for the store, the engine and the application alike. Sleeping takes real
 * time: what is waited for (a busy database) is real too.
 */
export class MovingClock {
  private readonly startedAt: number;
  private epochMs: number;

  /** @param start ISO-8601. */
  constructor(start: string) {
    this.startedAt = Date.parse(start);
    this.epochMs = this.startedAt;
  }

  /** Epoch ms. */
  readonly now = (): number => this.epochMs;

  readonly monotonic = (): number => this.epochMs - this.startedAt;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, ms).unref();
    });

  /** @throws RangeError for a moment that is over. */
  moveTo(epochMs: number): void {
    if (!(epochMs >= this.epochMs)) {
      throw new RangeError(
        `It is ${new Date(this.epochMs).toISOString()} already, past ${new Date(epochMs).toISOString()}.`,
      );
    }
    this.epochMs = epochMs;
  }

  advance(ms: number): void {
    this.moveTo(this.epochMs + ms);
  }
}
