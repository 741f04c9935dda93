import { randomBytes } from 'node:crypto';
import {
  type Delivery,
  type DispatcherOptions,
  type DispatchReport,
  type EngineOptions,
  EventDispatcher,
  LockoutEngine,
  type LockoutEvent,
  type LockoutSink,
  type Outbox,
} from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { policy, SECRET } from './bench.js';

/** A sink that remembers what it was given, in order. */
export class TestSink implements LockoutSink {
  readonly given: Delivery[] = [];
  readonly signals: AbortSignal[] = [];
  underWay = 0;
  mostUnderWay = 0;
  wants: (event: LockoutEvent) => boolean = () => true;
  /** What it does with a delivery. Default: nothing. */
  does: (delivery: Delivery, signal: AbortSignal) => unknown = () => undefined;

  constructor(readonly name: string) {}

  /** Not async, so that what `does` throws at once is thrown at once. */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    this.given.push(delivery);
    this.signals.push(signal);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    const done = this.does(delivery, signal);
    return Promise.resolve(done).then(
      () => {
        this.underWay -= 1;
      },
      (error: unknown) => {
        this.underWay -= 1;
        throw error;
      },
    );
  }

  get types(): readonly string[] {
    return this.given.map(({ event }) => event.type);
  }

  get ids(): readonly string[] {
    return this.given.map(({ id }) => id);
  }
}

/** An engine whose events go to sinks: every failure is one, and every second locks. */
export class PostedEngine {
  readonly clock = new FakeClock();
  readonly store = new MemoryLockoutStore(this.clock.now);
  readonly engine: LockoutEngine;
  readonly reports: DispatchReport[] = [];

  constructor(
    readonly sinks: readonly LockoutSink[],
    options: Partial<EngineOptions> = {},
  ) {
    this.engine = new LockoutEngine({
      store: this.store,
      secrets: [SECRET],
      policies: [policy({ threshold: 2, notify: { from: 1 } })],
      clock: this.clock,
      waitMs: 0,
      deliverTo: (event, facts) => sinks.filter((sink) => sink.wants(event, facts)).map(({ name }) => name),
      ...options,
    });
  }

  get outbox(): Outbox {
    if (!this.engine.outbox) throw new Error('The memory store keeps deliveries.');
    return this.engine.outbox;
  }

  dispatcher(options: Partial<DispatcherOptions> = {}): EventDispatcher {
    return new EventDispatcher({
      outbox: this.outbox,
      accounts: this.engine.accounts,
      sinks: this.sinks,
      clock: this.clock,
      random: () => 0.5,
      freshToken: () => randomBytes(16).toString('hex'),
      observe: (report) => this.reports.push(report),
      ...options,
    });
  }

  async fail(account: string): Promise<void> {
    const begun = await this.engine.begin({ account, method: 'password' });
    if (!begun.allowed) throw new Error(`${account} is refused.`);
    await begun.attempt.fail();
  }

  /** Ids of what is recorded, oldest first. */
  async recorded(): Promise<readonly string[]> {
    const { items } = await this.store.list({ limit: 100 });
    return items.map(({ id }) => id).reverse();
  }

  async waiting(): Promise<number> {
    return (await this.outbox.outboxState()).reduce((sum, { waiting }) => sum + waiting, 0);
  }

  async dead() {
    return (await this.outbox.deliveries({ state: 'dead', limit: 100 })).items;
  }
}
