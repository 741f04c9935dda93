import { Logger } from '@nestjs/common';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { DispatchReport } from '../notify/dispatch-report.js';
import { errorKind } from './error-kind.js';
import { SparingLog } from './sparing-log.js';

/**
 * Says in the log what operators should know of deliveries, and no more often than they can read. Names the sink and the
 * kind of error alone: what a sink says of it may name a person, and is kept with the delivery.
 */
export class DeliveryLog {
  private readonly logger = new Logger('Lockout');
  private readonly sparing: SparingLog;
  private isFailing = false;

  constructor(private readonly engine: LockoutEngine) {
    this.sparing = new SparingLog(engine.options.clock.monotonic);
  }

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
        this.tell(report.sink, report.type, `failed (${errorKind(report.error)}) and will be tried again`);
        return;
      case 'delayed':
        this.tell(report.sink, report.type, `wait, because it is away (${errorKind(report.error)})`);
        return;
      case 'dead':
        this.tell(report.sink, report.type, `are dead letters now (${errorKind(report.error)})`);
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
    this.sparing.warn(
      `${type} ${sink}`,
      `Deliveries to the sink "${sink}" ${what}`,
      'Why is kept with each.',
    );
  }
}
