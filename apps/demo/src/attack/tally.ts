/** What came of the attempts of a phase: how many of each status. */
export class Tally {
  private readonly counts = new Map<number, number>();

  /** `status` null: no answer at all. */
  add(status: number | null): void {
    const key = status ?? NO_ANSWER;
    this.counts.set(key, this.of(key) + 1);
  }

  of(status: number): number {
    return this.counts.get(status) ?? 0;
  }

  get unanswered(): number {
    return this.of(NO_ANSWER);
  }

  /** The four answers of a sign-in, always, and whatever else there was. */
  summary(): string {
    const others = Array.from(this.counts.keys()).filter((status) => !USUAL.includes(status));
    return [...USUAL, ...others.sort((a, b) => a - b)]
      .map(
        (status) => `${status === NO_ANSWER ? 'no answer' : status}: ${String(this.of(status)).padStart(3)}`,
      )
      .join('   ');
  }
}

const NO_ANSWER = 0;

/** Wrong; refused, because locked; signed in; the store does not answer. */
const USUAL: readonly number[] = [401, 429, 200, 503];
