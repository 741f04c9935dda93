import { Logger } from '@nestjs/common';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { DispatchReport } from '../notify/dispatch-report.js';

/** What happens again and again is told once in this time for each sink, with how often it did, ms. */
const TELL_EVERY_MS = 60_000;

/**
 * Says in the log what operators should know of deliveries, and no more often than they can read. Names the sink and the
 * kind of error alone: what a sink says of it may name a person, and is kept with the delivery.
 */
export class DeliveryLog {
  private readonly logger = new Logger('Lockout');
  private readonly tallies = new Map<string, { toldAt: number; untold: number }>();
  private isFailing = false;

  constructor(private readonly engine: LockoutEngine) {}

  write(report: DispatchReport): void {
    switch (report.type) {
      case 'store-fails':
        void this.storeFails(report.error);
        return;
      case 'store-works':
        if (this.isFailing) this.logger.log('Events can be delivered again.');
        this.isFailing = false;
        return;
      case 'delivered':
        return;
      case 'failed':
        this.tell(report.sink, report.type, `failed (${kindOf(report.error)}) and will be tried again`);
        return;
      case 'delayed':
        this.tell(report.sink, report.type, `wait, because it is away (${kindOf(report.error)})`);
        return;
      case 'dead':
        this.tell(report.sink, report.type, `are dead letters now (${kindOf(report.error)})`);
        return;
      default:
        report satisfies never;
    }
  }

  private async storeFails(error: unknown): Promise<void> {
    // That the store is gone was said, once.
    if ((await this.engine.confirmedStoreState()) === 'gone') return;
    const message = error instanceof Error ? error.message : String(error);
    this.logger.warn(`The deliveries that wait could not be asked for, and will be: ${message}`);
    this.isFailing = true;
  }

  private tell(sink: string, type: string, what: string): void {
    const now = this.engine.options.clock.monotonic();
    const name = `${type} ${sink}`;
    const tally = this.tallies.get(name);
    if (tally && now - tally.toldAt < TELL_EVERY_MS) {
      tally.untold += 1;
      return;
    }
    const count = 1 + (tally?.untold ?? 0);
    this.tallies.set(name, { toldAt: now, untold: 0 });
    this.logger.warn(
      `Deliveries to the sink "${sink}" ${what}${count > 1 ? `; ${count} since the last line` : ''}. Why is kept with each.`,
    );
  }
}

/** `TypeError ECONNREFUSED`. Never throws: whatever a sink threw is foreign, and so is its cause. */
function kindOf(error: unknown): string {
  try {
    return kindRead(error);
  } catch {
    return typeof error;
  }
}

function kindRead(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name, code, cause } = error as {
    name?: unknown;
    code?: unknown;
    cause?: { code?: unknown } | null;
  };
  const told = [name, code ?? cause?.code].filter((part) => typeof part === 'string');
  return told.length > 0 ? told.join(' ') : 'object';
}
