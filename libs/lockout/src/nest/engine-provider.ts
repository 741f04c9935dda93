import { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { KeyRing } from '../key/key-ring.js';
import { KeySecretError } from '../key/key-secret-error.js';
import { PolicyError } from '../policy/policy-error.js';
import { describeCheck } from './checks/check.js';
import { EventLog } from './event-log.js';
import { type ApplicationSurvey, checksOfDefinitions } from './lockout-checks.js';
import type { LockoutModuleOptions } from './lockout-options.js';
import type { SinkBook } from './sink-book.js';
import { StoreLog } from './store-log.js';

function problemsOf(error: unknown): readonly string[] {
  if (error instanceof LockoutConfigError) return error.problems;
  if (error instanceof KeySecretError) return [`${error.message} ${error.hint}`];
  if (error instanceof PolicyError)
    return error.problems.map(({ path, message, hint }) => `${path}: ${message} (${hint})`);
  throw error;
}

/** The secrets by themselves: the engine stops at its other options before it comes to them. */
function secretProblems(secrets: LockoutModuleOptions['secrets']): readonly string[] {
  try {
    new KeyRing(secrets);
    return [];
  } catch (error) {
    return problemsOf(error);
  }
}

/**
 * Makes the engine.
 * @throws LockoutConfigError with everything that is wrong: options, secrets, policies, and whatever the start-up
 * checks can say without it.
 */
export function createEngine(
  options: LockoutModuleOptions,
  survey: ApplicationSurvey,
  sinks: SinkBook,
): LockoutEngine {
  if (typeof options !== 'object' || options === null) {
    throw new LockoutConfigError(['LockoutModule got no options: its useFactory must return them.']);
  }
  try {
    const log = new StoreLog(options.onStoreState);
    const events = new EventLog(options.logEvents);
    return new LockoutEngine({
      ...options,
      deliverTo: (event, facts) => sinks.addresseesOf(event, facts),
      onEvent: (event, about) => {
        sinks.committed(event, about);
        events.write(event, about);
        options.onEvent?.(event, about);
      },
      onStoreState: (event) => log.write(event),
    });
  } catch (error) {
    const problems = new Set([...problemsOf(error), ...secretProblems(options.secrets)]);
    const others = checksOfDefinitions(options, survey).filter(({ level }) => level === 'error');
    throw new LockoutConfigError([
      ...Array.from(problems, (problem) => `LCK001: ${problem}`),
      ...others.map(describeCheck),
    ]);
  }
}
