import type { Platform } from '../admin-app.js';
import type { RightCall } from './every-call.js';
import {
  CUSTOMERS_ADMIN,
  KEPT_FROM_STAFF,
  KEPT_FROM_STRANGERS,
  rightful,
  STAFF_ADMIN,
} from './matrix-house.js';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Somebody who sends a call that is not theirs to make. */
export interface Intruder {
  readonly who: string;
  /** Over those of the rightful call; undefined: not sent. */
  readonly headers: (call: RightCall, url: string) => Headers;
  /** Instead of the rightful call's. */
  readonly method?: string;
  readonly body?: (call: RightCall) => string;
  /** Whether this call can be sent so at all. Default: each. */
  readonly sends?: (call: RightCall) => boolean;
  /** One of these is the answer. */
  readonly statuses: (call: RightCall, platform: Platform) => readonly number[];
  /** What the answer must not name. */
  readonly kept: readonly string[];
}

const isChange = ({ method }: RightCall): boolean => method !== 'GET';
const isLook = (call: RightCall): boolean => !isChange(call);

/** Not admitted, whatever is asked. */
const stranger = (who: string, user: string | undefined, status: number): readonly Intruder[] => [
  { who, headers: () => ({ 'x-user': user }), statuses: () => [status], kept: KEPT_FROM_STRANGERS },
  {
    who: `${who}, by HEAD`,
    headers: () => ({ 'x-user': user }),
    method: 'HEAD',
    sends: isLook,
    statuses: () => [status],
    kept: KEPT_FROM_STRANGERS,
  },
  {
    who: `${who}, with nothing but the method`,
    headers: () => ({ 'x-user': user, 'x-lockout-admin': undefined, 'if-match': undefined }),
    body: () => '{}',
    sends: isChange,
    statuses: () => [status],
    kept: KEPT_FROM_STRANGERS,
  },
  {
    who: `${who}, with a body that is no JSON`,
    headers: () => ({ 'x-user': user }),
    body: () => '{"reason":',
    sends: isChange,
    // Parsers come before guards.
    statuses: () => [400, status],
    kept: KEPT_FROM_STRANGERS,
  },
  {
    who: `${who}, by a form`,
    headers: () => ({ 'x-user': user, 'content-type': 'application/x-www-form-urlencoded' }),
    body: form,
    sends: isChange,
    statuses: (_, platform) => (platform === 'fastify' ? [status, 415] : [status]),
    kept: KEPT_FROM_STRANGERS,
  },
];

/** Another site in the rightful administrator's own browser. */
const forgery = (
  who: string,
  status: number,
  headers: (call: RightCall, url: string) => Headers,
  body?: Intruder['body'],
): Intruder => ({
  who: `another site: ${who}`,
  headers,
  ...(body ? { body } : {}),
  sends: isChange,
  statuses: () => [status],
  kept: KEPT_FROM_STRANGERS,
});

const form = ({ body = {} }: RightCall): string =>
  new URLSearchParams(
    Object.entries(body).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();

const multipart = ({ body = {} }: RightCall): string =>
  [
    ...Object.entries(body).map(
      ([name, value]) =>
        `--frontier\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${
          typeof value === 'string' ? value : JSON.stringify(value)
        }\r\n`,
    ),
    '--frontier--\r\n',
  ].join('');

const FORGERIES: readonly Intruder[] = [
  forgery('a form', 415, () => ({ 'content-type': 'application/x-www-form-urlencoded' }), form),
  forgery(
    'a form with files',
    415,
    () => ({ 'content-type': 'multipart/form-data; boundary=frontier' }),
    multipart,
  ),
  forgery('a form of plain text', 415, () => ({ 'content-type': 'text/plain' })),
  forgery('a form, without the header', 415, () => ({
    'content-type': 'text/plain',
    'x-lockout-admin': undefined,
  })),
  forgery('no type at all, as a Blob has', 415, () => ({ 'content-type': undefined })),
  forgery('JSON by another name', 415, () => ({ 'content-type': 'text/plain; application/json' })),
  forgery('JSON without the header', 403, () => ({ 'x-lockout-admin': undefined })),
  forgery('the header with another value', 403, () => ({ 'x-lockout-admin': '0' })),
  forgery('the header twice', 403, () => ({ 'x-lockout-admin': ['1', '1'] })),
  forgery('its origin', 403, () => ({ origin: 'https://evil.example' })),
  forgery('no origin to speak of', 403, () => ({ origin: 'null' })),
  forgery('another port', 403, () => ({ origin: 'http://127.0.0.1:9' })),
  forgery('a name that begins alike', 403, (_, url) => ({ origin: `${url}.evil.example` })),
  forgery('a name in place of a user', 403, (_, url) => ({
    origin: `http://${new URL(url).host}@evil.example`,
  })),
  forgery('a fetch across sites', 403, () => ({ 'sec-fetch-site': 'cross-site' })),
  forgery('a fetch from a sibling', 403, () => ({ 'sec-fetch-site': 'same-site' })),
  forgery('a fetch across sites that says our origin', 403, (_, url) => ({
    origin: url,
    'sec-fetch-site': 'cross-site',
  })),
];

const asked = (call: RightCall): readonly number[] => [call.needs === null ? call.status : 403];

/** May look or act there, but not this. */
export const DENIED: Intruder = {
  who: 'the realm’s administrator, who may do everything but this',
  headers: ({ needs }) => ({ 'x-denied': needs ?? undefined }),
  sends: ({ needs }) => needs !== null,
  statuses: () => [403],
  kept: KEPT_FROM_STAFF,
};

export const INTRUDERS: readonly Intruder[] = [
  ...stranger('nobody', undefined, 401),
  ...stranger('an ordinary user', 'alice', 403),
  {
    who: 'the other realm’s administrator',
    headers: () => ({ 'x-user': STAFF_ADMIN }),
    statuses: asked,
    kept: KEPT_FROM_STAFF,
  },
  {
    who: 'the other realm’s administrator, by HEAD',
    headers: () => ({ 'x-user': STAFF_ADMIN }),
    method: 'HEAD',
    sends: isLook,
    statuses: asked,
    kept: KEPT_FROM_STAFF,
  },
  DENIED,
  ...FORGERIES,
];

/** The rightful call, as this intruder sends it. */
export function sentBy(intruder: Intruder, call: RightCall, url: string, key: string) {
  const { method, path, body, ifMatch } = call;
  const text = intruder.body?.(call) ?? (body ? JSON.stringify(body) : undefined);
  const headers: Headers = {
    ...(body ? rightful(CUSTOMERS_ADMIN) : { 'x-user': CUSTOMERS_ADMIN }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(body ? { 'idempotency-key': key } : {}),
    ...intruder.headers(call, url),
  };
  return {
    method: intruder.method ?? method,
    path: `/lockout${path}`,
    headers: Object.fromEntries(
      Object.entries(headers).filter(
        (header): header is [string, string | readonly string[]] => header[1] !== undefined,
      ),
    ),
    ...(text === undefined ? {} : { body: text }),
  };
}

/** Makes it rightly. */
export const RIGHTFUL: Intruder = {
  who: 'the administrator',
  headers: () => ({}),
  statuses: (call) => [call.status],
  kept: [],
};
