import { Inject, Injectable } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { EventDispatcher } from '../notify/event-dispatcher.js';
import { retiredSink } from '../notify/retired-sink.js';
import type { LockoutSink } from '../notify/sink.js';
import type { Outbox } from '../store/outbox.js';
import { DeliveryLog } from './delivery-log.js';
import { LOCKOUT_OPTIONS, type LockoutModuleOptions } from './lockout-options.js';
import { SinkBook } from './sink-book.js';

const TOKEN_BYTES = 16;

/** Takes events to the sinks of the application, from its start to its end. */
@Injectable()
export class LockoutNotifier {
  /** Undefined: not started, or there is no sink. */
  private dispatcher: EventDispatcher | undefined;

  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(LOCKOUT_OPTIONS) private readonly options: LockoutModuleOptions,
    @Inject(SinkBook) private readonly book: SinkBook,
  ) {}

  /** What waits to be delivered, and what could not be; null where the store keeps no deliveries. */
  get outbox(): Outbox | null {
    return this.engine.outbox;
  }

  /**
   * Adds a sink, for modules that bring their own: in their onModuleInit, or before.
   * @throws LockoutConfigError for one that cannot work here, and once the application has started.
   */
  add(sink: LockoutSink): void {
    this.book.add(sink);
  }

  /**
   * Delivers now what is due to the sinks of this process, also with `dispatch: false`. Resolves with how many deliveries
   * succeeded meanwhile; 0 before the application has started. Rejects with what the store threw.
   */
  async runOnce(): Promise<number> {
    return this.dispatcher?.runOnce() ?? 0;
  }

  /** Called by LockoutModule when the application has started. */
  start(): void {
    const { engine, options, book } = this;
    const { dispatch = true, retired = [], alsoTo: _, ...settings } = options.delivery ?? {};
    const sinks = [...book.close(), ...retired.map(retiredSink)];
    if (this.dispatcher || sinks.length === 0 || engine.outbox === null) return;
    const { clock, randomness } = engine.options;
    const log = new DeliveryLog(engine);
    const dispatcher = new EventDispatcher({
      ...settings,
      outbox: engine.outbox,
      accounts: engine.accounts,
      sinks,
      clock,
      random: randomness.uniform,
      freshToken: () => randomness.token(TOKEN_BYTES),
      observe: (report) => {
        log.write(report);
        engine.observers.dispatched(report);
      },
    });
    this.dispatcher = dispatcher;
    if (!dispatch) return;
    book.onCommitted = () => dispatcher.nudge();
    dispatcher.start();
  }

  /** Resolves when what is under way has ended; nothing more is begun. */
  async stop(): Promise<void> {
    this.book.onCommitted = () => {};
    await this.dispatcher?.stop();
  }
}
