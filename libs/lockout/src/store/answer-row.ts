import type { AnswerClaim, AnswerLives, AnswerRequest, KeptAnswer } from './answer-store.js';
import { type ColumnValue, fromHex, integer, toHex } from './codec.js';
import { StoreError } from './store-error.js';

/** Most bytes of an answer's body: what a BLOB of MySQL takes. */
export const MAX_ANSWER_BYTES = 65_535;

/** What an answer's row holds, in the order in which values are bound and read. Without an answer the last two are null. */
export const ANSWER_FIELDS = ['id', 'request', 'token', 'at', 'status', 'body'] as const;

export type AnswerField = (typeof ANSWER_FIELDS)[number];

const HASH_DIGITS = 64;
const TOKEN_DIGITS = 32;

/** A row as it stands. */
export interface StoredAnswer {
  readonly request: string;
  readonly token: string;
  /** When it was claimed, epoch ms. */
  readonly at: number;
  /** Null: a claim. */
  readonly answer: KeptAnswer | null;
}

/** Throws {@link StoreError} (`data`) for what is no hash, as do the others here. */
export const answerHash = (field: 'id' | 'request', hex: string): Buffer => bytes(field, hex, HASH_DIGITS);

export const answerToken = (token: string): Buffer => bytes('token', token, TOKEN_DIGITS);

/** The row of a claim, in the order of {@link ANSWER_FIELDS}. Throws {@link StoreError} (`data`) for what none can hold. */
export function encodeClaim({ id, request, token }: AnswerRequest, at: number): ColumnValue[] {
  return [
    answerHash('id', id),
    answerHash('request', request),
    answerToken(token),
    integer('at', at),
    null,
    null,
  ];
}

/** Status and body as they are stored. Throws {@link StoreError} (`data`) for what no row can hold. */
export function encodeAnswer({ status, body }: KeptAnswer): readonly [number, Buffer] {
  if (!isStatus(status)) throw new StoreError('data', `A kept answer's status is ${String(status)}`);
  const encoded = Buffer.from(body, 'utf8');
  // Lone surrogates do not come back.
  if (encoded.toString('utf8') === body && encoded.length <= MAX_ANSWER_BYTES) return [status, encoded];
  throw new StoreError(
    'data',
    `A kept answer must be well-formed text of at most ${MAX_ANSWER_BYTES} bytes; it has ${encoded.length}`,
  );
}

/** Reads a row of {@link ANSWER_FIELDS}. Throws {@link StoreError} (`data`) for one that cannot have been written here. */
export function decodeAnswer(row: readonly unknown[]): StoredAnswer {
  const [, request, token, at, status, body] = row;
  return {
    request: toHex('request', request),
    token: toHex('token', token),
    at: integer('at', at),
    answer: status === null && body === null ? null : keptAnswer(status, body),
  };
}

/** Status and body as they were stored. Throws {@link StoreError} (`data`) for what {@link encodeAnswer} cannot have made. */
export function keptAnswer(status: unknown, body: unknown): KeptAnswer {
  const number = integer('status', status);
  if (!isStatus(number)) throw new StoreError('data', `A stored answer's status is ${number}`);
  return { status: number, body: fromHex(toHex('body', body)).toString('utf8') };
}

/** What a row says to whoever claims its id; null: it has outlived its life, and counts as absent. */
export function claimOn(
  stored: StoredAnswer,
  { request, token }: AnswerRequest,
  { claimMs, keepMs }: AnswerLives,
  now: number,
): AnswerClaim | null {
  const { answer, at } = stored;
  if (now >= at + (answer ? keepMs : claimMs)) return null;
  if (stored.request !== request) return { state: 'other-request' };
  if (answer) return { state: 'answered', ...answer };
  return { state: stored.token === token ? 'claimed' : 'pending' };
}

/** Rows that were claimed at this moment or before are absent by any measure. */
export function outlivedAt({ claimMs, keepMs }: AnswerLives, now: number): number {
  return now - Math.max(claimMs, keepMs);
}

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 100 && status <= 999;

function bytes(field: string, hex: string, digits: number): Buffer {
  if (hex.length === digits && /^[0-9a-f]+$/.test(hex)) return fromHex(hex);
  throw new StoreError('data', `The ${field} of an answer must be ${digits} hex digits`);
}
