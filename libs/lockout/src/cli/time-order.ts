/** Puts things that come a little out of order in order. Holds only what lies within the tolerance. */
export class TimeOrder<T extends { readonly at: number }> {
  private held: T[] = [];
  private head = 0;
  private newest = Number.NEGATIVE_INFINITY;

  /** @param toleranceMs how much earlier than the latest one something may be. 0: not at all. */
  constructor(private readonly toleranceMs: number) {}

  /** The latest moment so far. */
  get latest(): number {
    return this.newest;
  }

  /**
   * Takes one in, and gives out those that nothing can come before any more. Of one moment, the first in is the first
   * out.
   * @returns null: it is too late, by more than the tolerance.
   */
  take(item: T): readonly T[] | null {
    if (item.at < this.newest - this.toleranceMs) return null;
    let place = this.held.length;
    while (place > this.head && (this.held[place - 1]?.at ?? 0) > item.at) place -= 1;
    if (place === this.held.length) this.held.push(item);
    else this.held.splice(place, 0, item);
    if (item.at <= this.newest) return [];
    this.newest = item.at;
    return this.release(item.at - this.toleranceMs);
  }

  /** Gives out the rest. */
  rest(): readonly T[] {
    return this.release(Number.POSITIVE_INFINITY);
  }

  private release(until: number): readonly T[] {
    const from = this.head;
    while (this.head < this.held.length && (this.held[this.head]?.at ?? 0) <= until) this.head += 1;
    const out = this.held.slice(from, this.head);
    // Not at each release, or a crowded second would be moved again and again.
    if (this.head > 1000 && this.head * 2 > this.held.length) {
      this.held = this.held.slice(this.head);
      this.head = 0;
    }
    return out;
  }
}
