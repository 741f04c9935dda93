import { randomUUID } from 'node:crypto';
import { EXIT } from '../terminal.js';
import type { ApiAccess } from './source-options.js';
import { type ProblemBody, SourceProblem, unreachable } from './source-problem.js';

/** Most redirects within one origin that are followed. */
const MAX_REDIRECTS = 3;
/** Longest part of a strange answer that is shown. */
const SHOWN_TEXT = 200;

const WHERE = 'Is --url where the admin API is mounted, such as https://host/lockout?';

const LINES_TYPE = /^application\/jsonl\s*(?:;|$)/i;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Relative to the mount, each segment encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON, with all that a change needs. */
  readonly body?: unknown;
  /** `If-Match`, in its quotes. */
  readonly tag?: string | null;
}

/** An answer, and what names the state that it shows. */
export interface ApiAnswer {
  readonly body: unknown;
  /** `ETag`, in its quotes; null: none. */
  readonly tag: string | null;
}

/** One call of the admin API: asked, within its time, and its answer or its problem. */
export class ApiCall {
  constructor(
    private readonly access: ApiAccess,
    private readonly fetched: typeof fetch,
    private readonly userAgent: string,
  ) {}

  /** Rejects with {@link SourceProblem}. */
  async send({ method, path, query = {}, body, tag = null }: ApiRequest): Promise<ApiAnswer> {
    const url = this.urlOf(path, query);
    const headers = this.headersFor('application/json');
    if (method === 'POST') {
      headers.set('Content-Type', 'application/json');
      headers.set('X-Lockout-Admin', '1');
      headers.set('Idempotency-Key', randomUUID());
      if (tag !== null) headers.set('If-Match', tag);
    }
    const init: RequestInit = { method, headers, redirect: 'manual' };
    if (body !== undefined) init.body = JSON.stringify(body);
    const received = await this.follow(url, init, (at) => this.receive(at, init));
    return { body: answerOf(received, url), tag: received.headers.get('etag') };
  }

  /**
   * JSON lines, in pieces that end anywhere; read no faster than they are taken. Each piece has its own time.
   * Rejects with {@link SourceProblem}, also where not all of it came.
   */
  async *lines({
    path,
    query = {},
  }: Pick<ApiRequest, 'path' | 'query'>): AsyncGenerator<string, void, undefined> {
    const url = this.urlOf(path, query);
    const running = new AbortController();
    const init: RequestInit = {
      method: 'GET',
      headers: this.headersFor('application/jsonl, application/json'),
      redirect: 'manual',
      signal: running.signal,
    };
    const inTime = <T>(work: Promise<T>, hint: string | null = null): Promise<T> =>
      this.inTime(work, url, running, hint);
    try {
      const response = await this.follow(url, init, (at) => inTime(this.fetched(at.href, init)));
      if (!response.ok || !LINES_TYPE.test(response.headers.get('content-type') ?? '')) {
        const { status, headers } = response;
        const text = await inTime(response.text());
        // Whatever is no problem is not what was asked for.
        answerOf({ status, headers, text }, url);
        throw strange(status, url, text);
      }
      const reader = response.body?.getReader();
      const decoder = new TextDecoder();
      while (reader) {
        const { done, value } = await inTime(reader.read(), 'Not all of it came: ask again.');
        if (done) break;
        yield decoder.decode(value, { stream: true });
      }
      yield decoder.decode();
    } finally {
      running.abort();
    }
  }

  /** Gives up once nothing comes for as long as an answer may take. */
  private async inTime<T>(
    work: Promise<T>,
    { origin }: URL,
    running: AbortController,
    hint: string | null,
  ): Promise<T> {
    const { timeoutMs } = this.access;
    const timer = setTimeout(() => running.abort(new DOMException('late', 'TimeoutError')), timeoutMs);
    try {
      return await work;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        throw unreachable(`${origin} did not answer within ${timeoutMs / 1000} s.`, hint, error);
      throw unreachable(`${origin} cannot be reached: ${causeOf(error)}.`, hint, error);
    } finally {
      clearTimeout(timer);
    }
  }

  private urlOf(path: string, query: NonNullable<ApiRequest['query']>): URL {
    const url = new URL(path, this.access.url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  private headersFor(accepted: string): Headers {
    const headers = new Headers({ Accept: accepted, 'User-Agent': this.userAgent });
    for (const [name, value] of this.access.headers) headers.set(name, value);
    return headers;
  }

  /** Redirects are followed only where the headers, which are credentials, may go too. */
  private async follow<Answer extends { readonly status: number; readonly headers: Headers }>(
    url: URL,
    init: RequestInit,
    ask: (at: URL) => Promise<Answer>,
  ): Promise<Answer> {
    let at = url;
    for (let redirects = 0; ; redirects += 1) {
      const received = await ask(at);
      const location = received.headers.get('location');
      if (received.status < 300 || received.status > 399 || location === null) return received;
      const to = URL.canParse(location, at.href) ? new URL(location, at) : null;
      const keepsMethod = init.method === 'GET' || received.status === 307 || received.status === 308;
      if (to?.origin !== this.access.url.origin || !keepsMethod || redirects === MAX_REDIRECTS)
        throw redirected(received.status, to);
      at = to;
    }
  }

  private async receive(url: URL, init: RequestInit): Promise<Received> {
    const { timeoutMs } = this.access;
    const isChange = init.method === 'POST';
    const unsure = isChange
      ? 'Whether it was done is not known; look with status before you repeat it.'
      : null;
    try {
      const response = await this.fetched(url.href, { ...init, signal: AbortSignal.timeout(timeoutMs) });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        throw unreachable(`${url.origin} did not answer within ${timeoutMs / 1000} s.`, unsure, error);
      throw unreachable(`${url.origin} cannot be reached: ${causeOf(error)}.`, unsure, error);
    }
  }
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

function answerOf({ status, headers, text }: Received, url: URL): unknown {
  const isJson = JSON_TYPE.test(headers.get('content-type') ?? '');
  const body = isJson ? parsed(text) : undefined;
  if (status >= 200 && status < 300 && body !== undefined) return body;
  if (status >= 200 && status < 300) throw strange(status, url, text);
  const isOurs = isObject(body) && typeof body['detail'] === 'string';
  // What is not found by a router, rather than by us, is the whole API.
  const isElsewhere = status === 404 && !isOurs;
  throw new SourceProblem(
    problemBody(status, body, text, url),
    hintFor(status, isElsewhere),
    isElsewhere ? EXIT.strange : null,
  );
}

/** What an application answers by itself (a guard, a router, a proxy) is a problem too, of fewer words. */
function problemBody(status: number, body: unknown, text: string, url: URL): ProblemBody {
  if (isObject(body) && typeof body['detail'] === 'string')
    return { ...body, status, detail: body['detail'] };
  const said = isObject(body) && typeof body['message'] === 'string' ? body['message'] : excerpt(text);
  const detail = `${url.pathname} answered ${status}${said === '' ? '' : `: ${said}`}`;
  return { ...(isObject(body) ? body : {}), status, detail };
}

function hintFor(status: number, isElsewhere: boolean): string | null {
  if (status === 401)
    return "Nobody is signed in: give --header 'Cookie: …' (or what your guard wants), or LOCKOUT_HEADER.";
  return isElsewhere ? WHERE : null;
}

function redirected(status: number, to: URL | null): SourceProblem {
  const where = to === null ? 'nowhere' : `${to.origin}${to.pathname}`;
  const detail = `It answers ${status} and sends the caller to ${where}, where your headers are not taken.`;
  const hint = 'Sign in anew, or give --url as it is after the redirect.';
  return new SourceProblem({ status: 403, title: 'Redirected', detail }, hint);
}

const strange = (status: number, url: URL, text: string): SourceProblem =>
  new SourceProblem(
    {
      status: 500,
      title: 'Strange',
      detail: `${url.href} answered ${status}, but not as the lockout API does: ${excerpt(text)}`,
    },
    WHERE,
    EXIT.strange,
  );

const excerpt = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_TEXT);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the network said, under `fetch failed`. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const inner = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  const said = inner instanceof Error ? inner.message : String(inner);
  return said === '' && inner instanceof Error ? inner.name : said.replace(/\.$/, '');
}
