import type { EventQuery, RecordedEvent } from '../store/audit-log.js';
import { integer } from '../store/codec.js';
import { bytesOf } from './redis-answer.js';
import { subjectBytes } from './stored-record.js';

/** Positions are written with as many digits, so that their order is that of the text. */
const DIGITS = 16;

/** Beyond every position, and one that can still be written. */
export const LAST_POSITION = Number.MAX_SAFE_INTEGER;

/** Microseconds in the milliseconds that events are dated by. */
export const MICROSECONDS = 1_000;

/** The position of an event, see `event-scripts.ts`, as scripts take it. */
export function positionText(position: number): string {
  return String(position).padStart(DIGITS, '0');
}

/** The reverse of {@link positionText}, of a script's answer. */
export function positionOf(answer: unknown): number {
  return integer('position', String(bytesOf(answer)));
}

/** Entries of the trail, given what they begin with. */
export function trailEntries(kinds: readonly Buffer[], position: string): Buffer[] {
  return kinds.map((kind) => Buffer.concat([kind, Buffer.from(position)]));
}

/** What an event's entries in the trail begin with, but for those that say where it is. */
export function trailsOf({ event, facts }: RecordedEvent): Buffer[] {
  return trailsAsked({
    type: event.type,
    ...(facts.accountHash !== null && { account: facts.accountHash }),
    ...(facts.addressHash !== null && { address: facts.addressHash }),
  });
}

/** What every entry begins with that an event can have. */
export function allTrailsOf(recorded: RecordedEvent): Buffer[] {
  return [...trailsOf(recorded), IN_ROWS, lateTrail(recorded.event.at)];
}

/** Of an event that is in `rows`. */
export const IN_ROWS = Buffer.from('x');

/** Of an event that was recorded late. */
export const lateTrail = (at: number): Buffer => Buffer.from(`o${String(at).padStart(DIGITS, '0')}`);

/** By what a query's events are found: the narrowest first. */
export function trailsAsked({
  account,
  address,
  type,
}: Pick<EventQuery, 'account' | 'address' | 'type'>): Buffer[] {
  return [
    ...(account === undefined ? [] : [Buffer.concat([Buffer.from('a'), subjectBytes(account)])]),
    ...(address === undefined ? [] : [Buffer.concat([Buffer.from('d'), subjectBytes(address)])]),
    ...(type === undefined ? [] : [Buffer.from(`t${type}\0`)]),
  ];
}
