import { WebhookSink } from 'nestjs-lockout';

/** Where lockout events are posted, and how they are signed. */
export interface WebhookSettings {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

/** `LOCKOUT_WEBHOOK_URL` and `LOCKOUT_WEBHOOK_SECRET`; null: no events are posted. Adds to `problems` what is wrong. */
export function readWebhook(
  url: string | undefined,
  secret: string | undefined,
  problems: string[],
): WebhookSettings | null {
  if (!url && !secret) return null;
  if (!url || !secret) {
    problems.push('LOCKOUT_WEBHOOK_URL and LOCKOUT_WEBHOOK_SECRET belong together: set both, or neither.');
    return null;
  }
  const settings = { url, secret };
  try {
    new WebhookSink(settings);
    return settings;
  } catch (error) {
    problems.push(`LOCKOUT_WEBHOOK_URL, LOCKOUT_WEBHOOK_SECRET: ${(error as Error).message}`);
    return null;
  }
}
