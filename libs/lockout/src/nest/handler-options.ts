import type { ExecutionContext } from '@nestjs/common';
import type { AccountRef } from '../key/account.js';
import type { Method } from '../policy/policy.js';
import type { OutcomeTest } from './handler-outcome.js';

/**
 * What accessors read: the HTTP request; in GraphQL the resolver's arguments, in sockets and RPC the message's data
 * (annotate the parameter with its type there).
 */
export interface HttpInput {
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The client's address as the framework resolved it. */
  readonly ip?: string;
}

/** A fact about the attempt: fixed, or read from the input. */
export type FromInput<I, T> = T | ((input: I, context: ExecutionContext) => T);

interface HandlerFacts<I> {
  /** Which method the handler verifies: `password`, `otp`, … */
  readonly method: Method;
  /** The credential; blank or not a string is answered 400 and counted nowhere (R20). Default: no check. */
  readonly credential?: (input: I, context: ExecutionContext) => unknown;
  /** Population of accounts. Default `default`. */
  readonly realm?: FromInput<I, string | undefined>;
  readonly brand?: FromInput<I, string | undefined>;
  /** An id of the device that the application recognises. */
  readonly device?: FromInput<I, string | null | undefined>;
  /** Custom scope parts by name. */
  readonly custom?: (input: I, context: ExecutionContext) => Readonly<Record<string, string>>;
  /**
   * What the handler's answer says about the credential. Needed where there is no telling status: redirects, GraphQL,
   * sockets, RPC. Default: by HTTP status, see {@link outcomeOfStatus}.
   */
  readonly outcome?: OutcomeTest<I>;
  /** Whether a success completes the sign-in; false for a first factor (R11). Default `true`. */
  readonly final?: boolean | ((value: unknown) => boolean);
}

/** How a handler that verifies a credential is protected. */
export type LockoutHandlerOptions<I = HttpInput> = HandlerFacts<I> &
  (
    | {
        /** The identifier as typed; looked up with the module's `findAccount`. */
        readonly identifier: (input: I, context: ExecutionContext) => unknown;
        readonly account?: undefined;
      }
    | {
        /**
         * Whose credential it is: the id of the account that was found, or `{ unknown: identifier }`. Call
         * `normaliseIdentifier` on what was typed before looking it up: it throws for names that can be none.
         */
        readonly account: (input: I, context: ExecutionContext) => AccountRef | Promise<AccountRef>;
        readonly identifier?: undefined;
      }
  );

/** Options of a handler whatever its input is. */
export type AnyHandlerOptions = LockoutHandlerOptions<never>;

/** Metadata key of {@link LockoutHandlerOptions}, on a method or a class. */
export const HANDLER_OPTIONS = 'nestjs-lockout:handler';
