/** A sink refuses this delivery for good: it goes straight to the dead letters, and the account's next one is delivered. */
export class DeliveryRefusedError extends Error {
  override readonly name = 'DeliveryRefusedError';
}

/**
 * The sink itself is away (its server is down, or asks for time): everything for this sink pauses, and the tries of this
 * delivery are not used up.
 */
export class DeliveryDelayedError extends Error {
  override readonly name = 'DeliveryDelayedError';

  constructor(
    message: string,
    /** When to ask again, ms from now. */
    readonly retryInMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
