import type { AccountDetail, AccountItem, AddressItem } from '../admin/account-view.js';
import type { AddressDetail } from '../admin/address-view.js';
import type { EventView } from '../admin/event-view.js';
import type { CounterView } from '../admin/lock-view.js';
import { type Cell, drawnTable } from './drawn-table.js';
import { eventsText } from './events-text.js';
import { durationText } from './moment-text.js';
import type { Paint } from './paint.js';
import { printable } from './printable.js';
import { endText, timeText } from './time-text.js';

const DEFAULT_REALM = 'default';
/** Longest sentence. */
const MAX_SENTENCE = 2000;
/** Sentences that say that nothing is locked. */
const FREE = /^summary\.\w+\.free$/;

type Item = AccountItem | AddressItem;
type Detail = AccountDetail | AddressDetail;

/** How an account or address is called: by its name, or where none is kept by its id. */
export function subjectName(item: Item): string {
  const name = 'account' in item ? item.account : item.address;
  return name ?? item.id;
}

/** The same in a sentence, with its realm where there are several. */
const fullName = (item: Item): string =>
  `${printable(subjectName(item), 120)}${item.realm === DEFAULT_REALM ? '' : ` (${printable(item.realm)})`}`;

/** A list of accounts or addresses: a row for each lock. */
export function subjectsText(
  of: 'account' | 'address',
  items: readonly Item[],
  now: number,
  paint: Paint,
): string {
  const rows = items.flatMap((item): readonly (readonly Cell[])[] => {
    const realm = item.realm === DEFAULT_REALM ? null : item.realm;
    const reasons = item.reasons.filter((reason) => reason !== 'not-locked');
    const first: readonly Cell[] = [{ text: subjectName(item), tone: 'strong' }, realm];
    const none: readonly Cell[] = [null, null];
    if (item.locks.length === 0) return [[...first, { text: 'not locked', tone: 'free' }]];
    return item.locks.map((lock, index) => [
      ...(index === 0 ? first : none),
      { text: endText(lock.until, now), tone: 'locked' },
      timeText(lock.since, now),
      lock.policy,
      of === 'account' ? lock.address : null,
      lock.cause === 'failures' ? lock.failures : lock.cause,
      index === 0 ? reasons.join(', ') : null,
    ]);
  });
  const head = [of, 'realm', 'locked until', 'since', 'policy', 'address', 'failures', 'cannot be unlocked'];
  return drawnTable(head, rows, paint);
}

/** Everything about one account or address. */
export function detailText(detail: Detail, paint: Paint): string {
  const now = Date.parse(detail.now);
  const parts = [headOf(detail, paint).join('\n'), countersText(detail.counters, now, paint)];
  if (detail.events.length > 0)
    parts.push(`Latest events\n${eventsText(detail.events as readonly EventView[], now, paint, false)}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Whether it is locked, and why. */
function headOf(detail: Detail, paint: Paint): readonly string[] {
  const name = fullName(detail);
  if (!detail.locked) return [paint('free', `${name} is not locked.`), ...summaryOf(detail)];
  // Who has not the policy of a counter cannot say that nobody is refused.
  if (detail.summary.some(({ id }) => FREE.test(id)))
    return [paint('locked', `${name} is locked by a counter that no policy known here reads.`)];
  return [paint('locked', `${name} is locked.`), ...summaryOf(detail)];
}

/** The sentences of the server, each a line. */
export function summaryOf({ summary }: Pick<Detail, 'summary'>): readonly string[] {
  return summary.map(({ text }) => printable(text, MAX_SENTENCE));
}

/** Counters, those that lock first. */
export function countersText(counters: readonly CounterView[], now: number, paint: Paint): string {
  if (counters.length === 0) return '';
  const rows = counters
    .toSorted((a, b) => Number(b.lock !== null) - Number(a.lock !== null))
    .map((counter): readonly Cell[] => [
      counter.policy,
      counter.scope,
      counter.address,
      counter.lock ? { text: endText(counter.lock.until, now), tone: 'locked' } : null,
      counter.lock ? counter.lock.cause : null,
      counter.failures,
      timeText(counter.lastFailureAt, now),
      nextFailureText(counter),
    ]);
  const head = [
    'policy',
    'counts by',
    'address',
    'locked until',
    'cause',
    'failures',
    'last failure',
    'next failure',
  ];
  return drawnTable(head, rows, paint);
}

function nextFailureText({ nextFailure }: CounterView): string | null {
  if (nextFailure === null) return null;
  if (!nextFailure.locks) return 'counts';
  return nextFailure.lockMs === null
    ? 'locks until unlocked'
    : `locks for ${durationText(nextFailure.lockMs)}`;
}
