import { DeliveryDelayedError } from '../notify/delivery-errors.js';
import { FewAtOnce } from '../notify/few-at-once.js';
import type { OpenTransport } from './mail-transport.js';

/** A mail that found no room asks again after this, ms: others are on their way. */
const BUSY_REST_MS = 1_000;

/** The mail server did not take a mail in time. */
export class SlowMailError extends Error {
  override readonly name = 'SlowMailError';
}

/**
 * Sends a few mails at once; the others wait in order, half of the time that each has. Whatever ends a mail for the mail
 * server's sake rejects before the dispatcher's own alarm, which would count a try.
 */
export class MailTurns {
  private readonly sending: FewAtOnce;
  /** Of mails that were not begun. */
  private readonly waiting = new Set<AbortController>();

  constructor(private readonly transport: Pick<OpenTransport, 'width' | 'longestMs'>) {
    this.sending = new FewAtOnce(transport.width);
  }

  /**
   * Rejects with DeliveryDelayedError where there is no room in time, `send` not begun; with what {@link callBack} was
   * given; or with SlowMailError. What `send` does later is no longer heard, and keeps its place until it ends.
   */
  async run(
    send: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
    /** What the delivery has spent of its time already. */
    spentMs = 0,
  ): Promise<void> {
    const { longestMs: mostMs } = this.transport;
    // Where the application took more, it is not the mail server that is late.
    const longestMs = Math.max(mostMs - spentMs, mostMs / 2);
    const own = new AbortController();
    const either = AbortSignal.any([signal, own.signal]);
    const over = new Promise<never>((_, reject) => {
      own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true });
    });
    const isFull = (): void =>
      own.abort(new DeliveryDelayedError('The mail server is busy with other mails.', BUSY_REST_MS));
    const isSlow = (): void => own.abort(new SlowMailError('The mail server did not take the mail in time.'));
    const room = setTimeout(isFull, longestMs / 2);
    const end = setTimeout(isSlow, longestMs);
    this.waiting.add(own);
    const turn = this.sending.run(async () => {
      this.waiting.delete(own);
      clearTimeout(room);
      await send(either);
    }, either);
    try {
      await Promise.race([turn, over]);
    } finally {
      this.waiting.delete(own);
      clearTimeout(room);
      clearTimeout(end);
    }
  }

  /** Rejects those that wait: the mail server is away. */
  callBack(reason: DeliveryDelayedError): void {
    for (const own of this.waiting) own.abort(reason);
  }
}
