import type { LockoutEvent } from 'nestjs-lockout';

/** When {@link numbered} events happened, epoch ms: the `n`-th so many later. */
export const LONG_AGO = 1_000;

/** Something recorded, or to be delivered. */
export interface Happened {
  readonly event: LockoutEvent;
}

/** An event that tells its place. */
export const numbered = (n: number): LockoutEvent => ({ type: 'failed', at: LONG_AGO + n, failures: n });

/** The place; of any other event -1. */
export const numberOf = ({ event }: Happened): number => (event.type === 'failed' ? event.failures : -1);
