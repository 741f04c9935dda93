import { InvalidSubjectError } from '../key/invalid-subject-error.js';
import { DeliveryRefusedError } from '../notify/delivery-errors.js';
import type { LockoutSink } from '../notify/sink.js';
import type { RecordFacts } from '../store/record.js';
import type { AccountDesk } from './account-desk.js';
import type { LockoutEnd } from './lockout-end.js';

/** Whose end it is. */
export interface MirroredAccount {
  readonly realm: string;
  /** The account's id, as the application named it. */
  readonly account: string;
}

export interface LockoutEndMirrorOptions {
  /**
   * Writes the end onto the application's own entity. May be called more than once with the same end, and for an account
   * that is gone. What it throws is tried again later.
   */
  readonly write: (about: MirroredAccount, end: LockoutEnd) => Promise<void>;
}

/** The part of the engine that knows the end of a lock. */
export interface EndSource {
  readonly accounts: Pick<AccountDesk, 'lockoutEnd' | 'accountHashes'>;
}

/** A write is followed by a look; so many of them while the account is locked and unlocked again each time. */
const MAX_WRITES = 5;

/**
 * A sink that mirrors the end of the last lock (`lockoutEndDate`, R5-13) onto the application's entity. It writes what
 * stands when it delivers, not what the event said, so that repeats and their order do not matter; and looks again after it
 * has written, so that an older end never stays over a newer one. Needs `labels`.
 *
 * @param engine The engine, or a function that finds it, for a sink that is made before there is one.
 */
export function lockoutEndMirror(
  engine: EndSource | (() => EndSource),
  { write }: LockoutEndMirrorOptions,
): LockoutSink {
  return {
    name: 'lockout-end',
    needsLabels: true,
    // An end that is reached stays what it was, so `expired` tells nothing new. A lock that only watches has no end.
    wants: (event, { accountHash }) =>
      accountHash !== null &&
      (event.type === 'unlocked' || (event.type === 'locked' && event.cause !== 'monitor')),
    async deliver({ facts }, signal) {
      const { realm, accountLabel: account } = facts;
      // Erased meanwhile.
      if (account === null) return;
      const { accounts } = typeof engine === 'function' ? engine() : engine;
      if (isNobodys(accounts, facts)) return;
      let end = await endOf(accounts, { realm, account });
      for (let writes = 0; writes < MAX_WRITES; writes += 1) {
        // Whoever took over writes by itself.
        signal.throwIfAborted();
        await write({ realm, account }, end);
        const now = await endOf(accounts, { realm, account });
        if (now === end) return;
        end = now;
      }
      throw new Error('The lockout end of an account changed each time that it was written.');
    },
  };
}

/** Whether the lock is of a name that no account has, so that there is no entity. */
function isNobodys(
  accounts: EndSource['accounts'],
  { realm, accountLabel, accountHash }: RecordFacts,
): boolean {
  if (accountLabel === null || accountHash === null) return true;
  try {
    return accounts.accountHashes({ realm, account: { unknown: accountLabel } }).includes(accountHash);
  } catch (error) {
    // No text that anybody could have typed as a name.
    if (error instanceof InvalidSubjectError) return false;
    throw error;
  }
}

async function endOf(accounts: EndSource['accounts'], about: MirroredAccount): Promise<LockoutEnd> {
  try {
    return await accounts.lockoutEnd(about);
  } catch (error) {
    if (!(error instanceof InvalidSubjectError)) throw error;
    throw new DeliveryRefusedError('The account of the event cannot be named by its label.', {
      cause: error,
    });
  }
}
