import type { Delivery, LockoutSink } from '../notify/sink.js';
import type { LockoutEvent } from '../policy/event.js';
import { EVENT_TYPES } from '../store/event-types.js';

/** As much of EventEmitter2 as is asked. */
interface AsyncEmitter {
  emitAsync(name: string, ...values: unknown[]): Promise<unknown>;
  hasListeners(name: string): boolean;
}

/** By shape: this package does not depend on it, and the application may have any version. */
const isAsyncEmitter = (instance: object): instance is AsyncEmitter =>
  /^EventEmitter2?$/.test(instance.constructor?.name ?? '') &&
  (['emitAsync', 'hasListeners', 'onAny'] as const).every(
    (name) => typeof Reflect.get(instance, name) === 'function',
  );

const nameOf = ({ type }: LockoutEvent): string => `lockout.${type}`;

/** The application's event emitter, as a sink. */
class EventEmitterSink implements LockoutSink {
  readonly name = 'event-emitter';

  constructor(private readonly emitter: AsyncEmitter) {}

  /** Only what somebody listens to: an application may have an emitter for other things alone. */
  wants(event: LockoutEvent): boolean {
    return this.emitter.hasListeners(nameOf(event));
  }

  /** A process that has an emitter for other things leaves events to those whose listeners wait for them. */
  canDeliver(): boolean {
    return EVENT_TYPES.some((type) => this.emitter.hasListeners(`lockout.${type}`));
  }

  async deliver(delivery: Delivery): Promise<void> {
    await this.emitter.emitAsync(nameOf(delivery.event), delivery.event, delivery);
  }
}

/** The emitter of `@nestjs/event-emitter` among the providers; null: there is none. */
export function eventEmitterSink(instances: readonly object[]): LockoutSink | null {
  const emitter = instances.find(isAsyncEmitter);
  return emitter ? new EventEmitterSink(emitter) : null;
}
