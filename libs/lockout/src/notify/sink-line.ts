import { problemText } from './problem-text.js';
import type { LockoutSink } from './sink.js';

/** One sink as a dispatcher sees it: how much is under way, and until when it rests. */
export class SinkLine {
  underWay = 0;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private hasWarned = false;

  constructor(readonly sink: LockoutSink) {}

  /** Whether it can take `room` more of at most `most`. @param now monotonic ms */
  canTake(room: number, most: number, now: number): boolean {
    return this.underWay + room <= most && now >= this.restsUntil;
  }

  /**
   * Whether this process can deliver to it now. One that cannot say, because it throws, cannot: what waits for it is left
   * to other processes, and the sinks beside it go on. Warns once.
   */
  isAble(): boolean {
    try {
      return this.sink.canDeliver?.() ?? true;
    } catch (error) {
      if (!this.hasWarned) {
        const problem = `canDeliver of the sink "${this.sink.name}" threw, so nothing is delivered to it: ${problemText(error)}`;
        process.emitWarning(problem, 'LockoutWarning');
      }
      this.hasWarned = true;
      return false;
    }
  }

  /** Nothing is taken for it before then. @param until monotonic ms */
  rest(until: number): void {
    this.restsUntil = Math.max(this.restsUntil, until);
  }
}
