import type { LockView } from 'nestjs-lockout/admin';
import { useEffect } from 'preact/hooks';
import { now } from '../../clock.js';

/** Past the end itself: the server's answer must be after it. */
const MARGIN_MS = 500;
/** The longest a timer can be set. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Reads again when the first of these locks ends: nobody tells that at the moment it happens. */
export function useLockEnds(locks: readonly LockView[], reload: () => void): void {
  const ends = locks.flatMap(({ until }) => (until === null ? [] : [Date.parse(until)]));
  const next = Math.min(...ends.filter((end) => end > now.peek()));
  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(reload, Math.min(next - now.peek() + MARGIN_MS, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  }, [next, reload]);
}
