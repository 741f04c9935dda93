/** What the page reads of a request: the part that Express and Fastify name alike. */
export interface UnlockLinkRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query?: unknown;
  readonly body?: unknown;
}

const JSON_TYPE = /^application\/json\s*(;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** Whether it sends what the page's form or a client of the API sends. */
export function isReadable(request: UnlockLinkRequest): boolean {
  const type = headerOf(request, 'content-type');
  return JSON_TYPE.test(type) || FORM_TYPE.test(type);
}

/** The token of a link that was opened; null: there is none, or more than one. */
export const tokenOfQuery = ({ query }: UnlockLinkRequest): string | null => textOf(query, 'token');

/** The token that a form or a client sent; null: there is none, or more than one. */
export const tokenOfBody = ({ body }: UnlockLinkRequest): string | null => textOf(body, 'token');

/** Whether a person reads the answer. A client that does not say what it takes gets what it sent. */
export function wantsPage(request: UnlockLinkRequest): boolean {
  const accept = headerOf(request, 'accept');
  if (/\btext\/html\b/i.test(accept)) return true;
  if (/\bapplication\/([a-z.-]+\+)?json\b/i.test(accept)) return false;
  return !JSON_TYPE.test(headerOf(request, 'content-type'));
}

function headerOf({ headers }: UnlockLinkRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}

function textOf(source: unknown, name: string): string | null {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return null;
  const value: unknown = Reflect.get(source, name);
  return typeof value === 'string' && value !== '' ? value : null;
}
