import type { EngineClock } from '../engine/clock.js';
import type { Method } from '../policy/policy.js';

/** Failed verifications remembered for each method. */
const SAMPLES = 64;
/** What a verification is taken to last before the first one failed here, ms: a password hash. */
const ASSUMED_MS = 100;
/** Refusals held back at once. */
const MAX_HELD = 1_000;

/**
 * In silent mode a refusal, which verifies nothing, is held back for as long as one of the last failed verifications
 * of its method took (R43).
 */
export class AnswerTimes {
  private readonly samples = new Map<Method, number[]>();
  private held = 0;

  /** @param maxHeld beyond it a refusal is answered at once: bounded memory comes first. Default 1 000. */
  constructor(
    private readonly clock: EngineClock,
    private readonly uniform: () => number,
    private readonly maxHeld: number = MAX_HELD,
  ) {}

  /** A verification that began at `startedAt` (monotonic ms) has failed just now. */
  record(method: Method, startedAt: number): void {
    const samples = this.samples.get(method) ?? [];
    samples.push(this.clock.monotonic() - startedAt);
    if (samples.length > SAMPLES) samples.shift();
    this.samples.set(method, samples);
  }

  /** Resolves when a refusal of a request that began at `startedAt` may be answered. */
  async hold(method: Method, startedAt: number): Promise<void> {
    const samples = this.samples.get(method) ?? [];
    const drawn = samples[Math.floor(this.uniform() * samples.length)] ?? ASSUMED_MS;
    const left = drawn - (this.clock.monotonic() - startedAt);
    if (left <= 0 || this.held >= this.maxHeld) return;
    this.held += 1;
    try {
      await this.clock.sleep(left);
    } finally {
      this.held -= 1;
    }
  }
}
