import type { z } from 'zod';
import type { AnswerName, RequestName } from './components.js';
import type { ProblemStatus } from './problem-answers.js';

/** An answer that is a success. */
export interface SuccessAnswer {
  readonly says: string;
  /** Of a JSON body. */
  readonly schema?: AnswerName;
  /** Of another body. */
  readonly contentType?: string;
  readonly headers?: readonly HeaderName[];
}

export type HeaderName = 'ETag' | 'Location' | 'Content-Disposition';

/** One call, as the document has it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below the mount; what is in braces is one percent-encoded segment. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: RequestName;
  /** Changes something, so it can be repeated by an `Idempotency-Key`. */
  readonly changes?: boolean;
  /** Needs the admin header. */
  readonly sendsJson?: boolean;
  readonly ifMatch?: 'required' | 'optional';
  readonly answers: Readonly<Record<number, SuccessAnswer>>;
  readonly problems: readonly ProblemStatus[];
}

/** What guards, forms and a store that is away may answer to anything. */
const LOOKING: readonly ProblemStatus[] = [401, 403, 503];
const CHANGING: readonly ProblemStatus[] = [400, 401, 403, 409, 415, 422, 501, 503];

/** A call that only looks. */
export const look = (
  call: Omit<Operation, 'method' | 'changes' | 'body' | 'ifMatch' | 'problems'> & {
    readonly problems?: readonly ProblemStatus[];
  },
): Operation => ({ ...call, method: 'get', problems: merged(LOOKING, call.problems) });

/** A call that only asks, and needs a body for that. */
export const ask = (call: Omit<Operation, 'method' | 'changes' | 'ifMatch' | 'query'>): Operation => ({
  ...call,
  method: 'post',
  sendsJson: true,
  problems: merged(LOOKING, call.problems),
});

/** A call that changes something. */
export const change = (
  call: Omit<Operation, 'changes' | 'problems'> & { readonly problems?: readonly ProblemStatus[] },
): Operation => ({ ...call, changes: true, sendsJson: true, problems: merged(CHANGING, call.problems) });

const merged = (
  always: readonly ProblemStatus[],
  more: readonly ProblemStatus[] = [],
): readonly ProblemStatus[] => [...new Set([...always, ...more])].sort((a, b) => a - b);
