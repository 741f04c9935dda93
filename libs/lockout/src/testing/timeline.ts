import { seconds } from '../policy/duration.js';
import type { LockoutEvent } from '../policy/event.js';
import type { LockoutPolicy, Method } from '../policy/policy.js';
import { EMPTY_STATE, type LockoutState } from '../policy/state.js';
import { transition } from '../policy/transition.js';
import { remember } from '../policy/window.js';

export interface TimelineOptions {
  /** What one unit of the written times is. Default: a second. */
  readonly unitMs?: number;
  /** Method of attempts that name none. Default `password`. */
  readonly method?: Method;
  /** State to go on from. Default: a key without a record. */
  readonly state?: LockoutState;
}

export interface PlayedTimeline {
  /** The timeline as it was written, one entry a line, spaces normalised. */
  readonly written: string;
  /** What really happened, in the same notation: equal to `written` iff the policy does what is written. */
  readonly played: string;
  readonly state: LockoutState;
  readonly events: readonly LockoutEvent[];
}

interface Entry {
  readonly at: number;
  readonly method: Method;
  readonly from: string | undefined;
  readonly head: string;
  readonly result: string;
  readonly action: 'fail' | 'ok' | 'partial' | 'abandon' | 'unlock' | 'reset' | 'tick' | 'complete';
  /** Whether the count after the entry is written, as `(2)`. */
  readonly counted: boolean;
}

const ENTRY =
  /^(?<time>\d+(?:\.\d+)?(?:[+-]\d+ms)?)(?<tags>(?:\s+[@#][\w.-]+)*)\s*(?<result>:\s*\S+|–|refused(?:\s[\d.]\S*|\s∞)?|exhausted|ok|partial|abandon|unlock|reset|tick|complete)(?:\s*(?<count>\(\d+\)))?$/;

const toMs = (time: string, unitMs: number): number => {
  const [, units = '0', offset = '0'] = /^([\d.]+)(?:([+-]\d+)ms)?$/.exec(time) ?? [];
  return Math.round(Number(units) * unitMs) + Number(offset);
};

/** `until` in units, with what is left over in milliseconds; ∞ for until unlocked. */
function inUnits(ms: number | null, unitMs: number): string {
  if (ms === null) return '∞';
  const units = Math.round(ms / unitMs);
  const rest = ms - units * unitMs;
  return rest === 0 ? String(units) : `${units}${rest > 0 ? '+' : ''}${rest}ms`;
}

function parse(text: string, options: TimelineOptions): Entry {
  const groups = ENTRY.exec(text)?.groups;
  if (!groups) throw new Error(`Not a timeline entry: "${text}"`);
  const { time = '', tags = '', result = '', count } = groups;
  const named = tags.split(/\s+/).filter((tag) => tag !== '');
  const tag = (sign: string) => named.find((name) => name.startsWith(sign))?.slice(1);
  const isFailure = /^(:|–|refused|exhausted)/.test(result);
  return {
    at: toMs(time, options.unitMs ?? seconds(1)),
    method: tag('#') ?? options.method ?? 'password',
    from: tag('@'),
    head: [time, ...named].join(' '),
    result: result.replace(/^:\s*/, ': '),
    action: isFailure ? 'fail' : (result as Entry['action']),
    counted: count !== undefined,
  };
}

const join = (head: string, result: string, count: string): string =>
  `${head}${result.startsWith(':') ? '' : ' '}${result}${count}`;

/**
 * Plays a timeline against a policy. Entries are separated by commas or lines; times are in units, `60-1ms` is a
 * millisecond before 60. An entry says when, who, and what comes of it:
 *
 * - `0 –` a failure that does not lock; `2: 32` one that locks until 32; `2: ∞` until unlocked
 * - `3 refused` an attempt that a lock refuses, `3 refused 32` until 32; `3 exhausted`
 * - `4 ok` a success that signs in, `4 partial` a first factor, `4 abandon` a fault of ours
 * - `5 unlock`, `5 reset` (a completed password reset), `5 complete`, `5 tick`
 * - tags after the time: `0 @A #otp –` is a one-time code from address A; `(2)` at the end is the count that stands
 *
 * @throws Error for an entry it cannot read.
 */
export function playTimeline(
  policy: LockoutPolicy,
  text: string,
  options: TimelineOptions = {},
): PlayedTimeline {
  const unitMs = options.unitMs ?? seconds(1);
  const actor = { by: 'administrator', reason: 'asked to' };
  const events: LockoutEvent[] = [];
  const written: string[] = [];
  const played: string[] = [];
  let state: LockoutState = options.state ?? EMPTY_STATE;

  const apply = (input: Parameters<typeof transition>[2], at: number) => {
    const next = transition(policy, state, input, at);
    state = next.state;
    events.push(...next.events);
    return next;
  };

  const attempt = (entry: Entry, id: string): string => {
    const { at, method } = entry;
    const from = entry.from === undefined ? {} : { from: entry.from };
    const { decision } = apply({ type: 'charge', id, method, ...from }, at);
    if (decision && !decision.allowed) {
      if (decision.reason === 'exhausted') return 'exhausted';
      return entry.result === 'refused' ? 'refused' : `refused ${inUnits(decision.retryAt, unitMs)}`;
    }
    const seq = decision?.allowed ? decision.seq : 0;
    if (entry.action === 'ok' || entry.action === 'partial') {
      const settled = apply(
        { type: 'succeed', id, method, seq, final: entry.action === 'ok', ...from },
        at,
      ).decision;
      return settled?.allowed ? entry.action : 'refused';
    }
    const settled = apply({ type: entry.action === 'abandon' ? 'abandon' : 'fail', id }, at);
    const lock = settled.events.find((event) => event.type === 'locked');
    if (lock) return `: ${inUnits(lock.until, unitMs)}`;
    return entry.action === 'abandon' ? 'abandon' : '–';
  };

  const happen = (entry: Entry, id: string): string => {
    switch (entry.action) {
      case 'unlock':
        apply({ type: 'unlock', via: 'admin', actor }, entry.at);
        return entry.action;
      case 'reset':
        apply({ type: 'reset-password', actor, manualLock: false }, entry.at);
        return entry.action;
      case 'tick':
        apply({ type: 'tick' }, entry.at);
        return entry.action;
      case 'complete': {
        const from = entry.from === undefined ? {} : { from: entry.from };
        apply({ type: 'complete', method: entry.method, ...from }, entry.at);
        return entry.action;
      }
      default:
        return attempt(entry, id);
    }
  };

  for (const [index, raw] of text.split(/[,\n]/).entries()) {
    const trimmed = raw.trim().replace(/\s+/g, ' ');
    if (trimmed === '') continue;
    const entry = parse(trimmed, options);
    const result = happen(entry, `attempt-${index}`);
    const count = entry.counted ? ` (${remember(policy, state, entry.at).failures})` : '';
    written.push(
      join(
        entry.head,
        entry.result,
        /\(\d+\)$/.exec(trimmed) ? ` ${trimmed.slice(trimmed.indexOf('('))}` : '',
      ),
    );
    played.push(join(entry.head, result, count));
  }
  return { written: written.join('\n'), played: played.join('\n'), state, events };
}

/**
 * {@link playTimeline} for tests of any runner.
 *
 * @throws Error that shows both sides, if anything happened otherwise than written.
 */
export function assertTimeline(
  policy: LockoutPolicy,
  text: string,
  options: TimelineOptions = {},
): PlayedTimeline {
  const timeline = playTimeline(policy, text, options);
  if (timeline.played === timeline.written) return timeline;
  const played = timeline.played.split('\n');
  const lines = timeline.written
    .split('\n')
    .map((line, index) => (line === played[index] ? `  ${line}` : `! ${line}   but: ${played[index]}`));
  throw new Error(`Policy "${policy.name}" does not keep the timeline:\n${lines.join('\n')}`);
}
