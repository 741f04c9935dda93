import { DeliveryDelayedError, DeliveryRefusedError } from '../notify/delivery-errors.js';
import type { Delivery, LockoutSink } from '../notify/sink.js';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';

/** Metadata key of what a method listens to: {@link Listening}s. */
const LISTENING = 'nestjs-lockout:listening';
/** Name of the sink of listeners that name none. */
const LISTENERS = 'listeners';

/** An event of one of these types. */
export type LockoutEventOf<T extends LockoutEventType> = Extract<LockoutEvent, { readonly type: T }>;

/** What `@OnLockoutEvent()` stands on. Resolved: done for good; thrown or rejected: called again later. */
export type LockoutEventListener<T extends LockoutEventType = LockoutEventType> = (
  event: LockoutEventOf<T>,
  delivery: Delivery,
  signal: AbortSignal,
) => unknown;

export interface ListenerOptions {
  /**
   * Name of the sink that this listener is, or is part of. Listeners of one sink are called together, and again together
   * if one of them fails; another sink has tries, order and dead letters of its own. Default `listeners`.
   */
  readonly sink?: string;
}

interface Listening {
  readonly types: readonly LockoutEventType[];
  readonly sink: string;
}

type ListenerDecorator<T extends LockoutEventType> = <M extends LockoutEventListener<T>>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Calls a method of a provider for each event of these types, of none: of every type. One process calls it, whichever
 * comes first; at least once, events of one account in order. Nothing waits for it.
 *
 * ```ts
 * @OnLockoutEvent('locked')
 * async tell(event: LockoutEventOf<'locked'>, { id, facts }: Delivery) { … }
 * ```
 */
export function OnLockoutEvent<T extends LockoutEventType = LockoutEventType>(
  ...given: readonly (T | ListenerOptions)[]
): ListenerDecorator<T> {
  const types = given.filter((one): one is T => typeof one === 'string');
  const options = given.find((one): one is ListenerOptions => typeof one === 'object') ?? {};
  return (_target, _name, descriptor) => {
    const method = descriptor.value;
    if (!method) throw new TypeError('@OnLockoutEvent() stands on a method.');
    const listening: Listening = { types, sink: options.sink ?? LISTENERS };
    Reflect.defineMetadata(LISTENING, [...listeningOf(method), listening], method);
  };
}

const listeningOf = (method: object): readonly Listening[] =>
  (Reflect.getMetadata(LISTENING, method) as readonly Listening[] | undefined) ?? [];

/** Whether one of these methods of a class listens. */
export const listens = (prototype: object, methods: readonly string[]): boolean =>
  methods.some((name) => {
    const method: unknown = Reflect.get(prototype, name);
    return typeof method === 'function' && listeningOf(method).length > 0;
  });

/** One sink for each name that listeners of these objects give. @param methodsOf names of an object's methods */
export function listenerSinks(
  instances: readonly object[],
  methodsOf: (prototype: object) => readonly string[],
): readonly LockoutSink[] {
  const sinks = new Map<string, ListenerSink>();
  for (const instance of instances) {
    const prototype: unknown = Object.getPrototypeOf(instance);
    if (typeof prototype !== 'object' || prototype === null) continue;
    for (const name of methodsOf(prototype)) {
      const method: unknown = Reflect.get(prototype, name);
      if (typeof method !== 'function') continue;
      for (const { types, sink: sinkName } of listeningOf(method)) {
        const sink = sinks.get(sinkName) ?? new ListenerSink(sinkName);
        sinks.set(sinkName, sink);
        // By name, not by function: a method that was replaced or decorated later is the one to call.
        const call: LockoutEventListener = (...args) =>
          (Reflect.get(instance, name) as LockoutEventListener).apply(instance, args);
        sink.listeners.push({ types, call });
      }
    }
  }
  return Array.from(sinks.values());
}

/** Methods of providers, as one sink. */
class ListenerSink implements LockoutSink {
  readonly listeners: { readonly types: readonly LockoutEventType[]; readonly call: LockoutEventListener }[] =
    [];

  constructor(readonly name: string) {}

  wants({ type }: LockoutEvent): boolean {
    return this.listeners.some(({ types }) => types.length === 0 || types.includes(type));
  }

  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const { event } = delivery;
    const ended = await Promise.allSettled(
      this.listeners
        .filter(({ types }) => types.length === 0 || types.includes(event.type))
        .map(async ({ call }) => call(event, delivery, signal)),
    );
    const errors = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    if (errors.length > 0) throw weightiest(errors);
  }
}

/** Whoever may still succeed decides: what one refuses for good must not keep another from trying again. */
function weightiest(errors: readonly unknown[]): unknown {
  const isPassing = (error: unknown) =>
    !(error instanceof DeliveryRefusedError) && !(error instanceof DeliveryDelayedError);
  const index = errors.findIndex(isPassing);
  if (index >= 0) return errors[index];
  return errors.find((error) => error instanceof DeliveryDelayedError) ?? errors[0];
}
