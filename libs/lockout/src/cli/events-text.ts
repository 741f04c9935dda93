import type { EventView } from '../admin/event-view.js';
import { type Cell, drawnTable } from './drawn-table.js';
import type { Paint, Tone } from './paint.js';
import { endText, timeText } from './time-text.js';

const TONES: Readonly<Record<string, Tone>> = { locked: 'locked', unlocked: 'free', cleared: 'free' };

/** The record of events, latest first. @param named with the account of each. */
export function eventsText(events: readonly EventView[], now: number, paint: Paint, named = true): string {
  const rows = events.map((event): readonly Cell[] => [
    timeText(event.at, now),
    { text: event.type, tone: TONES[event.type] ?? 'plain' },
    named ? event.account : null,
    event.realm === 'default' ? null : event.realm,
    event.address,
    event.policy,
    factsText(event, now),
  ]);
  return drawnTable(['when', 'what', 'account', 'realm', 'address', 'policy', 'facts'], rows, paint);
}

/** What is worth a line of the facts of each type; all of them are in the JSON. */
function factsText(event: EventView, now: number): string {
  const fact = (name: string): string | null => {
    const value = event[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const by = fact('by') === null ? null : `by ${fact('by')}: ${fact('reason') ?? ''}`;
  const failures = fact('failures') === null ? null : `${fact('failures')} failures`;
  switch (event.type) {
    case 'locked': {
      const until = fact('until');
      const end = until === null ? endText(null, now) : `until ${endText(until, now)}`;
      const change = fact('change');
      const again = change === 'relocked' || change === 'escalated' ? change : null;
      return [end, fact('cause') === 'failures' ? failures : fact('cause'), again, by]
        .filter(Boolean)
        .join(', ');
    }
    case 'unlocked':
      return [`via ${fact('via') ?? '?'}`, by].filter(Boolean).join(', ');
    case 'cleared':
      return [`via ${fact('via') ?? '?'}`, by].filter(Boolean).join(', ');
    case 'policy-changed': {
      const brand = fact('brand');
      const what = event['deleted'] === true ? 'taken back to code' : 'saved';
      return [brand === null ? null : `brand ${brand}`, `version ${fact('version') ?? '?'} ${what}`, by]
        .filter(Boolean)
        .join(', ');
    }
    case 'administered':
      return [`${fact('action') ?? '?'} (${fact('count') ?? '?'})`, by].filter(Boolean).join(', ');
    case 'failed':
    case 'refund-refused':
    case 'succeeded-after-failures':
      return failures ?? '';
    default:
      return '';
  }
}
