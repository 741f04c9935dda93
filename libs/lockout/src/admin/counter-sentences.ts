import type { CounterStatus } from '../engine/lock-status.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { iso } from './moment.js';
import type { Phrasebook, Sentence } from './sentence.js';

/** Who set a lock by hand, and why. */
export interface LockAuthor {
  readonly by: string;
  readonly reason: string;
}

/** What is said of a counter besides its numbers. */
export interface CounterContext {
  /** Null: not known, or no lock by hand. */
  readonly author: LockAuthor | null;
}

export const isManual = ({ counter }: CounterStatus): boolean => counter === MANUAL_POLICY.counter;

/** The policy's name; of a policy that is no longer configured, its counter. */
export const nameOf = ({ policy, counter }: CounterStatus): string => policy ?? counter;

/** Whether its lock refuses anybody: monitor locks, and those of policies that are off, do not. */
export const lockRefuses = ({ lock, mode }: CounterStatus): boolean =>
  lock !== null && lock.cause !== 'monitor' && mode === 'enforced';

/** Everything about one counter, for whoever was called at night: what it refuses, what counts, what comes next. */
export function counterSentences(
  book: Phrasebook,
  status: CounterStatus,
  { author }: CounterContext,
): readonly Sentence[] {
  return [
    ...refusalSentences(book, status, author),
    ...whereSentences(book, status),
    ...countSentences(book, status),
    ...failureSentences(book, status),
    ...clearingSentences(book, status),
  ];
}

/** Who refuses what until when; empty: nobody. */
export function refusalSentences(
  book: Phrasebook,
  status: CounterStatus,
  author: LockAuthor | null,
): readonly Sentence[] {
  const { refusal, refuses } = status;
  const policy = nameOf(status);
  const said = status.lock ? [lockSentence(book, status, status.lock)] : [];
  if (author) said.push(book.say('explain.locked.by-hand.why', { ...author }));
  if (lockRefuses(status)) {
    said.push(
      refuses === 'all'
        ? book.say('explain.refuses.all')
        : book.say('explain.refuses.methods', { methods: book.methods(refuses) }),
    );
  }
  if (refusal?.cause === 'pause' && refusal.retryAt !== null)
    said.push(book.say('explain.pause', { policy, untilAt: iso(refusal.retryAt) }));
  if (refusal?.reason === 'exhausted') said.push(book.say('explain.exhausted', { policy }));
  return said;
}

function lockSentence(
  book: Phrasebook,
  status: CounterStatus,
  { since, until, cause }: NonNullable<CounterStatus['lock']>,
): Sentence {
  const policy = nameOf(status);
  const sinceAt = iso(since);
  const { failures, mode } = status;
  if (isManual(status)) {
    return until === null
      ? book.say('explain.locked.by-hand.indefinitely', { sinceAt })
      : book.say('explain.locked.by-hand', { sinceAt, untilAt: iso(until) });
  }
  if (mode === 'orphan') return book.say('explain.locked.orphan', { policy, sinceAt });
  if (cause === 'monitor') {
    return until === null
      ? book.say('explain.locked.monitor.indefinitely', { policy, sinceAt })
      : book.say('explain.locked.monitor', { policy, sinceAt, untilAt: iso(until) });
  }
  if (mode !== 'enforced') return book.say('explain.locked.idle', { policy, sinceAt });
  if (until === null) return book.say('explain.locked.indefinitely', { policy, sinceAt, failures });
  const values = { policy, sinceAt, untilAt: iso(until) };
  return cause === 'quick'
    ? book.say('explain.locked.quick', values)
    : book.say('explain.locked', { ...values, failures });
}

function whereSentences(book: Phrasebook, { scope, address, shared }: CounterStatus): readonly Sentence[] {
  if (shared) return [book.say('explain.where.shared')];
  switch (scope) {
    case 'account':
      return [];
    case 'address':
      return [book.say('explain.where.address')];
    case 'account+device':
      return [book.say('explain.where.account-device')];
    case 'account+address':
      return address === null
        ? [book.say('explain.where.account-one-address')]
        : [book.say('explain.where.account-address', { address })];
    default:
      return [book.say('explain.where.parts', { parts: book.parts(scope.split('+')) })];
  }
}

function countSentences(book: Phrasebook, status: CounterStatus): readonly Sentence[] {
  const { failures, escalation, inFlight, lastFailureAt, lock, mode } = status;
  const policy = nameOf(status);
  const said: Sentence[] = [];
  // A lock tells its failures itself.
  if (!lock && failures > 0 && lastFailureAt !== null)
    said.push(book.say('explain.count', { policy, failures, lastAt: iso(lastFailureAt) }));
  if (!lock && failures === 0 && !isManual(status)) said.push(book.say('explain.count.none', { policy }));
  if (escalation > (lock ? 1 : 0)) said.push(book.say('explain.escalation', { lockouts: escalation }));
  if (inFlight > 0) said.push(book.say('explain.in-flight', { attempts: inFlight }));
  if (mode === 'off' && !lock) said.push(book.say('explain.off', { policy }));
  if (mode === 'orphan' && !lock) said.push(book.say('explain.orphan', { policy }));
  return said;
}

/** What the next failure does, now or once what refuses is over. */
export function failureSentences(book: Phrasebook, status: CounterStatus): readonly Sentence[] {
  const { mode, nextFailure, afterEnd, lock } = status;
  const policy = nameOf(status);
  if (mode === 'monitor') return lock ? [] : [book.say('explain.watches', { policy })];
  const next = nextFailure ?? afterEnd;
  if (!next) return [];
  const { locks, lockMs, failuresToLock } = next;
  const when = nextFailure ? 'explain.failure' : 'explain.failure.later';
  if (locks) {
    return lockMs === null
      ? [book.say(`${when}.locks.indefinitely`, { policy })]
      : [book.say(`${when}.locks`, { policy, lockFor: book.duration(lockMs) })];
  }
  return failuresToLock === null ? [] : [book.say(`${when}.more`, { policy, failures: failuresToLock })];
}

/** What clears it: a success, an unlock, a password reset, time. */
function clearingSentences(book: Phrasebook, status: CounterStatus): readonly Sentence[] {
  const { failures, escalation, lock, inFlight, forgets, forgottenAt, resetClears } = status;
  if (lock) {
    if (!lockRefuses(status)) return [];
    const reset = book.say(resetClears ? 'explain.reset.clears' : 'explain.reset.keeps');
    return isManual(status) ? [reset] : [unlockSentence(book, status), reset];
  }
  const said: Sentence[] = [];
  if (failures > 0 || escalation > 0) said.push(...successSentences(book, status));
  if (failures > 0) {
    if (forgottenAt !== null) {
      const id = forgets === 'one-by-one' ? 'explain.forgotten.one-by-one' : 'explain.forgotten';
      said.push(book.say(id, { forgottenAt: iso(forgottenAt) }));
    } else if (inFlight === 0) said.push(book.say('explain.forgotten.never'));
  }
  return said;
}

function unlockSentence(book: Phrasebook, { unlockKeeps }: CounterStatus): Sentence {
  if (unlockKeeps?.count) return book.say('explain.unlock.keeps-count');
  return book.say(unlockKeeps?.escalation ? 'explain.unlock.keeps-escalation' : 'explain.unlock.clears');
}

function successSentences(
  book: Phrasebook,
  { successLeaves, onSuccess }: CounterStatus,
): readonly Sentence[] {
  if (!successLeaves) return [];
  if (successLeaves.failures === 0 && successLeaves.escalation === 0)
    return [book.say('explain.success.clears')];
  return [
    book.say(onSuccess === 'clear-own-address' ? 'explain.success.own-address' : 'explain.success.keeps'),
  ];
}
