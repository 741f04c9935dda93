import { Logger } from '@nestjs/common';
import type { LockoutEvent, LockoutEventType } from '../policy/event.js';
import type { RecordFacts } from '../store/record.js';

/** What somebody who is called at night asks the log. What happens at every other sign-in is in the record alone. */
const TOLD_BY_DEFAULT: readonly LockoutEventType[] = [
  'locked',
  'unlocked',
  'succeeded-after-failures',
  'refund-refused',
  'policy-changed',
  'administered',
];

/** What can stand in a line as it is. */
const PLAIN = /^[\w.:@*-]+$/;

/**
 * One line of the log for each event, `name=value` after name and value, the same in every logger. Names nobody: who it was
 * is found in the record, by the id.
 */
export class EventLog {
  private readonly logger = new Logger('Lockout');
  private readonly types: ReadonlySet<LockoutEventType>;

  /** @param logEvents As `LockoutModuleOptions.logEvents`. */
  constructor(logEvents: boolean | readonly LockoutEventType[] = true) {
    const types = logEvents === true ? TOLD_BY_DEFAULT : logEvents === false ? [] : logEvents;
    this.types = new Set(types);
  }

  write(event: LockoutEvent, about: RecordFacts & { readonly id: string }): void {
    if (!this.types.has(event.type)) return;
    const line = eventLine(event, about);
    if (event.type === 'locked' && event.cause !== 'monitor') this.logger.warn(line);
    else this.logger.log(line);
  }
}

/** `event=locked policy=login realm=default … id=…`. */
function eventLine(
  event: LockoutEvent,
  { counter, realm, id }: Pick<RecordFacts, 'counter' | 'realm'> & { readonly id: string },
): string {
  const told = { event: event.type, policy: counter, realm, ...detailsOf(event), id };
  return Object.entries(told)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(' ');
}

type Details = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What may be told of it: nothing that a person typed or is called by, so no reasons and no administrators either. */
function detailsOf(event: LockoutEvent): Details {
  switch (event.type) {
    case 'locked': {
      const { change, cause, failures, escalation, until } = event;
      return { change, cause, failures, escalation, until: until === null ? 'unlocked' : moment(until) };
    }
    case 'unlocked':
      return { via: event.via, failures: event.before.failures, escalation: event.before.escalation };
    case 'cleared':
      return { via: event.via, failures: event.before.failures, escalation: event.before.escalation };
    case 'failed':
    case 'refund-refused':
    case 'succeeded-after-failures':
      return { failures: event.failures };
    case 'policy-changed':
      return { brand: event.brand ?? undefined, version: event.version, deleted: event.deleted };
    case 'administered':
      return { action: event.action, count: event.count };
    case 'expired':
      return { at: moment(event.at) };
    default:
      return event satisfies never;
  }
}

const moment = (at: number): string => new Date(at).toISOString();

function valueText(value: Details[string]): string {
  const text = String(value);
  return PLAIN.test(text) ? text : JSON.stringify(text);
}
