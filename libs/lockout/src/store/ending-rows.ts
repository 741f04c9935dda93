/** Rows that one call looks at, at most; the next one goes on. */
const MAX_LOOKED_AT = 64;

/** Rows that each end at a time of their own, in this process only. */
export class EndingRows<Row extends { readonly endsAt: number }> {
  private readonly rows = new Map<string, Row>();

  /** How many rows there are, those that have ended too. */
  get size(): number {
    return this.rows.size;
  }

  /** The row, unless it has ended. */
  get(id: string, now: number): Row | null {
    const row = this.rows.get(id);
    return row && row.endsAt > now ? row : null;
  }

  set(id: string, row: Row): void {
    this.rows.set(id, row);
  }

  /** Whether there was one that has not ended. */
  delete(id: string, now: number): boolean {
    const stood = this.get(id, now) !== null;
    return this.rows.delete(id) && stood;
  }

  /** Drops those that have ended, among the few that were not looked at for longest. */
  drop(now: number): void {
    for (const [id, row] of [...this.rows.entries()].slice(0, MAX_LOOKED_AT)) {
      this.rows.delete(id);
      if (row.endsAt > now) this.rows.set(id, row);
    }
  }
}
