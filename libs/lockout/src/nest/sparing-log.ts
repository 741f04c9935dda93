import { Logger } from '@nestjs/common';

/** What happens again and again is told once in this time, with how often it did, ms. */
const TELL_EVERY_MS = 60_000;

/** Warnings that come no more often than operators can read them. */
export class SparingLog {
  private readonly logger = new Logger('Lockout');
  private readonly tallies = new Map<string, { toldAt: number; untold: number }>();

  /** @param monotonic ms */
  constructor(private readonly monotonic: () => number) {}

  /** @param kind Of which there is one line in a minute. @param end Stands after how often it happened. */
  warn(kind: string, what: string, end: string): void {
    const now = this.monotonic();
    const tally = this.tallies.get(kind);
    if (tally && now - tally.toldAt < TELL_EVERY_MS) {
      tally.untold += 1;
      return;
    }
    const count = 1 + (tally?.untold ?? 0);
    this.tallies.set(kind, { toldAt: now, untold: 0 });
    this.logger.warn(`${what}${count > 1 ? `; ${count} since the last line` : ''}. ${end}`);
  }
}
