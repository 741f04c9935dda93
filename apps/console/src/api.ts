import type { Change } from './change.js';
import { learnClock } from './clock.js';
import { Problem, problemOf } from './problem.js';
import { noteStatus } from './session.js';

/** The mount of the admin API: the console is served right below it. */
const BASE = new URL('../', document.baseURI);

/** A server that takes longer is taken to be away. */
const TIMEOUT_MS = 15_000;

export type Parameters = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface GetOptions {
  readonly query?: Parameters;
  /** Ends the call when what asked for it has gone. */
  readonly signal?: AbortSignal;
}

export interface SendOptions {
  /** The operator's action that this is part of; see {@link Change}. Absent: a call that changes nothing. */
  readonly change?: Change;
  /** What the operator has seen (`ETag`). */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer with the version of what it shows. */
export interface Answer<T> {
  readonly body: T;
  readonly etag: string | null;
}

/** The path of something below the mount; each segment is encoded. */
export const path = (...segments: readonly string[]): string => segments.map(encodeURIComponent).join('/');

/** Where something below the mount is, for a link. */
export function hrefOf(where: string, query: Parameters = {}): string {
  return urlOf(where, query).href;
}

function urlOf(where: string, query: Parameters): URL {
  const url = new URL(where, BASE);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value));
  }
  return url;
}

/** @throws {Problem} any answer that is not a success, or none. An abort passes as the `AbortError` it is. */
export async function get<T>(where: string, options: GetOptions = {}): Promise<T> {
  const { body } = await getWithTag<T>(where, options);
  return body;
}

/** As {@link get}, with the entity tag. */
export function getWithTag<T>(where: string, { query = {}, signal }: GetOptions = {}): Promise<Answer<T>> {
  return call<T>(urlOf(where, query), { method: 'GET' }, signal);
}

/** Sends a change, or a question that is too long for an address. Throws as {@link get}. */
export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  where: string,
  content: unknown,
  { change, ifMatch, signal }: SendOptions = {},
): Promise<T> {
  const body = JSON.stringify(content);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-lockout-admin': '1' };
  if (change) headers['idempotency-key'] = change.keyFor(`${method} ${where} ${ifMatch ?? ''} ${body}`);
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  try {
    const answer = await call<T>(new URL(where, BASE), { method, headers, body }, signal);
    change?.answered();
    return answer.body;
  } catch (error) {
    if (error instanceof Problem && !error.isPassing) change?.answered();
    throw error;
  }
}

async function call<T>(url: URL, init: Request, signal?: AbortSignal): Promise<Answer<T>> {
  const response = await reach(url, init, signal);
  if (response.type === 'opaqueredirect') {
    // A guard that sends whoever is not signed in elsewhere.
    noteStatus(401);
    throw new Problem(401, null);
  }
  noteStatus(response.status);
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  const body = (text === '' ? null : parse(text, response.status)) as T;
  const told = (body as { readonly now?: unknown } | null)?.now;
  if (typeof told === 'string') learnClock(told);
  return { body, etag: response.headers.get('etag') };
}

async function reach(url: URL, { headers, ...init }: Request, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch(url, {
      ...init,
      headers: { accept: 'application/json', ...headers },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, null, {}, { cause: error });
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem(status, null, {}, { cause: error });
  }
}
