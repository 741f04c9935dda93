import type { DispatchReport } from '../notify/dispatch-report.js';
import type { Method } from '../policy/policy.js';
import { StoreError, type StoreFault } from '../store/store-error.js';
import type { AskedStore, StoreWatch, StoreWork } from '../store/store-watch.js';
import type { Outcome } from './attempt.js';
import { LockoutUnavailableError } from './lockout-error.js';
import type { Begun } from './protection.js';
import type { Refusal } from './refusal.js';
import type { Settlement } from './settlement.js';
import type { StoreStateEvent } from './store-state.js';

/** Who may go on, and who may not. Names nobody. */
export interface ObservedDecision {
  /**
   * `begin`: an attempt wants to be verified. `judge`: would it be admitted; a guard asks before, and charges nothing.
   * `look-up`: whose account a name is could not be looked up in time; only told where that ends the attempt.
   */
  readonly step: 'begin' | 'judge' | 'look-up';
  /** Null: not known yet. */
  readonly method: Method | null;
  /** `unavailable`: nothing could be decided, so nothing is verified. */
  readonly outcome: 'admitted' | 'refused' | 'unavailable';
  /** Only where it is refused. */
  readonly refusal: Refusal | null;
  /** Why it is unavailable. */
  readonly fault: StoreFault | null;
  /** From the question to the answer; with the time that the attempt waited for a budget (`waitMs`). */
  readonly durationMs: number;
}

/** How an attempt ended, as whoever verified it says. Names nobody. */
export interface ObservedSettle {
  readonly method: Method;
  readonly outcome: Outcome['type'];
  /** A success that is not final is a first factor's. */
  readonly isFinal: boolean;
  /** Only after a success: a lock was set meanwhile, so the person must not be signed in. */
  readonly refusal: Refusal | null;
  /** Locks that this failure set. */
  readonly locked: Settlement['locked'];
  readonly durationMs: number;
}

/**
 * Told of everything that the engine does, as it does it: for metrics and traces. Every method is optional. They are called
 * in the path of requests, in the asynchronous context of whoever asked: they must be quick, and must not throw (the first
 * that one throws becomes a warning of the process).
 */
export interface EngineObserver {
  decided?(decision: ObservedDecision): void;
  settled?(settle: ObservedSettle): void;
  /** A batch left with so many operations. */
  batched?(operations: number): void;
  /** A swap of so many rows was answered; so many of them were lost to other processes, and are folded again. */
  swapped?(rows: number, lost: number): void;
  /** A round was decided with the records held. */
  held?(): void;
  /** An operation was answered from memory, without a query. */
  answeredFromMemory?(): void;
  /** The store answered a question of a decision, or failed to. */
  storeAsked?(asked: AskedStore): void;
  storeStateChanged?(event: StoreStateEvent): void;
  /** What became of deliveries. In a Nest application. */
  dispatched?(report: DispatchReport): void;
}

/** Who is told of what the engine does. Where there is nobody, nothing is measured and nothing is made. */
export class EngineObservers implements StoreWatch {
  private list: readonly EngineObserver[] = [];
  /** Those that threw: said once of each. */
  private readonly broken = new WeakSet<EngineObserver>();

  /** @param monotonic ms */
  constructor(private readonly monotonic: () => number) {}

  /** @returns what ends it. */
  add(observer: EngineObserver): () => void {
    this.list = [...this.list, observer];
    return () => {
      this.list = this.list.filter((other) => other !== observer);
    };
  }

  get isOn(): boolean {
    return this.list.length > 0;
  }

  now(): number {
    return this.isOn ? this.monotonic() : 0;
  }

  /** Passes a beginning on, and tells of it. `startedAt`: {@link now}, before it was begun. */
  begun(method: Method, startedAt: number, begun: Promise<Begun>): Promise<Begun> {
    return this.isOn ? this.watchDecision('begin', method, startedAt, begun, refusalOfBegun) : begun;
  }

  /** The same for a judgement. */
  judged(method: Method, startedAt: number, refusal: Promise<Refusal | null>): Promise<Refusal | null> {
    return this.isOn ? this.watchDecision('judge', method, startedAt, refusal, itself) : refusal;
  }

  /** The same for a look-up; told of only where none can be made. */
  lookedUp<T>(startedAt: number, found: Promise<T>): Promise<T> {
    return this.isOn ? this.watchDecision('look-up', null, startedAt, found, null) : found;
  }

  /** How an attempt is settled, and whoever observes told of it. */
  settling(
    method: Method,
    settle: (outcome: Outcome) => Promise<Settlement>,
  ): (outcome: Outcome) => Promise<Settlement> {
    if (!this.isOn) return settle;
    return async (outcome) => {
      const startedAt = this.now();
      const settlement = await settle(outcome);
      const { refusal, locked } = settlement;
      this.tell('settled', {
        method,
        outcome: outcome.type,
        isFinal: outcome.type === 'success' && outcome.final,
        refusal,
        locked,
        durationMs: this.since(startedAt),
      });
      return settlement;
    };
  }

  batched(operations: number): void {
    this.tell('batched', operations);
  }

  swapped(rows: number, lost: number): void {
    this.tell('swapped', rows, lost);
  }

  held(): void {
    this.tell('held');
  }

  answeredFromMemory(): void {
    this.tell('answeredFromMemory');
  }

  async timed<T>(call: StoreWork, startedAt: number, answer: Promise<T>): Promise<T> {
    try {
      const answered = await answer;
      this.tell('storeAsked', { call, durationMs: this.since(startedAt), fault: null });
      return answered;
    } catch (error) {
      const { fault } = StoreError.from(error);
      this.tell('storeAsked', { call, durationMs: this.since(startedAt), fault });
      throw error;
    }
  }

  storeStateChanged(event: StoreStateEvent): void {
    this.tell('storeStateChanged', event);
  }

  dispatched(report: DispatchReport): void {
    this.tell('dispatched', report);
  }

  /** `refusalOf`: null for what is told of only where it fails. */
  private async watchDecision<T>(
    step: ObservedDecision['step'],
    method: Method | null,
    startedAt: number,
    decision: Promise<T>,
    refusalOf: ((answer: T) => Refusal | null) | null,
  ): Promise<T> {
    let answer: T;
    try {
      answer = await decision;
    } catch (error) {
      if (error instanceof LockoutUnavailableError) {
        const { fault } = StoreError.from(error.cause);
        const durationMs = this.since(startedAt);
        this.tell('decided', { step, method, outcome: 'unavailable', refusal: null, fault, durationMs });
      }
      throw error;
    }
    if (!refusalOf) return answer;
    const refusal = refusalOf(answer);
    const outcome = refusal ? 'refused' : 'admitted';
    const durationMs = this.since(startedAt);
    this.tell('decided', { step, method, outcome, refusal, fault: null, durationMs });
    return answer;
  }

  private since(startedAt: number): number {
    return Math.max(0, this.monotonic() - startedAt);
  }

  private tell<Name extends keyof EngineObserver>(
    name: Name,
    ...what: Parameters<NonNullable<EngineObserver[Name]>>
  ): void {
    for (const observer of this.list) {
      try {
        (observer[name] as ((...args: typeof what) => void) | undefined)?.apply(observer, what);
      } catch (error) {
        if (this.broken.has(observer)) continue;
        this.broken.add(observer);
        process.emitWarning(String(error), 'LockoutWarning');
      }
    }
  }
}

const refusalOfBegun = (begun: Begun): Refusal | null => (begun.allowed ? null : begun.refusal);
const itself = (refusal: Refusal | null): Refusal | null => refusal;
