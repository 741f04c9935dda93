import { minutes } from '../policy/duration.js';
import type { AuditLog } from '../store/audit-log.js';

/** Events of one bounded round. */
const ROUND = 256;
/** How often is looked for events that were kept for long enough: they are kept for days. */
const INTERVAL_MS = minutes(10);

/** Drops events that were kept for long enough. */
export class EventRetention {
  /** Epoch ms on the store's clock. */
  private nextAt = Number.NEGATIVE_INFINITY;

  /** @param keepMs How long an event is kept, ms; null: for ever. */
  constructor(
    private readonly audit: Pick<AuditLog, 'dropEvents'>,
    private readonly keepMs: number | null,
  ) {}

  /** One bounded round, if it is time again. `more`: there may be more. */
  async drop(now: number): Promise<{ readonly dropped: number; readonly more: boolean }> {
    if (this.keepMs === null || now < this.nextAt) return { dropped: 0, more: false };
    const before = this.nextAt;
    // One that fails fails one sweep, and not each until it works again: locks that ended are looked for beside it.
    this.nextAt = now + INTERVAL_MS;
    const dropped = await this.audit.dropEvents(now - this.keepMs, ROUND);
    const more = dropped === ROUND;
    if (more) this.nextAt = before;
    return { dropped, more };
  }
}
