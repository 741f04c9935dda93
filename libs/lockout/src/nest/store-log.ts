import { Logger } from '@nestjs/common';
import type { EngineOptions } from '../engine/engine-options.js';
import { describeStoreState, type StoreStateEvent } from '../engine/store-state.js';

/** One line each time the store goes or comes back, and none in between. */
export class StoreLog {
  private readonly logger = new Logger('Lockout');

  /** `next`: the application's own listener. */
  constructor(private readonly next: EngineOptions['onStoreState']) {}

  write(event: StoreStateEvent): void {
    const line = describeStoreState(event);
    if (event.type === 'gone') this.logger.error(line);
    else this.logger.log(line);
    this.next?.(event);
  }
}
