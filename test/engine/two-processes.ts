import type { EngineOptions, LockoutEngine } from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { engineOf } from './bench.js';

/** Longer than a record is fresh, shorter than it is worth confirming. */
export const A_WHILE_MS = 5_000;

/** The process under test, whose link to the store is watched, and another one on the same store. */
export interface TwoProcesses {
  readonly clock: FakeClock;
  readonly link: UnreliableStore;
  readonly here: LockoutEngine;
  readonly elsewhere: LockoutEngine;
}

export function twoProcesses(options: Partial<Pick<EngineOptions, 'policies'>> = {}): TwoProcesses {
  const clock = new FakeClock();
  const memory = new MemoryLockoutStore(clock.now);
  const link = new UnreliableStore(memory);
  // What loses a race sleeps a few milliseconds, which here pass at once.
  const sleep = () => new Promise<void>((wake) => setImmediate(wake));
  return {
    clock,
    link,
    here: engineOf({ store: link, clock: { monotonic: clock.monotonic, sleep }, ...options }),
    elsewhere: engineOf({ store: memory, clock, ...options }),
  };
}
