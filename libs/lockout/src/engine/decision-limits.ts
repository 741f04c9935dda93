import { type DeadlineClock, Deadlines } from '../store/deadlines.js';
import { StoreError } from '../store/store-error.js';
import { LockoutUnavailableError } from './lockout-error.js';

/** Whether anybody still waits for a decision. */
export interface Patience {
  readonly isOver: boolean;
}

/** Whoever decides answers in time, and no more decisions wait than may: further ones are refused at once. */
export class DecisionLimits {
  private readonly decisions: Deadlines;
  private readonly settles: Deadlines;

  /** `onLate`: a decision took too long. */
  constructor(
    clock: DeadlineClock,
    limitMs: number,
    private readonly maxDecisions: number,
    private readonly onLate: () => void,
  ) {
    this.decisions = new Deadlines(clock, limitMs);
    this.settles = new Deadlines(clock, limitMs);
  }

  /** Rejects with what `work` rejected with, or LockoutUnavailableError. */
  decide<T>(work: (patience: Patience) => Promise<T>): Promise<T> {
    const { decisions, maxDecisions } = this;
    if (decisions.size >= maxDecisions) {
      const overload = new StoreError('overload', `More than ${maxDecisions} lockout decisions are waiting.`);
      return Promise.reject(new LockoutUnavailableError(overload));
    }
    return new Promise<T>((resolve, reject) => {
      const patience = { isOver: false };
      const stop = decisions.start(() => {
        patience.isOver = true;
        this.onLate();
        const { limitMs } = decisions;
        reject(new LockoutUnavailableError(new StoreError('timeout', `No decision within ${limitMs} ms.`)));
      });
      work(patience).then(
        (answer) => {
          stop();
          resolve(answer);
        },
        (error: unknown) => {
          stop();
          reject(error);
        },
      );
    });
  }

  /** The same for a settle, which is never refused: late, it answers `late` and goes on by itself. */
  settle<T>(work: Promise<T>, late: T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const stop = this.settles.start(() => {
        this.onLate();
        resolve(late);
      });
      work.finally(stop).then(resolve, reject);
    });
  }
}
