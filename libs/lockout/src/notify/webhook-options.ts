import type { AccountRef } from '../key/account.js';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';

/**
 * What a receiver is sent of an event, as JSON; null: nothing. Decides by its arguments alone: it is asked when the event
 * is written, too, once for each account that it may be about.
 *
 * @param account whose event it is, as `Delivery.account` has it
 */
export type WebhookMap = (
  event: LockoutEvent,
  facts: RecordFacts,
  account: AccountRef | null,
) => object | null;

export interface WebhookSinkOptions {
  /** `https`; `http` only to this machine, or with `insecure`. */
  readonly url: string | URL;
  /**
   * `whsec_` and 24 to 64 bytes in base64, shared with the receiver. While it changes: several, each signs; the receiver
   * takes whichever it knows.
   */
  readonly secret: string | readonly string[];
  /** {@link LockoutSink.name}. Default `webhook`. */
  readonly name?: string;
  /** Events of these types only. Default: all. */
  readonly types?: readonly LockoutEventType[];
  /** Default: {@link webhookBody}. */
  readonly map?: WebhookMap;
  /** The map cannot do without the plain account, so that start-up fails where none is kept. Default `false`. */
  readonly needsLabels?: boolean;
  /** Sent with each request, beside those of Standard Webhooks, which win. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes `http` to other machines: names travel in plain text. Default `false`. */
  readonly insecure?: boolean;
}

/** What a receiver is sent unless the application says otherwise: the shape that Standard Webhooks recommends. */
export interface WebhookBody {
  /** `lockout.locked`, … */
  readonly type: `lockout.${LockoutEventType}`;
  /** ISO-8601: when it happened. */
  readonly timestamp: string;
  readonly data: {
    /** Moments in it are epoch ms. */
    readonly event: LockoutEvent;
    readonly realm: string;
    readonly counter: string;
    readonly scope: string;
    /** Keyed hashes: the same for the same account or address, and of no use elsewhere. */
    readonly accountHash: string | null;
    readonly addressHash: string | null;
    /** The account's id, plain; null for a name that no account has, and unless the application keeps labels. */
    readonly account: string | null;
    /** The name that was typed and that no account has: never to be taken for an account. */
    readonly unknown: string | null;
    /** Plain; null unless the application keeps labels. */
    readonly address: string | null;
  };
}

/** The default {@link WebhookMap}. */
export function webhookBody(
  event: LockoutEvent,
  facts: RecordFacts,
  account: AccountRef | null,
): WebhookBody {
  const { realm, counter, scope, accountHash, addressHash, addressLabel } = facts;
  return {
    type: `lockout.${event.type}`,
    timestamp: new Date(event.at).toISOString(),
    data: {
      event,
      realm,
      counter,
      scope,
      accountHash,
      addressHash,
      account: typeof account === 'string' ? account : null,
      unknown: typeof account === 'string' ? null : (account?.unknown ?? null),
      address: addressLabel,
    },
  };
}
