import type { EventView } from 'nestjs-lockout/admin';
import type { Wording } from '../pages/wording.js';

/** A recorded event, as it is told. */
export interface EventWords {
  /** What happened, in one sentence. */
  readonly headline: string;
  readonly tone: 'danger' | 'success' | 'neutral' | 'warning';
  /** Why somebody did it, in his words; null: nobody did, or nobody said. */
  readonly reason: string | null;
  /** What stood before, and where it came from: what is known. */
  readonly details: readonly string[];
}

const id = (name: string): string => `console.event.${name}`;

/** Facts come from the server; a release that sends other ones shows less, and breaks nothing. */
const textAt = (event: object, name: string): string | null => {
  const value: unknown = Reflect.get(event, name);
  return typeof value === 'string' && value !== '' ? value : null;
};

const numberAt = (event: object, name: string): number => {
  const value: unknown = Reflect.get(event, name);
  return typeof value === 'number' ? value : 0;
};

const objectAt = (event: object, name: string): object | null => {
  const value: unknown = Reflect.get(event, name);
  return typeof value === 'object' ? value : null;
};

/** `until 12:05 (for 5 minutes)`, in the sentence that goes before. */
function lengthOf(since: string, until: string | null, { moment, duration }: Wording) {
  if (until === null) return { ends: 'no', until: '', duration: '' };
  return {
    ends: 'yes',
    until: moment(until),
    duration: duration(Math.max(0, Date.parse(until) - Date.parse(since))),
  };
}

function lockedWords(event: EventView, wording: Wording): EventWords {
  const cause = textAt(event, 'cause') ?? 'failures';
  const values = {
    cause,
    failures: numberAt(event, 'failures'),
    by: textAt(event, 'by') ?? '',
    ...lengthOf(event.at, textAt(event, 'until'), wording),
  };
  const escalation = numberAt(event, 'escalation');
  return {
    headline: wording.text(id('locked'), values),
    tone: cause === 'monitor' ? 'warning' : 'danger',
    reason: textAt(event, 'reason'),
    details: [
      ...(cause === 'failures' && escalation > 1 ? [wording.text(id('in-a-row'), { escalation })] : []),
      ...changeWords(event, wording),
      ...originWords(event, wording),
    ],
  };
}

/** What it was to the lock before; nothing where the headline says it. */
function changeWords(event: EventView, { text }: Wording): readonly string[] {
  const change = textAt(event, 'change');
  return change === 'relocked' || change === 'escalated' ? [text(id(`change.${change}`))] : [];
}

function unlockedWords(event: EventView, wording: Wording): EventWords {
  // A name in a template's choice has no hyphen.
  const via = (textAt(event, 'via') ?? 'admin').replaceAll('-', '_');
  const values = { via, by: textAt(event, 'by') ?? '' };
  return {
    headline: wording.text(id('unlocked'), values),
    tone: 'success',
    reason: textAt(event, 'reason'),
    details: beforeWords(event, wording),
  };
}

/** What stood before. */
function beforeWords(event: EventView, wording: Wording): readonly string[] {
  const before = objectAt(event, 'before');
  if (!before) return [];
  const failures = numberAt(before, 'failures');
  const since = textAt(before, 'since');
  if (!since) return [wording.text(id('before.counted'), { failures })];
  const length = lengthOf(since, textAt(before, 'until'), wording);
  const cause = textAt(before, 'cause') ?? '';
  return [wording.text(id('before.locked'), { ...length, failures, cause, since: wording.moment(since) })];
}

function clearedWords(event: EventView, wording: Wording): EventWords {
  const via = (textAt(event, 'via') ?? 'success').replaceAll('-', '_');
  const before = objectAt(event, 'before');
  const failures = before ? numberAt(before, 'failures') : 0;
  const inARow = numberAt(event, 'consecutive');
  const left = objectAt(event, 'left');
  return {
    headline: wording.text(id('cleared'), { via, by: textAt(event, 'by') ?? '', failures }),
    tone: 'success',
    reason: textAt(event, 'reason'),
    details: [
      ...(inARow > failures ? [wording.text(id('cleared.in-a-row'), { failures: inARow })] : []),
      ...(left ? [wording.text(id('cleared.left'), { failures: numberAt(left, 'failures') })] : []),
      ...originWords(event, wording),
    ],
  };
}

function policyChangedWords(event: EventView, { text }: Wording): EventWords {
  const brand = textAt(event, 'brand');
  return {
    headline: text(id('policy-changed'), {
      policy: event.policy,
      branded: brand === null ? 'no' : 'yes',
      brand: brand ?? '',
      deleted: event['deleted'] === true ? 'yes' : 'no',
      by: textAt(event, 'by') ?? '',
      version: numberAt(event, 'version'),
    }),
    tone: 'neutral',
    reason: textAt(event, 'reason'),
    details: [],
  };
}

function administeredWords(event: EventView, { text }: Wording): EventWords {
  const action = (textAt(event, 'action') ?? '').replaceAll('-', '_');
  return {
    headline: text(id('administered'), {
      action,
      by: textAt(event, 'by') ?? '',
      count: numberAt(event, 'count'),
    }),
    tone: 'neutral',
    reason: textAt(event, 'reason'),
    details: [],
  };
}

/** Which attempt failed and where it came from; kept only where the application keeps labels. */
function originWords(event: EventView, { text, moment }: Wording): readonly string[] {
  const origin = objectAt(event, 'origin');
  const previous = textAt(event, 'previousFailureAt');
  const account = origin && textAt(origin, 'account');
  const address = origin && textAt(origin, 'address');
  const device = origin && textAt(origin, 'device');
  const agent = origin && textAt(origin, 'userAgent');
  const all: readonly (string | false)[] = [
    account !== null && account !== event.account && text(id('origin.account'), { account }),
    address !== null && address !== event.address && text(id('origin.address'), { address }),
    device !== null && text(id('origin.device'), { device }),
    agent !== null && text(id('origin.agent'), { agent }),
    previous !== null && text(id('previous'), { at: moment(previous) }),
  ];
  return all.filter((words) => words !== false);
}

/** An event in words. */
export function eventWords(event: EventView, wording: Wording): EventWords {
  const failures = numberAt(event, 'failures');
  const { text } = wording;
  switch (event.type) {
    case 'locked':
      return lockedWords(event, wording);
    case 'unlocked':
      return unlockedWords(event, wording);
    case 'expired':
      return { headline: text(id('expired')), tone: 'neutral', reason: null, details: [] };
    case 'failed':
      return {
        headline: text(id('failed'), { failures }),
        tone: 'neutral',
        reason: null,
        details: originWords(event, wording),
      };
    case 'refund-refused':
      return {
        headline: text(id('refund-refused'), { failures }),
        tone: 'warning',
        reason: null,
        details: [],
      };
    case 'cleared':
      return clearedWords(event, wording);
    case 'succeeded-after-failures':
      return {
        headline: text(id('succeeded-after-failures'), { failures }),
        tone: 'warning',
        reason: null,
        details: originWords(event, wording),
      };
    case 'policy-changed':
      return policyChangedWords(event, wording);
    case 'administered':
      return administeredWords(event, wording);
    default:
      return event.type satisfies never;
  }
}
