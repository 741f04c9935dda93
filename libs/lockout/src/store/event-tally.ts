import type { SubjectHash } from '../key/key.js';
import type { LockoutEventType } from '../policy/event.js';
import type { BusyAddress, EventCount, EventShape, RecordedEvent, ShapeQuery } from './audit-log.js';

/** Counts events one by one, latest recorded first. */
export class EventTally {
  private readonly counts = new Map<string, { -readonly [Field in keyof EventCount]: EventCount[Field] }>();
  private readonly busy = new Map<
    SubjectHash,
    { -readonly [Field in keyof BusyAddress]: BusyAddress[Field] }
  >();

  constructor(private readonly query: ShapeQuery) {}

  add({ event, facts }: Pick<RecordedEvent, 'event' | 'facts'>): void {
    const { realms, from, to } = this.query;
    const { at, type } = event;
    if (at < from || at >= to || !realms.includes(facts.realm)) return;
    const slice = sliceOf(this.query, at);
    const count = this.counts.get(`${slice} ${type}`);
    if (count) count.count += 1;
    else this.counts.set(`${slice} ${type}`, { at: slice, type, count: 1 });
    const { realm, addressHash, addressLabel } = facts;
    if (addressHash === null || !isAgainst(type)) return;
    const address = this.busy.get(addressHash);
    if (address) address.count += 1;
    else this.busy.set(addressHash, { realm, addressHash, label: addressLabel, count: 1 });
  }

  /** @param since Epoch ms before which something may be missing. */
  shape(since = this.query.from): EventShape {
    const countedFrom = sliceOf(this.query, since + this.query.sliceMs - 1);
    return {
      slices: inOrder([...this.counts.values()].filter(({ at }) => at >= countedFrom)),
      addresses: busiest([...this.busy.values()], this.query.top),
      countedFrom,
    };
  }
}

/** Start of the slice that a moment is in. */
export function sliceOf({ from, sliceMs }: ShapeQuery, at: number): number {
  return at - ((at - from) % sliceMs);
}

/** Earliest first, and by type within a slice. */
export function inOrder(slices: readonly EventCount[]): EventCount[] {
  return [...slices].sort((a, b) => a.at - b.at || (a.type < b.type ? -1 : 1));
}

/** Most events first, equals by their hash. */
export function busiest(addresses: readonly BusyAddress[], top: number): BusyAddress[] {
  return [...addresses]
    .sort((a, b) => b.count - a.count || (a.addressHash < b.addressHash ? -1 : 1))
    .slice(0, top);
}

/** Types by which an address is busy. */
export const AGAINST: readonly LockoutEventType[] = ['locked', 'failed'];

const isAgainst = (type: LockoutEventType): boolean => AGAINST.includes(type);
