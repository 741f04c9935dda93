/** Holds whoever passes until it is opened, and tells how many are held: for tests of what happens meanwhile. */
export class Gate {
  private held = 0;
  private readonly arrivals: { readonly count: number; readonly arrived: () => void }[] = [];
  private release: () => void = () => {};
  private readonly opened = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  async pass(): Promise<void> {
    this.held += 1;
    for (const { count, arrived } of this.arrivals) if (this.held >= count) arrived();
    await this.opened;
  }

  /** Resolves when so many have come. */
  reached(count: number): Promise<void> {
    return new Promise((arrived) => {
      if (this.held >= count) arrived();
      else this.arrivals.push({ count, arrived });
    });
  }

  open(): void {
    this.release();
  }
}

/** Resolves once the condition holds; looks again after each turn of the event loop. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('It never came true.');
    await turns(1);
  }
}

/** So many turns of the event loop: whoever needs no I/O has come to rest. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
