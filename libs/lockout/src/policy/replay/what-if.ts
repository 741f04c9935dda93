import { Replay, type ReplayOptions } from './replay.js';
import type { ReplayAttempt } from './replay-attempt.js';
import { type ReplayReport, ReplaySummary, type SummaryOptions } from './replay-summary.js';

/**
 * What these policies would have done with these attempts: {@link Replay} and {@link ReplaySummary} in one call, for a
 * log that is at hand. Attempts in the order of time; a generator is taken line by line.
 *
 * @throws PolicyError see {@link Replay}. RangeError: a time is no number, or `top` is out of range.
 */
export function whatIf(
  attempts: Iterable<ReplayAttempt>,
  options: ReplayOptions & SummaryOptions,
): ReplayReport {
  const replay = new Replay(options);
  const summary = new ReplaySummary(options);
  for (const attempt of attempts) summary.add(replay.next(attempt));
  return summary.report();
}
