import type { LockoutPolicy, PoliciesWarning, ReplayReport } from '../policy/index.js';
import type { LogReading } from './attempt-log.js';

/** Everything a simulation found out, for the summary and the page. */
export interface Simulation {
  /** What was read: a path, or `the standard input`. */
  readonly log: string;
  /** `the preset reachfive`. */
  readonly title: string;
  readonly policies: readonly LockoutPolicy[];
  readonly warnings: readonly PoliciesWarning[];
  readonly reading: LogReading;
  readonly report: ReplayReport;
  readonly effort: {
    /** Keys that had something to remember at once, at most. */
    readonly peakKeys: number;
    readonly elapsedMs: number;
    readonly attemptsPerSecond: number;
    /** Most memory the process held, in bytes. */
    readonly peakMemory: number;
  };
  /** When it was made, epoch ms. */
  readonly madeAt: number;
}
