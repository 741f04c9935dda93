import { listens } from '../event-listeners.js';
import type { CheckResult } from './check.js';
import type { DiscoveredClass } from './handler-checks.js';

/** LCK021: listeners that nobody would ever call, because Nest makes their object for each request, or it is a controller. */
export function listenerChecks(
  classes: readonly DiscoveredClass[],
  instances: readonly object[],
): readonly CheckResult[] {
  return classes
    .filter(({ type, methods }) => listens(type.prototype as object, methods))
    .filter(({ type }) => !instances.some((instance) => instance instanceof type))
    .map(({ type }) => ({
      id: 'LCK021',
      level: 'error',
      subject: type.name,
      message: '@OnLockoutEvent() stands on no single provider, so it would never be called.',
      hint: 'Put it on a provider in the default scope, with dependencies in the default scope only.',
    }));
}
