import type { RefusedDecision } from '../decision.js';
import type { LockoutEvent } from '../event.js';
import type { LockoutPolicy, Method } from '../policy.js';
import type { LockCause } from '../state.js';

/** One line of a log: who tried to sign in, how, from where, and how it ended. */
export interface ReplayAttempt {
  /** Epoch ms, ≥ 0. One before the attempt before it is taken as that moment. */
  readonly at: number;
  /** The account's id, or (`known: false`) the name that was typed. Compared exactly. */
  readonly account: string;
  /** Whether the application has such an account. Default `true`. */
  readonly known?: boolean;
  /** Null or absent: policies by address do not watch this attempt. */
  readonly address?: string | null;
  readonly device?: string | null;
  /** Custom scope parts by name. */
  readonly custom?: Readonly<Record<string, string>>;
  /** Default `password`. */
  readonly method?: Method;
  /**
   * What the verification said: `first-factor` is a success after which the sign-in is not complete, `abandoned` a fault
   * of the verifier. Not looked at where the policies refuse.
   */
  readonly outcome: 'success' | 'failure' | 'first-factor' | 'abandoned';
  /** Population of accounts. Default `default`. */
  readonly realm?: string;
  /** Chooses policy overrides; not part of any key. */
  readonly brand?: string;
}

/** Why the policies would not have let it be verified. */
export interface ReplayRefusal {
  readonly reason: RefusedDecision['reason'];
  /** Free at exactly this moment, epoch ms; null: not by waiting. */
  readonly retryAt: number | null;
  /** Name of the strictest policy that refuses. */
  readonly policy: string;
  /** `pause`: the minimal interval after a failure, which is no lock. Null with `exhausted`. */
  readonly cause: LockCause | 'pause' | null;
}

/** A lock that the policies would have set. */
export interface ReplayLock {
  readonly policy: string;
  readonly realm: string;
  /**
   * What is locked, by scope part: `{ account: 'alice' }`, `{ account: 'alice', address: '192.0.2.1' }`,
   * `{ 'custom:tenant': 'acme' }`; `{ overflow: '192.0.2.1' }`: the names beyond an address's cap of unknown ones.
   */
  readonly subject: Readonly<Record<string, string>>;
  readonly since: number;
  /** Epoch ms; null: until somebody lifts it, which a replay never does. */
  readonly until: number | null;
  /** `monitor`: the policy does not enforce, so this lock refuses nothing. */
  readonly cause: LockCause;
  /** The count at the failure that locked. */
  readonly failures: number;
  /** Which lockout in a row this is, from 1. */
  readonly escalation: number;
}

export interface ReplayEvent {
  readonly policy: string;
  readonly event: LockoutEvent;
}

/** What the live engine would have done with one attempt. */
export interface ReplayOutcome {
  readonly attempt: ReplayAttempt;
  /** When it was decided: `attempt.at`, or later where the log ran back. */
  readonly at: number;
  /** Null: it would have been verified, and settled by the log's outcome. */
  readonly refusal: ReplayRefusal | null;
  /** Every lock that refuses it, not only the strictest. The same objects as in {@link locks} earlier on. */
  readonly refusedBy: readonly ReplayLock[];
  /** Whether a policy counts it, or could refuse it. */
  readonly watched: boolean;
  /** Attempts that could still be verified after this one before a lock; null: refused, or nothing counts it. */
  readonly remaining: number | null;
  /** Locks that this attempt set. */
  readonly locks: readonly ReplayLock[];
  /** Everything that resulted at the keys of this attempt, ends of earlier locks included. */
  readonly events: readonly ReplayEvent[];
}

/** How addresses are read. The default takes each text as one address: right for a log of canonical addresses. */
export interface ReplayAddresses {
  /** The one spelling under which an address is counted; null: no address (the library's engine counts IPv6 by /64). */
  canonical(address: string): string | null;
  /** The network whose unknown names share one counter once it has too many; given a canonical address. */
  crowd(canonical: string): string;
  /** Whether the policy's `exempt.addresses` hold this address; given as it is in the log. */
  isExempt(policy: LockoutPolicy, address: string): boolean;
}
