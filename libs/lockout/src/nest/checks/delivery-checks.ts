import { settingProblems } from '../../notify/dispatch-settings.js';
import type { LockoutSink } from '../../notify/sink.js';
import { isOutbox } from '../../store/outbox.js';
import { isSinkName } from '../../store/outbox-row.js';
import type { LockoutModuleOptions } from '../lockout-options.js';
import type { CheckResult } from './check.js';

const NAMING =
  'A name is 1 to 32 of a-z, 0-9 and -; it is part of what is stored, so choose one that can stay.';

const wrong = (subject: string, message: string, hint: string): CheckResult => ({
  id: 'LCK020',
  level: 'error',
  subject,
  message,
  hint,
});

const retiredCheck = (name: string): CheckResult =>
  wrong(name, 'It is retired, and there is one.', 'Take it out of delivery.retired, or out of the sinks.');

/** What is wrong with one sink. @param taken names that others have */
export function sinkChecks(
  sink: LockoutSink,
  taken: ReadonlySet<string>,
  options: Pick<LockoutModuleOptions, 'labels' | 'store' | 'delivery'>,
): readonly CheckResult[] {
  const { name, needsLabels } = sink;
  if (!isSinkName(name)) return [wrong(String(name), 'This cannot be the name of a sink.', NAMING)];
  const results: CheckResult[] = [];
  if (taken.has(name)) {
    results.push(
      wrong(
        name,
        'Two sinks have this name.',
        'Give each a name of its own: both would take the same deliveries.',
      ),
    );
  }
  if (options.delivery?.retired?.includes(name)) results.push(retiredCheck(name));
  if (typeof sink.wants !== 'function' || typeof sink.deliver !== 'function') {
    results.push(
      wrong(name, 'It is no sink.', 'A sink has wants(event, facts) and deliver(delivery, signal).'),
    );
  }
  if (needsLabels && !options.labels) {
    results.push(
      wrong(
        name,
        'This sink needs the plain account, and none is kept.',
        'Set labels: true on LockoutModule, if your rules on personal data allow it.',
      ),
    );
  }
  if (!isOutbox(options.store)) {
    results.push(
      wrong(
        name,
        'The store keeps no deliveries, so that events could be lost on their way.',
        'Use TypeormLockoutStore or RedisLockoutStore, or let your store implement Outbox.',
      ),
    );
  }
  return results;
}

/** What is wrong with the sinks and the delivery that options give. */
export function deliveryChecks(options: LockoutModuleOptions): readonly CheckResult[] {
  const { sinks = [], delivery = {} } = options;
  const results: CheckResult[] = [];
  const names = new Set<string>();
  for (const sink of sinks) {
    results.push(...sinkChecks(sink, names, options));
    names.add(sink.name);
  }
  for (const problem of settingProblems(delivery)) {
    results.push({ id: 'LCK001', level: 'error', subject: 'delivery', message: problem, hint: '' });
  }
  for (const name of [...(delivery.alsoTo ?? []), ...(delivery.retired ?? [])]) {
    if (!isSinkName(name)) results.push(wrong(String(name), 'This cannot be the name of a sink.', NAMING));
  }
  for (const name of delivery.retired ?? []) {
    // Of the sinks themselves it was said above.
    if (delivery.alsoTo?.includes(name) && !names.has(name)) results.push(retiredCheck(name));
  }
  return results;
}
