import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import type { DeadlineClock } from './deadlines.js';
import type { LockoutStore } from './lockout-store.js';
import { StoreError } from './store-error.js';
import { InconclusiveProbe, probe } from './store-probe.js';

/** Probes in a row that must fail before the store is taken as gone. */
const PROBES_TO_OPEN = 3;
/** Pause between probes while that is not certain yet, ms. */
const SUSPICION_PAUSE_MS = 100;
/** First and longest pause between probes of a store that is gone, ms; each is twice the one before. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2_000;

export interface CircuitListener {
  /** The store is gone. */
  onOpen(error: StoreError): void;
  /** It answers again. `downMs`: how long it was gone. */
  onClose(downMs: number): void;
}

/**
 * Whether the store answers at all. Failing work only raises the question; probes answer it, so that nobody who makes one
 * record fail, or one statement slow, can make the store look dead.
 *
 * The states are those of a circuit breaker: closed, open (every call is refused at once), half open (a probe is under
 * way, and calls are still refused). Its own timing is not used: it goes by the wall clock, which may jump.
 */
export class StoreCircuit {
  private readonly breaker: CircuitBreakerPolicy;
  private openedAt: number | null = null;
  private nextProbeAt = 0;
  private watching: Promise<void> | null = null;
  private waiting: ((isOpen: boolean) => void)[] = [];
  private lastError: StoreError | null = null;

  constructor(
    private readonly store: Pick<LockoutStore, 'load'>,
    private readonly clock: DeadlineClock,
    private readonly listener: CircuitListener,
  ) {
    this.breaker = circuitBreaker(
      handleWhen((error) => !(error instanceof InconclusiveProbe)),
      { breaker: new ConsecutiveBreaker(PROBES_TO_OPEN), halfOpenAfter: Number.NEGATIVE_INFINITY },
    );
    this.breaker.onBreak(() => this.opened());
    this.breaker.onReset(() => this.closed());
  }

  get isOpen(): boolean {
    return this.breaker.state !== CircuitState.Closed;
  }

  /** Why a call is refused while the circuit is open. */
  refusal(): StoreError {
    const retryInMs = Math.max(0, this.nextProbeAt - this.clock.monotonic());
    return new StoreError('unreachable', 'The lockout store does not answer; it is asked again and again.', {
      retryInMs,
      ...(this.lastError ? { cause: this.lastError } : {}),
    });
  }

  /** Some work failed as it does when the store is gone, or takes suspiciously long: find out. */
  suspect(): void {
    this.watching ??= this.watch().finally(() => {
      this.watching = null;
    });
  }

  /** Resolves when it is known whether the store is gone; at once where nobody suspects it. */
  verdict(): Promise<boolean> {
    if (this.isOpen || this.watching === null) return Promise.resolve(this.isOpen);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }

  /** Probes until the store answers. */
  private async watch(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      if (await this.answers()) break;
      const pause = this.isOpen ? pauseMs : SUSPICION_PAUSE_MS;
      if (this.isOpen) pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
      this.nextProbeAt = this.clock.monotonic() + pause;
      await this.clock.sleep(pause);
    }
    this.tell(false);
  }

  private async answers(): Promise<boolean> {
    const wasOpen = this.isOpen;
    try {
      await this.breaker.execute(() => this.ask(wasOpen));
      return true;
    } catch {
      return false;
    }
  }

  private async ask(wasOpen: boolean): Promise<void> {
    try {
      await probe(this.store, this.clock);
    } catch (error) {
      if (error instanceof StoreError) this.lastError = error;
      // Once open only an answer closes it.
      if (wasOpen && error instanceof InconclusiveProbe) throw StoreError.from(error.cause);
      throw error;
    }
  }

  /** Also called when a probe of an open circuit failed, which is no news. */
  private opened(): void {
    if (this.openedAt !== null) return;
    this.openedAt = this.clock.monotonic();
    this.nextProbeAt = this.openedAt + FIRST_PAUSE_MS;
    this.listener.onOpen(
      this.lastError ?? new StoreError('unreachable', 'The lockout store does not answer.'),
    );
    this.tell(true);
  }

  private closed(): void {
    const downMs = this.clock.monotonic() - (this.openedAt ?? 0);
    this.openedAt = null;
    this.lastError = null;
    this.listener.onClose(downMs);
  }

  private tell(isOpen: boolean): void {
    for (const resolve of this.waiting.splice(0)) resolve(isOpen);
  }
}
