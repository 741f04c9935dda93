import { expect } from '@jest/globals';
import type { House } from './app/house.js';
import type { Answer, Visitor } from './app/visitor.js';

interface Entry {
  readonly text: string;
  readonly at: number;
  readonly head: string;
  readonly method: string;
  readonly place: string | undefined;
  readonly result: string;
  readonly count: string;
}

const ENTRY =
  /^(?<time>\d+(?:\.\d+)?(?:[+-]\d+ms)?)(?<tags>(?:\s+[@#][\w.-]+)*)\s*(?<result>:\s*\S+|–|refused(?:\s[\d.]\S*|\s∞)?|ok|unlock|reset)(?:\s*(?<count>\(\d+\)))?$/;

export interface HttpTimelineOptions {
  /** What one unit of the written times is, ms. Default: a second. */
  readonly unitMs?: number;
}

/**
 * Plays a timeline over HTTP, in the notation of `assertTimeline`; 0 is now. `–` and `: 5` are wrong credentials that
 * are answered 401; after `: 5` the right one is refused until 5. `refused 5` and `ok` are right credentials. `(2)` is
 * the count that an administrator is shown.
 */
export async function playOverHttp(
  house: House,
  visitor: Visitor,
  written: string,
  { unitMs = 1000 }: HttpTimelineOptions = {},
): Promise<Visitor> {
  const play = new Play(house, visitor, unitMs);
  const entries = written
    .split(/[,\n]/)
    .flatMap((text) => (text.trim() === '' ? [] : [parse(text.trim(), unitMs)]));
  const played: string[] = [];
  for (const [index, entry] of entries.entries())
    played.push(await play.entry(entry, index === entries.length - 1));
  expect(played.join('\n')).toBe(entries.map(({ text }) => text).join('\n'));
  return play.visitor;
}

class Play {
  private readonly start: number;
  private readonly addresses = new Map<string, string>();

  constructor(
    private readonly house: House,
    public visitor: Visitor,
    private readonly unitMs: number,
  ) {
    this.start = house.clock.now();
  }

  async entry(entry: Entry, isLast: boolean): Promise<string> {
    this.house.clock.moveTo(this.start + entry.at);
    const result = await this.happen(entry, isLast);
    const count = entry.count === '' ? '' : ` (${await this.failures()})`;
    return `${entry.head}${result.startsWith(':') ? '' : ' '}${result}${count}`;
  }

  private async happen({ method, place, result }: Entry, isLast: boolean): Promise<string> {
    const visitor = place === undefined ? this.visitor : this.visitor.at({ address: this.addressOf(place) });
    switch (result.split(' ', 1)[0]) {
      case 'unlock':
        return this.unlock();
      case 'reset':
        this.visitor = await this.visitor.resetPassword(`${this.visitor.credentials.password} again`);
        return 'reset';
      case 'ok': {
        const answer = await visitor.signIn(method);
        return answer.status === 200 ? 'ok' : this.refusal(answer);
      }
      case 'refused': {
        const refusal = this.refusal(await visitor.signIn(method));
        return result === 'refused' && refusal.startsWith('refused') ? 'refused' : refusal;
      }
      default: {
        const answer = await visitor.guess(method);
        if (answer.status !== 401) return this.refusal(answer);
        // A right credential would clear the count, so that no lock was set is asked of the administrators.
        if (result === '–') return isLast && (await this.isLocked()) ? ': locked' : '–';
        const next = await visitor.signIn(method);
        return next.status === 429 ? this.refusal(next).replace('refused', ':') : `: ${next.status}`;
      }
    }
  }

  private refusal({ status, body, headers }: Answer): string {
    if (status !== 429 || body.reason !== 'locked') return `${status} ${body.reason ?? ''}`.trim();
    const until = body.retryAt === null || body.retryAt === undefined ? null : Date.parse(body.retryAt);
    const seconds = until === null ? null : String(Math.ceil((until - this.house.clock.now()) / 1000));
    if (headers.get('retry-after') !== seconds)
      return `refused with Retry-After ${headers.get('retry-after')}`;
    return `refused ${until === null ? '∞' : this.inUnits(until - this.start)}`;
  }

  private async unlock(): Promise<string> {
    const { status, body } = await this.admin('/unlock', { reason: 'asked to' });
    return status === 200 && body['changed'] === true ? 'unlock' : `unlock answered ${status}`;
  }

  private async failures(): Promise<number> {
    const { status, body } = await this.admin('');
    if (status === 404) return 0;
    const counters = body['counters'] as readonly { readonly failures: number }[];
    return Math.max(0, ...counters.map(({ failures }) => failures));
  }

  private async isLocked(): Promise<boolean> {
    const { status, body } = await this.admin('');
    return status === 404 ? false : body['locked'] === true;
  }

  private async admin(verb: string, body?: unknown): Promise<Answer> {
    const administrator = await this.house.administratorOf(this.visitor.site);
    const { account, credentials, person } = this.visitor;
    const path = `/lockout/accounts/${credentials.realm}/${encodeURIComponent(account)}${verb}${person ? '' : '?unknown=true'}`;
    return body === undefined ? administrator.get(path) : administrator.post(path, body);
  }

  private addressOf(place: string): string {
    const known = this.addresses.get(place) ?? this.house.address();
    this.addresses.set(place, known);
    return known;
  }

  private inUnits(ms: number): string {
    const units = Math.round(ms / this.unitMs);
    const rest = ms - units * this.unitMs;
    return rest === 0 ? String(units) : `${units}${rest > 0 ? '+' : ''}${rest}ms`;
  }
}

function parse(raw: string, unitMs: number): Entry {
  const text = raw.replace(/\s+/g, ' ');
  const groups = ENTRY.exec(text)?.groups;
  if (!groups) throw new Error(`Not a timeline entry: "${text}"`);
  const { time = '', tags = '', result = '', count = '' } = groups;
  const named = tags.split(' ').filter((tag) => tag !== '');
  const tag = (sign: string) => named.find((name) => name.startsWith(sign))?.slice(1);
  const [, units = '0', offset = '0'] = /^([\d.]+)(?:([+-]\d+)ms)?$/.exec(time) ?? [];
  return {
    text,
    at: Math.round(Number(units) * unitMs) + Number(offset),
    head: [time, ...named].join(' '),
    method: tag('#') ?? 'password',
    place: tag('@'),
    result,
    count,
  };
}
