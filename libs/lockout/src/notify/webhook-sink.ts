import { Webhook } from 'standardwebhooks';
import type { AccountRef } from '../key/account.js';
import type { LockoutEvent } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';
import { DeliveryDelayedError, DeliveryRefusedError } from './delivery-errors.js';
import { retryAfterMs } from './retry-after.js';
import type { Delivery, LockoutSink } from './sink.js';
import { type WebhookMap, type WebhookSinkOptions, webhookBody } from './webhook-options.js';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = { min: 24, max: 64 };
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Answers of 4xx that may be another one next time: request time-out, too early, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** What an endpoint answered that was no 2xx. */
export class WebhookAnswerError extends Error {
  override readonly name = 'WebhookAnswerError';

  constructor(readonly status: number) {
    super(
      status >= 300 && status < 400
        ? `The endpoint answered ${status}, and redirects are not followed.`
        : `The endpoint answered ${status}.`,
    );
  }
}

/**
 * Sends events to an HTTP endpoint, signed as Standard Webhooks says: `webhook-id` (the delivery's id, the same on every
 * repeat), `webhook-timestamp`, `webhook-signature`.
 *
 * 2xx: delivered. 410 and other 4xx: a dead letter at once. 429 and 503 with `Retry-After`: everything for this endpoint
 * waits so long. Anything else, redirects too: tried again.
 */
export class WebhookSink implements LockoutSink {
  readonly name: string;
  readonly needsLabels: boolean;
  private readonly url: string;
  private readonly keys: readonly Webhook[];
  private readonly types: ReadonlySet<string> | null;
  private readonly map: WebhookMap;
  private readonly headers: Headers;

  /** Throws TypeError for a URL, a secret or a header that cannot be. */
  constructor({ url, secret, name, types, map, needsLabels, headers, insecure }: WebhookSinkOptions) {
    this.name = name ?? 'webhook';
    this.needsLabels = needsLabels ?? false;
    this.url = endpointOf(url, insecure ?? false);
    const secrets = typeof secret === 'string' ? [secret] : secret;
    if (secrets.length === 0)
      throw new TypeError('A webhook needs a secret, or nobody could trust what it says.');
    this.keys = secrets.map((one) => new Webhook(checkedSecret(one)));
    this.types = types ? new Set(types) : null;
    this.map = map ?? webhookBody;
    this.headers = checkedHeaders({ 'user-agent': 'nestjs-lockout', ...headers });
  }

  wants(event: LockoutEvent, facts: RecordFacts): boolean {
    if (this.types && !this.types.has(event.type)) return false;
    if (this.map === webhookBody) return true;
    return candidates(facts).some((account) => this.content(event, facts, account) !== null);
  }

  async deliver({ id, event, facts, account, now }: Delivery, signal: AbortSignal): Promise<void> {
    const content = this.content(event, facts, account);
    if (content === null) return;
    const body = JSON.stringify(content);
    const at = new Date(now);
    const headers = new Headers(this.headers);
    // Set, whatever the case of the application's: two of a name would be sent as one, joined by a comma.
    headers.set('content-type', 'application/json');
    headers.set('webhook-id', id);
    headers.set('webhook-timestamp', String(Math.floor(now / 1_000)));
    headers.set('webhook-signature', this.keys.map((webhook) => webhook.sign(id, at, body)).join(' '));
    const response = await fetch(this.url, { method: 'POST', redirect: 'manual', signal, headers, body });
    // Nothing in it is of interest, and an endpoint must not keep us reading.
    await response.body?.cancel();
    if (!response.ok) throw verdictOf(response);
  }

  /** Null also where a map in plain JavaScript returns nothing. */
  private content(...of: Parameters<WebhookMap>): object | null {
    return this.map(...of) ?? null;
  }
}

/** Whom the facts may be about: only at the delivery is it told which. */
const candidates = ({ accountLabel }: RecordFacts): readonly (AccountRef | null)[] =>
  accountLabel === null ? [null] : [accountLabel, { unknown: accountLabel }];

function verdictOf({ status, headers }: Response): Error {
  const answer = new WebhookAnswerError(status);
  const waitMs = status === 429 || status === 503 ? retryAfterMs(headers) : null;
  if (waitMs !== null) return new DeliveryDelayedError(answer.message, waitMs, { cause: answer });
  if (status >= 400 && status < 500 && !PASSING.has(status)) {
    return new DeliveryRefusedError(answer.message, { cause: answer });
  }
  return answer;
}

function endpointOf(given: string | URL, insecure: boolean): string {
  const url = new URL(given);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && THIS_MACHINE.test(url.hostname));
  if (isSafe || (url.protocol === 'http:' && insecure)) {
    if (url.username === '' && url.password === '') return url.href;
    throw new TypeError('The URL of a webhook carries no credentials: give them as headers.');
  }
  throw new TypeError(`A webhook needs https (to ${url.host}), or insecure: true.`);
}

/** Names the header alone: its value may be a token, and errors are logged. So no cause either, which quotes it. */
function checkedHeaders(given: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    try {
      headers.set(name, value);
    } catch {
      throw new TypeError(
        `The header ${JSON.stringify(name)} of a webhook cannot be sent: its name or its value has characters that no header ` +
          'may have, for instance a line break.',
      );
    }
  }
  return headers;
}

/** Says nothing of what the secret is: errors are logged. */
function checkedSecret(secret: unknown): string {
  if (typeof secret === 'string' && secret.startsWith(SECRET_PREFIX)) {
    const written = secret.slice(SECRET_PREFIX.length);
    const { length } = Buffer.from(written, 'base64');
    const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(written);
    if (isBase64 && length >= SECRET_BYTES.min && length <= SECRET_BYTES.max) return secret;
  }
  throw new TypeError(
    `The secret of a webhook is ${SECRET_PREFIX} and ${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes in base64, ` +
      'drawn for instance by: openssl rand -base64 32',
  );
}
