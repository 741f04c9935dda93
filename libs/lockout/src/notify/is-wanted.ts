import type { LockoutEvent } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';
import type { LockoutSink } from './sink.js';

/**
 * Whether this event is for this sink. One that cannot say, because it throws, gets it: that must neither fail a sign-in nor
 * lose the event, for this sink or for those beside it.
 */
export function isWanted(sink: Pick<LockoutSink, 'wants'>, event: LockoutEvent, facts: RecordFacts): boolean {
  try {
    return sink.wants(event, facts);
  } catch {
    return true;
  }
}
