import type { AccountDetail, LockAnswer, LockView } from 'nestjs-lockout/admin';
import { get, path, send } from '../../api.js';
import { Change } from '../../change.js';
import { Problem } from '../../problem.js';
import { isManual } from '../../subject-text.js';

interface ManualLock {
  readonly realm: string;
  readonly account: string;
  /** Null: until unlocked. */
  readonly until: string | null;
  readonly reason: string;
}

/** Takes a lock by hand back; a lock by hand that it replaced stands again. */
export type Undo = (reason: string) => Promise<void>;

/** Locks, and tells how to take it back. Throws as `send`. */
export async function lockByHand(
  { realm, account, until, reason }: ManualLock,
  change: Change,
): Promise<Undo> {
  const where = path('accounts', realm, account);
  const before = await manualLockOf(where);
  await send<LockAnswer>('POST', `${where}/lock`, { until, reason }, { change });
  const undoing = new Change();
  return async (why) => {
    if (before) {
      await send('POST', `${where}/lock`, { until: before.until, reason: why }, { change: undoing });
      return;
    }
    // Only that row: what policies hold against the account stays.
    const lock = await manualLockOf(where);
    if (lock) await send('POST', path('records', lock.id, 'unlock'), { reason: why }, { change: undoing });
  };
}

/** The administrator's lock that stands now; null: none. */
async function manualLockOf(where: string): Promise<LockView | null> {
  try {
    const { locks } = await get<AccountDetail>(where);
    return locks.find(isManual) ?? null;
  } catch (error) {
    // Nothing is recorded of it yet; or it may be locked but not looked at.
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}
