import { createTransport } from 'nodemailer';

/** A transporter of the application's own, as nodemailer makes them. */
export interface MailTransporter {
  sendMail(message: object): Promise<unknown>;
}

/** What `transport` may be. */
export type GivenTransport = string | object | MailTransporter;

/** A mail as it is handed to nodemailer. */
export interface MailMessage {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly date: Date;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends mails, a few at once. */
export interface OpenTransport {
  /** Most mails that it sends at once; more would wait where they cannot be called back. */
  readonly width: number;
  /** Longest that a mail may take, its wait for room among them, ms: shorter than a dispatcher waits. */
  readonly longestMs: number;
  /** `signal` ends it, if it is not too late, and if the transport can. */
  send(message: MailMessage, signal: AbortSignal): Promise<void>;
  /** Ends the connections that were made here. */
  close(): void;
}

/** Connections of a pool, and mails at once. */
const WIDTH = 5;
/** Of the 10 s that a dispatcher waits for any delivery by default. */
const LONGEST_MS = 9_000;

/** Shorter than nodemailer’s minutes, and than the 10 s that a dispatcher waits for any delivery by default. ms */
const SETTINGS: Readonly<Record<string, number | boolean>> = {
  pool: true,
  maxConnections: WIDTH,
  // What is tried again is the dispatcher's to say.
  maxRequeues: 0,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 5_000,
  socketTimeout: 9_000,
};

/** Kinds of transport of nodemailer's that hold no connections. */
const UNPOOLED = ['streamTransport', 'jsonTransport', 'sendmail', 'SES', 'send'];

const isTransporter = (transport: object): transport is MailTransporter =>
  'sendMail' in transport && typeof transport.sendMail === 'function';

/** What is wrong with a transport. Says nothing of what is in it: a URL has a password. */
export function transportProblems(transport: unknown): readonly string[] {
  if (transport === undefined || transport === null || transport === '') {
    return ['transport is missing: pass an SMTP URL, what nodemailer takes, or a transporter.'];
  }
  if (typeof transport === 'object') return [];
  const url = typeof transport === 'string' && URL.canParse(transport) ? new URL(transport) : null;
  if (url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '') return [];
  return ['transport must be an SMTP URL such as "smtps://user:password@mail.example.com", or an object.'];
}

const LIMITS = { width: WIDTH, longestMs: LONGEST_MS } as const;

/** Opens no connection yet: the first mail does. Expects a checked transport. */
export function openTransport(given: GivenTransport): OpenTransport {
  if (typeof given === 'object' && isTransporter(given)) {
    return { ...LIMITS, send: (...mail) => sendBy(given, ...mail), close() {} };
  }
  const made = createTransport(settingsOf(given));
  return { ...LIMITS, send: (...mail) => sendBy(made, ...mail), close: () => made.close() };
}

/** What nodemailer is given: ours, unless the application says otherwise. */
function settingsOf(given: string | object): string | object {
  if (typeof given === 'object') {
    if (UNPOOLED.some((kind) => kind in given)) return given;
    return 'url' in given && typeof given.url === 'string'
      ? withSettings(given.url)
      : { ...SETTINGS, ...given };
  }
  return withSettings(given);
}

function withSettings(address: string): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(SETTINGS)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** Nothing in a mail is ever read from a file or fetched. */
async function sendBy(
  transporter: MailTransporter,
  message: MailMessage,
  signal: AbortSignal,
): Promise<void> {
  await transporter.sendMail({ ...message, signal, disableFileAccess: true, disableUrlAccess: true });
}
