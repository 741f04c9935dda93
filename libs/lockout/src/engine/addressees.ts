import { isWanted } from '../notify/is-wanted.js';
import { problemText } from '../notify/problem-text.js';
import type { LockoutSink } from '../notify/sink.js';
import type { LockoutEvent } from '../policy/event.js';
import { isSinkName } from '../store/outbox-row.js';
import type { RecordFacts } from '../store/record.js';

/** The names of the sinks that an event is to be delivered to. */
export type AddresseesOf = (event: LockoutEvent, facts: RecordFacts) => readonly string[];

/**
 * A `deliverTo` of these sinks: each event goes to those that want it. One that cannot say, because it throws, gets it too,
 * and takes it from no other.
 */
export function sinksThatWant(sinks: readonly Pick<LockoutSink, 'name' | 'wants'>[]): AddresseesOf {
  return (event, facts) => sinks.filter((sink) => isWanted(sink, event, facts)).map(({ name }) => name);
}

/**
 * The application's answer, as far as it can be one: it is asked while a failure is written, which neither an exception nor a
 * name that no sink can have may prevent. Warns once.
 */
export function safeAddressees(addresseesOf: AddresseesOf = () => []): AddresseesOf {
  let hasWarned = false;
  const warn = (problem: string): void => {
    if (hasWarned) return;
    hasWarned = true;
    process.emitWarning(`deliverTo of the lockout options: ${problem}`, 'LockoutWarning');
  };
  return (event, facts) => {
    try {
      const names = addresseesOf(event, facts);
      const valid = names.filter(isSinkName);
      if (valid.length < names.length) warn('a name is 1 to 32 of a-z, 0-9 and -; others are left out.');
      return valid;
    } catch (error) {
      warn(`events go to nobody while it throws: ${problemText(error)}`);
      return [];
    }
  };
}
