import type { CounterStatus } from '../engine/lock-status.js';
import type { Method } from '../policy/policy.js';
import {
  failureSentences,
  isManual,
  type LockAuthor,
  lockRefuses,
  refusalSentences,
} from './counter-sentences.js';
import { iso } from './moment.js';
import type { Phrasebook, Sentence } from './sentence.js';

/** Why something cannot be unlocked, where the library says so; the application's `canUnlock` adds its own texts. */
export const NOT_LOCKED = 'not-locked';
export const NOT_PERMITTED = 'not-permitted';

/** What keeps the administrator from unlocking. */
export interface Bars {
  readonly reasons: readonly string[];
  readonly support?: string;
}

/** What a summary is made of. */
export interface Summarised extends Bars {
  readonly counters: readonly CounterStatus[];
  readonly authorOf: (status: CounterStatus) => LockAuthor | null;
}

/** A whole attempt, as far as it is known. */
export interface SummarisedAttempt extends Summarised {
  readonly allowed: boolean;
  readonly account: string | null;
  /** Null: whichever. */
  readonly method: Method | null;
  readonly unseen: readonly { readonly policy: string; readonly parts: readonly string[] }[];
  readonly crowded: boolean;
}

type Subject = 'account' | 'address' | 'both' | 'counter';

/** What has to come together for it to refuse. */
const partsOf = ({ scope, shared }: CounterStatus): readonly string[] =>
  shared ? ['address'] : scope.split('+');

/** The counters that refuse until some moment or until unlocked, the strictest first. */
const refusing = (counters: readonly CounterStatus[]): readonly CounterStatus[] =>
  counters.filter(({ refusal }) => refusal?.reason === 'locked').sort((a, b) => endOf(b) - endOf(a));

// Finite, so that two indefinite ones compare as equals.
const endOf = ({ refusal }: CounterStatus): number => refusal?.retryAt ?? Number.MAX_SAFE_INTEGER;

/** What refuses wherever the account is signed in to comes first: the headline speaks of it. */
const widestFirst = (refusers: readonly CounterStatus[]): readonly CounterStatus[] => [
  ...refusers.filter((one) => partsOf(one).length === 1),
  ...refusers.filter((one) => partsOf(one).length > 1),
];

/** Whether and why the account is refused, then what to do. */
export function accountSummary(book: Phrasebook, summarised: Summarised): readonly Sentence[] {
  const refusers = widestFirst(refusing(summarised.counters));
  if (refusers.length === 0) {
    return [
      book.say('summary.account.free'),
      ...riskSentences(book, summarised.counters),
      book.say('summary.account.elsewhere'),
    ];
  }
  return [
    accountHeadline(book, refusers),
    ...causeSentences(book, refusers, summarised),
    ...remedies(book, 'account', refusers, summarised),
  ];
}

/** The same for an address as such. */
export function addressSummary(book: Phrasebook, summarised: Summarised): readonly Sentence[] {
  const refusers = refusing(summarised.counters);
  if (refusers.length === 0)
    return [book.say('summary.address.free'), ...riskSentences(book, summarised.counters)];
  return [
    addressHeadline(book, refusers),
    ...causeSentences(book, refusers, summarised),
    ...remedies(book, 'address', refusers, summarised),
  ];
}

/** The same for an attempt that somebody asks about. */
export function attemptSummary(book: Phrasebook, attempt: SummarisedAttempt): readonly Sentence[] {
  const { counters, allowed, account, method, unseen, crowded } = attempt;
  const refusers = refusing(counters);
  const methods = methodsOf(refusers);
  const said = [
    allowed
      ? book.say('summary.allowed')
      : method === null && methods !== 'all' && methods.length > 0
        ? book.say('summary.refused.methods', { methods: book.methods(methods) })
        : book.say('summary.refused'),
  ];
  if (allowed) said.push(...riskSentences(book, counters));
  else if (refusers.length > 0) {
    said.push(...causeSentences(book, refusers, attempt));
    if (account !== null && refusers.every((one) => partsOf(one).includes('address')))
      said.push(book.say('summary.refused.address-only'));
    said.push(...remedies(book, subjectOf(refusers), refusers, attempt));
  } else {
    const taken = counters.find(({ refusal }) => refusal?.reason === 'exhausted');
    if (taken) said.push(...refusalSentences(book, taken, null));
  }
  if (crowded) said.push(book.say('summary.crowded'));
  if (unseen.length > 0) said.push(unseenSentence(book, unseen));
  else if (counters.every(isManual)) said.push(book.say('summary.unwatched'));
  return said;
}

function addressHeadline(book: Phrasebook, refusers: readonly CounterStatus[]): Sentence {
  if (!refusers.some(lockRefuses)) return book.say('summary.address.waits');
  const methods = methodsOf(refusers);
  return methods === 'all'
    ? book.say('summary.address.blocked')
    : book.say('summary.address.blocked.methods', { methods: book.methods(methods) });
}

function accountHeadline(book: Phrasebook, refusers: readonly CounterStatus[]): Sentence {
  if (!refusers.some(lockRefuses)) return book.say('summary.account.waits');
  const wide = refusers.filter((one) => partsOf(one).length === 1);
  if (wide.length > 0) {
    const methods = methodsOf(wide);
    return methods === 'all'
      ? book.say('summary.account.locked')
      : book.say('summary.account.locked.methods', { methods: book.methods(methods) });
  }
  const addresses = refusers.filter((one) => partsOf(one).includes('address'));
  if (addresses.length < refusers.length) return book.say('summary.account.locked.devices');
  const labels = new Set(addresses.flatMap(({ address }) => address ?? []));
  return addresses.every(({ address }) => address !== null)
    ? book.say('summary.account.locked.addresses', { addresses: book.list([...labels]) })
    : book.say('summary.account.locked.some-addresses', { count: addresses.length });
}

/** The strictest refusal in full, and how many more there are. */
function causeSentences(
  book: Phrasebook,
  refusers: readonly CounterStatus[],
  { authorOf }: Summarised,
): readonly Sentence[] {
  const [strictest, ...others] = refusers;
  if (!strictest) return [];
  const more = others.filter(lockRefuses).length;
  return [
    // What it refuses the headline says.
    ...refusalSentences(book, strictest, authorOf(strictest)).filter(
      ({ id }) => !id.startsWith('explain.refuses'),
    ),
    ...(more > 0 ? [book.say('summary.more-locks', { count: more })] : []),
  ];
}

function remedies(
  book: Phrasebook,
  subject: Subject,
  refusers: readonly CounterStatus[],
  { reasons, support }: Bars,
): readonly Sentence[] {
  const end = Math.max(...refusers.map(endOf));
  const until = refusers.some(({ refusal }) => refusal?.retryAt === null) ? null : { untilAt: iso(end) };
  const bars = reasons.filter((reason) => reason !== NOT_LOCKED);
  if (refusers.some(lockRefuses) && bars.length === 0) {
    return [until ? book.say(`summary.do.${subject}`, until) : book.say(`summary.do.${subject}.only`)];
  }
  const texts = bars.filter((reason) => reason !== NOT_PERMITTED);
  return [
    ...(bars.includes(NOT_PERMITTED) ? [book.say('summary.do.not-permitted')] : []),
    ...(texts.length > 0 ? [book.say('summary.do.ineligible', { reasons: book.list(texts) })] : []),
    ...(support === undefined ? [] : [book.say('summary.do.support', { support })]),
    ...(until ? [book.say('summary.do.wait', until)] : []),
  ];
}

/** The counter that is nearest to a lock, where somebody failed already. */
function riskSentences(book: Phrasebook, counters: readonly CounterStatus[]): readonly Sentence[] {
  const toLock = ({ nextFailure }: CounterStatus): number =>
    nextFailure?.failuresToLock ?? Number.MAX_SAFE_INTEGER;
  const [nearest] = counters
    .filter(({ mode, failures, escalation }) => mode === 'enforced' && failures + escalation > 0)
    .sort((a, b) => toLock(a) - toLock(b));
  return nearest ? failureSentences(book, nearest) : [];
}

function unseenSentence(book: Phrasebook, unseen: SummarisedAttempt['unseen']): Sentence {
  const parts = new Set(unseen.flatMap((one) => one.parts));
  return book.say('summary.unseen', {
    parts: book.parts([...parts]),
    policies: book.list(unseen.map(({ policy }) => policy)),
  });
}

/** What has to be unlocked. */
function subjectOf(refusers: readonly CounterStatus[]): Subject {
  const locked = refusers.filter(lockRefuses);
  const ofAccount = locked.some((one) => partsOf(one).includes('account'));
  const ofAddress = locked.some(
    (one) => partsOf(one).includes('address') && !partsOf(one).includes('account'),
  );
  if (ofAccount && ofAddress) return 'both';
  if (ofAccount) return 'account';
  return ofAddress ? 'address' : 'counter';
}

/** All that any of them refuses. */
function methodsOf(refusers: readonly CounterStatus[]): 'all' | readonly Method[] {
  const refused = new Set<Method>();
  for (const { refuses } of refusers) {
    if (refuses === 'all') return 'all';
    for (const method of refuses) refused.add(method);
  }
  return [...refused];
}
