import type { LockoutEventType } from '../policy/event.js';

/** One delivery that was tried. */
interface Tried {
  /** The sink's name. */
  readonly sink: string;
  /** What it was about. */
  readonly event: LockoutEventType;
  /** How long the sink took. */
  readonly tookMs: number;
}

/** What a dispatcher did, for logs and metrics. `error`: what was thrown. */
export type DispatchReport =
  /** The outbox could not be asked; told once, until it can be again. */
  | { readonly type: 'store-fails'; readonly error: unknown }
  | { readonly type: 'store-works' }
  /** `ageMs`: how long after the event it was taken to be delivered, on the store's clock. */
  | (Tried & { readonly type: 'delivered'; readonly ageMs: number })
  /** It is tried again. */
  | (Tried & { readonly type: 'failed'; readonly error: unknown; readonly retryInMs: number })
  /** The sink is away: this process lets it rest. */
  | (Tried & { readonly type: 'delayed'; readonly error: unknown; readonly retryInMs: number })
  /** Refused for good, or tried for too long. */
  | (Tried & { readonly type: 'dead'; readonly error: unknown });
