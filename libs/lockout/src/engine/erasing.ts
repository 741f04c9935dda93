import type { LockoutKey, SubjectHash } from '../key/key.js';
import type { Actor } from '../policy/input.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { EMPTY_STATE } from '../policy/state.js';
import { transition } from '../policy/transition.js';
import type { AuditLog, Erasure } from '../store/audit-log.js';
import type { BatchApplier } from '../store/batch-applier.js';
import type { Directory } from '../store/directory.js';
import type { RecordView } from '../store/operation.js';
import type { LockoutRecord } from '../store/record.js';
import type { AuditEntries } from './audit-entries.js';
import { sweepAtOf } from './counter-life.js';
import type { PolicySource } from './policy-book.js';

/** Records of one bounded round. */
const ROUND = 200;
/** Passes over the records: whoever goes on guessing makes new ones, and must not keep this going for ever. */
const MAX_PASSES = 5;

/** An account as the store knows it, where its name is not known. */
export interface HashedAccount {
  readonly realm: string;
  /** Its hash under each secret that is known. */
  readonly hashes: readonly SubjectHash[];
  /** How it is called where labels are kept; null: not known. */
  readonly label: string | null;
}

/** What an erasure came to. */
export interface Erased {
  /** Counters that were emptied. */
  readonly counters: number;
  /** Events that the account was taken out of. */
  readonly events: number;
}

export interface ErasingParts {
  readonly applier: BatchApplier;
  readonly directory: Directory & AuditLog;
  readonly policies: PolicySource;
  readonly entries: AuditEntries;
  /** Called with keys that were changed here. */
  readonly onChange: (keys: readonly LockoutKey[]) => void;
}

/**
 * Empties every counter of an account, then takes it out of the record. In this order, so that what emptying recorded is
 * erased, too. Each step is bounded, and none waits for another: what was done stays done when the store fails on the way.
 */
export async function eraseAccount(parts: ErasingParts, erasure: Erasure, actor: Actor): Promise<Erased> {
  const counters = await emptyCounters(parts, erasure.accounts, actor);
  const entry = parts.entries.administered('erase', erasure.realm, actor);
  let events = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const step = await parts.directory.eraseEvents(erasure, entry, cursor);
    events += step.erased;
    cursor = step.cursor;
  }
  parts.entries.committed(entry, parts.applier.aboutNow ?? entry.event.at, events);
  return { counters, events };
}

async function emptyCounters(
  { applier, directory, policies, onChange }: ErasingParts,
  accounts: readonly SubjectHash[],
  actor: Actor,
): Promise<number> {
  const emptied = new Set<LockoutKey>();
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const found = await Promise.all(accounts.map((account) => directory.ofAccount(account)));
    const keys = found
      .flat()
      .filter((record) => !isEmptied(record))
      .map(({ key }) => key);
    if (keys.length === 0) break;
    for (let start = 0; start < keys.length; start += ROUND) {
      const round = keys.slice(start, start + ROUND);
      applier.forget(round);
      await applier.apply({
        keys: round,
        fold: (view, now) => {
          for (const key of round) if (empty(view, policies, key, actor, now)) emptied.add(key);
        },
      });
      onChange(round);
    }
  }
  return emptied.size;
}

/**
 * As an administrator's unlock, but nothing stays that a policy would keep. Not even the label: it is gone from the
 * record and from the event. Charges in flight go, so that their attempts settle nothing here any more (R4). The number of
 * failures ever counted stays: it says which of them an older attempt saw. Whether anything changed.
 */
function empty(
  view: RecordView,
  policies: PolicySource,
  key: LockoutKey,
  actor: Actor,
  now: number,
): boolean {
  const record = view.get(key);
  if (!record || isEmptied(record)) return false;
  const { counter } = record.facts;
  const governing = policies.ofCounter(counter) ?? MANUAL_POLICY;
  const forgetful = { ...governing, unlockKeepsCount: false, unlockKeepsEscalation: false };
  const { state, events } = transition(forgetful, record.state, { type: 'unlock', via: 'admin', actor }, now);
  const { failureSeq } = state;
  const left = { ...EMPTY_STATE, failureSeq, updatedAt: Math.max(now, record.state.updatedAt) };
  const readers = policies.allOfCounter(counter);
  const keepUntil = sweepAtOf(readers.length > 0 ? readers : [governing], left);
  const facts = { ...record.facts, accountLabel: null, addressLabel: null };
  view.put(key, { state: left, facts, keepUntil, events });
  return true;
}

/** Whether it says nothing but that there was a record. */
export const isEmptied = ({ state, facts }: Pick<LockoutRecord, 'state' | 'facts'>): boolean =>
  facts.accountLabel === null &&
  facts.addressLabel === null &&
  state.failures === 0 &&
  state.consecutive === 0 &&
  state.escalation === 0 &&
  state.lock === null &&
  state.lastFailureAt === null &&
  state.lastLockEndedAt === null &&
  state.pending.length === 0 &&
  state.contributions.length === 0 &&
  state.abandonsSince === null;
