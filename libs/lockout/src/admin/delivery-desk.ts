import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { Outbox } from '../store/outbox.js';
import { type DeliveryPage, type DeliveryState, deliveryView, sinkView } from './delivery-view.js';
import { iso } from './moment.js';
import { ALL_REALMS, type Permission } from './permission.js';
import { Problem } from './problem.js';
import { storeNow } from './store-now.js';

export interface DeliveryQuery {
  readonly state: DeliveryState;
  readonly sink?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface DeliveriesAnswer {
  /** `false`: none of them is a dead letter any more, and nothing was changed. */
  readonly changed: boolean;
  /** How many were. */
  readonly count: number;
}

/** What is on its way to sinks: seen, repeated and dropped by administrators. Permission (403) before anything else. */
export class DeliveryDesk {
  constructor(
    private readonly engine: LockoutEngine,
    private readonly permission: Permission,
  ) {}

  /**
   * A page of deliveries, oldest first. Events of realms that may not be viewed are left out, so it can be shorter than
   * asked.
   */
  async page({ state, sink, cursor, limit }: DeliveryQuery): Promise<DeliveryPage> {
    const outbox = await this.permitted();
    const asked = { state, limit, ...(sink === undefined ? {} : { sink }) };
    const [{ items, nextCursor }, sinks] = await Promise.all([
      outbox.deliveries(cursor === undefined ? asked : { ...asked, cursor }),
      outbox.outboxState(),
    ]);
    const viewable = await Promise.all(
      items.map(async (item) =>
        (await this.permission.allows('view', item.event.facts.realm)) ? [item] : [],
      ),
    );
    return {
      items: viewable.flat().map((item) => deliveryView(this.engine, state, item)),
      nextCursor,
      sinks: sinks.map(sinkView),
      now: iso(await storeNow(this.engine)),
    };
  }

  /** Dead letters are due again, at once. */
  retry(ids: readonly string[], reason: string): Promise<DeliveriesAnswer> {
    return this.change('retry-deliveries', ids, reason);
  }

  /** Dead letters are given up for good; their events stay in the record. */
  drop(ids: readonly string[], reason: string): Promise<DeliveriesAnswer> {
    return this.change('drop-deliveries', ids, reason);
  }

  private async change(
    action: 'retry-deliveries' | 'drop-deliveries',
    ids: readonly string[],
    reason: string,
  ): Promise<DeliveriesAnswer> {
    const outbox = await this.permitted();
    const actor = await this.permission.actor(reason);
    const now = await storeNow(this.engine);
    const entry = this.engine.entries.administered(action, ALL_REALMS, actor);
    const count =
      action === 'retry-deliveries'
        ? await outbox.retryDeliveries(ids, entry)
        : await outbox.dropDeliveries(ids, entry);
    if (count > 0) this.engine.entries.committed(entry, now, count);
    return { changed: count > 0, count };
  }

  private async permitted(): Promise<Outbox> {
    await this.permission.require('deliver', [ALL_REALMS]);
    const { outbox } = this.engine;
    if (outbox) return outbox;
    throw new Problem(501, 'This store delivers nothing: it keeps no deliveries.');
  }
}
