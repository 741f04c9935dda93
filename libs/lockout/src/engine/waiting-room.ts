import type { LockoutKey } from '../key/key.js';
import type { EngineClock } from './clock.js';

/** Polls for settles of other processes are spread over this range, ms. */
const POLL_MIN_MS = 30;
const POLL_SPREAD_MS = 70;

/** Why a wait ended. `full`: there was no room to wait. */
export type WaitEnd = 'woken' | 'polled' | 'full';

/**
 * Where attempts wait whose budget is taken by attempts in flight (R2): woken by settles of this process, looking again
 * after a jittered pause for those of others. Bounded per key and in all.
 */
export class WaitingRoom {
  private readonly waiting = new Map<LockoutKey, Set<() => void>>();
  private total = 0;

  constructor(
    private readonly clock: EngineClock,
    private readonly uniform: () => number,
    private readonly maxPerKey: number,
    private readonly maxTotal: number,
  ) {}

  /** Waits at most `limitMs` for a settle at one of these keys. */
  async wait(keys: readonly LockoutKey[], limitMs: number): Promise<WaitEnd> {
    const full = keys.some((key) => (this.waiting.get(key)?.size ?? 0) >= this.maxPerKey);
    if (full || this.total >= this.maxTotal) return 'full';
    let wake: () => void = () => {};
    const woken = new Promise<'woken'>((resolve) => {
      wake = () => resolve('woken');
    });
    this.total += 1;
    for (const key of keys) {
      const waiters = this.waiting.get(key) ?? new Set();
      waiters.add(wake);
      this.waiting.set(key, waiters);
    }
    const pause = Math.min(limitMs, POLL_MIN_MS + this.uniform() * POLL_SPREAD_MS);
    try {
      return await Promise.race([woken, this.clock.sleep(pause).then((): WaitEnd => 'polled')]);
    } finally {
      this.total -= 1;
      for (const key of keys) {
        const waiters = this.waiting.get(key);
        waiters?.delete(wake);
        if (waiters?.size === 0) this.waiting.delete(key);
      }
    }
  }

  /** Something was settled or unlocked at these keys. */
  wake(keys: Iterable<LockoutKey>): void {
    for (const key of keys) for (const wake of this.waiting.get(key) ?? []) wake();
  }
}
