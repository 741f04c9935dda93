/** How finely the calendar knows when something is due. Keys go at most this much after they faded. */
const BUCKET_MS = 60_000;

/**
 * Which keys have to be looked at when, in buckets of a minute. Holds each key once, so that its size is the number of
 * keys in it, however often they change.
 */
export class FadingCalendar {
  private readonly buckets = new Map<number, Set<string>>();
  /** Everything before this bucket was taken out. */
  private next = 0;

  /** Keys in it. */
  get size(): number {
    let size = 0;
    for (const keys of this.buckets.values()) size += keys.size;
    return size;
  }

  /** @returns the bucket, by which {@link remove} finds the key. A moment that is over is due next. */
  add(key: string, at: number): number {
    const bucket = Math.max(this.next, Math.floor(at / BUCKET_MS));
    const keys = this.buckets.get(bucket);
    if (keys) keys.add(key);
    else this.buckets.set(bucket, new Set([key]));
    return bucket;
  }

  remove(key: string, bucket: number): void {
    const keys = this.buckets.get(bucket);
    if (keys?.delete(key) && keys.size === 0) this.buckets.delete(bucket);
  }

  /** Takes out the keys whose minute is over. */
  takeDue(now: number): readonly string[] {
    const current = Math.floor(now / BUCKET_MS);
    if (current <= this.next) return [];
    const due: string[] = [];
    // After a long silence there are fewer buckets than minutes.
    const over =
      current - this.next > this.buckets.size
        ? [...this.buckets.keys()].filter((bucket) => bucket < current).sort((a, b) => a - b)
        : Array.from({ length: current - this.next }, (_, index) => this.next + index);
    for (const bucket of over) {
      const keys = this.buckets.get(bucket);
      if (!keys) continue;
      due.push(...keys);
      this.buckets.delete(bucket);
    }
    this.next = current;
    return due;
  }
}
