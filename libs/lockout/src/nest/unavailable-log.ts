import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { LockoutUnavailableError } from '../engine/lockout-error.js';
import { StoreError } from '../store/store-error.js';
import { errorKind } from './error-kind.js';
import { SparingLog } from './sparing-log.js';

/**
 * Says in the log why attempts get 503 although the store answers: a table that is missing, a row that contends, a full
 * queue. Names the fault and the kind of error alone: what a driver says of it may name a person. That the store is gone is
 * said by `StoreLog`.
 */
export class UnavailableLog {
  private readonly sparing: SparingLog;

  constructor(private readonly engine: LockoutEngine) {
    this.sparing = new SparingLog(engine.options.clock.monotonic);
  }

  async write({ cause }: LockoutUnavailableError): Promise<void> {
    const { fault, cause: reason } = StoreError.from(cause);
    if ((await this.engine.confirmedStoreState()) === 'gone') return;
    const kind = reason === undefined ? fault : `${fault}, ${errorKind(reason)}`;
    const what = `Attempts get 503 although the store answers (${kind})`;
    this.sparing.warn(fault, what, 'docs/guide/store-trouble.md says what each fault means.');
  }
}
