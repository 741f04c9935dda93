import type { LockoutSink } from './sink.js';

/** One sink as a dispatcher sees it: how much is under way, and until when it rests. */
export class SinkLine {
  underWay = 0;
  private restsUntil = Number.NEGATIVE_INFINITY;

  constructor(readonly sink: LockoutSink) {}

  /** Whether it can take `room` more of at most `most`. @param now monotonic ms */
  canTake(room: number, most: number, now: number): boolean {
    return this.underWay + room <= most && now >= this.restsUntil;
  }

  /** Nothing is taken for it before then. @param until monotonic ms */
  rest(until: number): void {
    this.restsUntil = Math.max(this.restsUntil, until);
  }
}
