import { type AddresseesOf, safeAddressees } from '../engine/addressees.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { isWanted } from '../notify/is-wanted.js';
import type { LockoutSink } from '../notify/sink.js';
import type { LockoutEvent } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';
import { describeCheck } from './checks/check.js';
import { sinkChecks } from './checks/delivery-checks.js';
import type { LockoutModuleOptions } from './lockout-options.js';

/** The sinks of this process: those of the options, and those that modules add until the application has started. */
export class SinkBook {
  /** Called after this process committed an event that a sink is to be told of. */
  onCommitted: () => void = () => {};
  private readonly sinks = new Map<string, LockoutSink>();
  private isClosed = false;
  private readonly given: AddresseesOf;

  constructor(private readonly options: LockoutModuleOptions) {
    this.given = safeAddressees(options?.deliverTo);
    // What is wrong with those of the options is told with everything else that is wrong at start.
    for (const sink of options?.sinks ?? []) this.sinks.set(sink.name, sink);
  }

  /** @throws LockoutConfigError for a sink that cannot work here, and once the application has started. */
  add(sink: LockoutSink): void {
    if (this.isClosed) {
      throw new LockoutConfigError([
        `LCK020 (${sink.name}): Sinks are added until the application has started. Add it in onModuleInit.`,
      ]);
    }
    const problems = sinkChecks(sink, new Set(this.sinks.keys()), this.options);
    if (problems.length > 0) throw new LockoutConfigError(problems.map(describeCheck));
    this.sinks.set(sink.name, sink);
  }

  /** All of them; from now on none is added. */
  close(): readonly LockoutSink[] {
    this.isClosed = true;
    return Array.from(this.sinks.values());
  }

  /** Names of the sinks that an event is to be delivered to. Never throws: in doubt it is. */
  addresseesOf(event: LockoutEvent, facts: RecordFacts): readonly string[] {
    const names = new Set([...this.given(event, facts), ...(this.options.delivery?.alsoTo ?? [])]);
    for (const sink of this.sinks.values()) if (isWanted(sink, event, facts)) names.add(sink.name);
    return Array.from(names);
  }

  committed(event: LockoutEvent, facts: RecordFacts): void {
    for (const sink of this.sinks.values()) {
      if (isWanted(sink, event, facts)) {
        this.onCommitted();
        return;
      }
    }
  }
}
