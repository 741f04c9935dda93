import {
  type AttemptRequest,
  type Begun,
  type EngineOptions,
  LockoutEngine,
  StoreError,
  type StoreFault,
  type StoreStateEvent,
} from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { turns } from '../support/gate.js';
import { policy, SECRET } from './bench.js';

/** The clock moves in such steps, ms, so that the store can answer in between. */
const STEP_MS = 50;

/** A store that goes and comes back, and engines on it, all on one clock that stands still until it is moved. */
export class Outage {
  readonly clock = new FakeClock();
  /** What is committed. */
  readonly memory = new MemoryLockoutStore(this.clock.now);
  readonly store = new UnreliableStore(this.memory);
  /** What the engines told, in order. */
  readonly events: StoreStateEvent[] = [];

  constructor() {
    // As with a database, the clock comes with each load.
    Reflect.deleteProperty(this.store, 'clock');
  }

  engine(options: Partial<EngineOptions> = {}): LockoutEngine {
    return new LockoutEngine({
      store: this.store,
      secrets: [SECRET],
      policies: [policy()],
      waitMs: 0,
      clock: this.clock,
      onStoreState: (event) => this.events.push(event),
      ...options,
    });
  }

  /** From now on the store fails like this. */
  fail(fault: StoreFault = 'unreachable'): void {
    this.store.error = () => new StoreError(fault, 'Connection lost.');
    this.store.fault = () => 'before';
  }

  mend(): void {
    this.store.fault = () => null;
  }

  /** The store goes, and the engine notices. */
  async begin(engine: LockoutEngine): Promise<void> {
    this.fail();
    // Somebody has to ask.
    await this.during(engine.accounts.status({ account: 'anybody' })).catch(() => {});
    await this.pass(1_000);
    if (engine.storeState !== 'gone') throw new Error('The engine did not notice.');
  }

  /** The store comes back, and the engine notices. */
  async end(engine: LockoutEngine): Promise<void> {
    this.mend();
    for (let step = 0; step < 100 && engine.storeState !== 'answers'; step += 1) await this.pass(STEP_MS);
    if (engine.storeState !== 'answers') throw new Error('The engine did not notice.');
  }

  /** Moves the clock on, step by step. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.clock.advance(Math.min(STEP_MS, left));
      await turns(8);
    }
  }

  /** Moves the clock until the work ends; what it came to. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const ended = work.finally(() => {
      isOver = true;
    });
    ended.catch(() => {});
    await turns(20);
    for (let step = 0; step < 2_000 && !isOver; step += 1) await this.pass(STEP_MS);
    if (!isOver) throw new Error('It never ended.');
    return ended;
  }

  /** Begins and fails so many times; how many attempts were admitted. */
  async guess(engine: LockoutEngine, times: number, request: AttemptRequest): Promise<number> {
    let admitted = 0;
    for (let n = 0; n < times; n += 1) {
      const begun: Begun = await this.during(engine.begin(request));
      if (!begun.allowed) continue;
      admitted += 1;
      await this.during(begun.attempt.fail());
    }
    return admitted;
  }
}
