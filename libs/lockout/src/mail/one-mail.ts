import type { SubjectHash } from '../key/key.js';
import type { Delivery } from '../notify/sink.js';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';
import type { AuditLog, RecordedEvent } from '../store/audit-log.js';
import type { Page } from '../store/directory.js';
import type { RecordFacts } from '../store/record.js';
import type { MailedEvent } from './mail-kind.js';

/** Events of one failure are this close together: what could not be written at once is a presumed failure after it. ms */
const ATTEMPT_SPAN_MS = 120_000;
/** Locks of one account that are lifted together, or end together, do so within this, ms. */
const TOGETHER_MS = 5_000;
const PAGE = 100;
/** Pages that are read at most; an account with more events in so short a time gets a mail too many rather than none. */
const MAX_PAGES = 10;

/** Where other events of the same are looked for, and which of them count. */
export interface Kin {
  readonly log: Pick<AuditLog, 'list'>;
  /** The event, if a mail would be sent about it: nothing else can stand for others. */
  readonly told: (event: LockoutEvent, facts: RecordFacts) => MailedEvent | null;
  /** Whether a mail about the event of this id was sent to the same recipient, or may have been. */
  readonly isMailed: (id: string) => Promise<boolean>;
}

type Told = Pick<RecordedEvent, 'id' | 'key'> & { readonly event: MailedEvent };

/**
 * Whether this event carries the mail. Several policies tell of one failure, each by an event of its own; one unlock lifts
 * the locks of several records. The record itself says which of them counts, so that every process and every repeat comes
 * to the same answer: of one failure the event of most weight, of what was lifted or ended together the last, for until
 * then something else locks the account. Where an earlier one was mailed, because the last was not recorded yet, it is that.
 */
export async function carriesMail({ id, key, event, facts }: Delivery, kin: Kin): Promise<boolean> {
  const mailed = kin.told(event, facts);
  if (mailed === null || facts.accountHash === null) return false;
  const own: Told = { id, key, event: mailed };
  if (endsLock(mailed)) {
    if (await kin.isMailed(id)) return true;
    const others = await eventsOf(facts.accountHash, mailed.at - TOGETHER_MS, kin, mailed.type);
    const alike = others.filter((other) => isAlike(other, own));
    if (alike.some((other) => isEarlier(own, other))) return false;
    const mailedBefore = await Promise.all(alike.map((other) => kin.isMailed(other.id)));
    return !mailedBefore.includes(true);
  }
  const others = await eventsOf(facts.accountHash, mailed.at - ATTEMPT_SPAN_MS, kin);
  return !others.some((other) => isOfSameAttempt(other, own) && isHeavier(other, own));
}

/** Whether it is told of what ended, and not of an attempt. */
export const endsLock = (event: MailedEvent): boolean =>
  event.type === 'unlocked' || event.type === 'expired';

/** The account's events from then on that a mail would be sent about. */
async function eventsOf(
  account: SubjectHash,
  from: number,
  { log, told }: Kin,
  type?: LockoutEventType,
): Promise<readonly Told[]> {
  const found: Told[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { items, nextCursor }: Page<RecordedEvent> = await log.list({
      account,
      limit: PAGE,
      ...(type === undefined ? {} : { type }),
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { id, key, event, facts } of items) {
      const mailed = told(event, facts);
      if (mailed !== null && mailed.at >= from) found.push({ id, key, event: mailed });
    }
    if (nextCursor === null || items.some(({ event }) => event.at < from)) break;
    cursor = nextCursor;
  }
  return found;
}

const attemptOf = (event: LockoutEvent): string | undefined =>
  'origin' in event ? event.origin?.attempt : undefined;

/**
 * By the attempt's id. Without one (nobody settled it, or a sign-in of several factors was completed) events of several
 * records at one time are of one.
 */
function isOfSameAttempt(other: Told, own: Told): boolean {
  const attempt = attemptOf(own.event);
  if (attemptOf(other.event) !== attempt || endsLock(other.event)) return false;
  if (attempt !== undefined) return true;
  const isSignIn = ({ event }: Told): boolean => event.type === 'succeeded-after-failures';
  return isSignIn(other) === isSignIn(own) && isTogether(other, own);
}

/** At two records within a moment. */
const isTogether = (other: Told, own: Told): boolean =>
  other.key !== own.key && Math.abs(other.event.at - own.event.at) <= TOGETHER_MS;

/** A lock weighs more than a failure, a longer lock more than a shorter one, more failures more than fewer. */
function weightOf(event: MailedEvent): readonly [number, number] {
  if (event.type === 'locked') return [2, event.until ?? Number.POSITIVE_INFINITY];
  return [1, 'failures' in event ? event.failures : 0];
}

function isHeavier(other: Told, own: Told): boolean {
  const [kind, amount] = weightOf(other.event);
  const [ownKind, ownAmount] = weightOf(own.event);
  if (kind !== ownKind) return kind > ownKind;
  return amount === ownAmount ? other.id < own.id : amount > ownAmount;
}

const isEarlier = (other: Told, own: Told): boolean =>
  other.event.at === own.event.at ? other.id < own.id : other.event.at < own.event.at;

/** Lifted in the same way, or both over by themselves. */
const isAlike = (other: Told, own: Told): boolean =>
  isTogether(other, own) &&
  (other.event.type !== 'unlocked' || own.event.type !== 'unlocked' || other.event.via === own.event.via);
