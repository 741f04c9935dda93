import { hours, minutes } from '../policy/duration.js';
import type { RefusalCounts } from '../store/node-registry.js';

/** How long a slice is. Slices begin at multiples of it, so that those of all processes can be added up. */
export const SLICE_MS = minutes(5);
const SLICES = hours(24) / SLICE_MS;
/** Realms that are counted by name. */
export const MAX_REALMS = 32;
/**
 * Stands for all further realms: no realm has such a name. They are counted, so that sums stay right, but not by name: a
 * realm may come from a host name, and whoever makes names up must not fill this process's memory.
 */
export const OTHER_REALMS = '*';
/** Counts stop here: five digits to the base of 36, so that a full day of all realms fits into a report. */
export const MAX_COUNT = 36 ** 5 - 1;

/**
 * How many attempts this process refused in the last 24 hours, by realm, in memory only: a refusal writes nothing (P3).
 * Time is epoch ms on the store's clock.
 */
export class RefusalTally {
  /** How many were noted, ever. */
  total = 0;
  private readonly realms = new Map<string, Slices>();
  private readonly others = new Slices();
  /** The slice in which room was last looked for. */
  private searched = -1;

  note(realm: string, now: number): void {
    const slice = Math.floor(now / SLICE_MS);
    this.total += 1;
    (this.realms.get(realm) ?? this.slicesFor(realm, slice)).add(slice);
  }

  /** The slices of the last 24 hours, from the first one with a refusal on; realms without any are left out. */
  counts(now: number): RefusalCounts {
    const last = Math.floor(now / SLICE_MS);
    const lists = [...this.realms, [OTHER_REALMS, this.others] as const].flatMap(([realm, slices]) => {
      const list = slices.upTo(last);
      const end = list.findLastIndex((count) => count > 0) + 1;
      return end === 0 ? [] : [{ realm, list, start: list.findIndex((count) => count > 0), end }];
    });
    const first = Math.min(SLICES - 1, ...lists.map(({ start }) => start));
    return {
      from: (last - SLICES + 1 + first) * SLICE_MS,
      sliceMs: SLICE_MS,
      realms: Object.fromEntries(lists.map(({ realm, list, end }) => [realm, list.slice(first, end)])),
    };
  }

  private slicesFor(realm: string, slice: number): Slices {
    // Once a slice, or each refusal of a further realm would look at all of them.
    if (this.realms.size >= MAX_REALMS && slice !== this.searched) {
      this.searched = slice;
      for (const [name, slices] of this.realms) if (slices.isOver(slice)) this.realms.delete(name);
    }
    if (this.realms.size >= MAX_REALMS) return this.others;
    const slices = new Slices();
    this.realms.set(realm, slices);
    return slices;
  }
}

/** One realm's counts by the number of the slice, each in the place of the one a day before. */
class Slices {
  private readonly counts = new Uint32Array(SLICES);
  private latest = -1;

  add(slice: number): void {
    if (slice > this.latest) this.advanceTo(slice);
    else if (this.isForgotten(slice)) return;
    const place = slice % SLICES;
    this.counts[place] = Math.min(MAX_COUNT, this.at(place) + 1);
  }

  /** The counts of as many slices as there are, `last` the last of them. */
  upTo(last: number): number[] {
    return Array.from({ length: SLICES }, (_, n) => {
      const slice = last - SLICES + 1 + n;
      return slice > this.latest || this.isForgotten(slice) ? 0 : this.at(slice % SLICES);
    });
  }

  /** Whether nothing counts any more. */
  isOver(slice: number): boolean {
    return this.latest <= slice - SLICES;
  }

  private advanceTo(slice: number): void {
    for (let n = Math.max(this.latest + 1, slice - SLICES + 1); n <= slice; n += 1)
      this.counts[n % SLICES] = 0;
    this.latest = slice;
  }

  private isForgotten(slice: number): boolean {
    return slice <= this.latest - SLICES;
  }

  private at(place: number): number {
    return this.counts[place] ?? 0;
  }
}
