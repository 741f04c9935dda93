import { z } from 'zod';
import { StoreError } from '../../store/store-error.js';
import { Problem } from '../problem.js';

/** What was answered, to be answered again. */
export interface PastAnswer {
  readonly status: number;
  /** The value before it became JSON: of a problem its members. */
  readonly value: unknown;
  readonly etag?: string;
}

/**
 * Problems that say nothing of the call itself: who asks, how it is sent, or that it came too often. Sent rightly, the
 * same call may well succeed.
 */
const NOT_KEPT: readonly number[] = [401, 403, 408, 415, 425, 428, 429];

/** Whether a problem is an answer to the call, and not the trouble of this moment. */
export const isKept = (problem: Problem): boolean => {
  const status = problem.getStatus();
  return status >= 400 && status < 500 && !NOT_KEPT.includes(status);
};

const TEXT = z.object({ value: z.unknown(), etag: z.string().optional() });
const MEMBERS = z.looseObject({ detail: z.string() });

export const textOf = ({ value, etag }: PastAnswer): string => JSON.stringify({ value, etag });

/** @throws {StoreError} `data`: it is none of ours. */
export function answerOf(status: number, text: string): PastAnswer {
  try {
    const { value, etag } = TEXT.parse(JSON.parse(text));
    return { status, value, ...(etag === undefined ? {} : { etag }) };
  } catch (cause) {
    throw new StoreError('data', 'A kept answer cannot be read.', { cause });
  }
}

/** The same problem again, to be thrown. */
export function problemAgain({ status, value }: PastAnswer): Problem {
  const members = MEMBERS.parse(value);
  return new Problem(status, members.detail, members);
}
