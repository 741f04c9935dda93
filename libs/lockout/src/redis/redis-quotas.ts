import { integer } from '../store/codec.js';
import { hashBytes } from '../store/hash-bytes.js';
import { assertQuota } from '../store/quota-row.js';
import type { Quotas } from '../store/quotas.js';
import { TAKE_QUOTA, TAKEN_QUOTA } from './ending-scripts.js';
import type { RedisConnection } from './redis-connection.js';

/** Quotas: one name each, so that a Cluster spreads them over its slots, and the server drops the old ones. */
export class RedisQuotas implements Quotas {
  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: (() => number) | undefined,
    /** Before every name. */
    private readonly prefix: string,
  ) {}

  async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    const name = this.nameOf(id);
    assertQuota(limit, windowMs);
    return (await this.connection.run(TAKE_QUOTA, [name], [this.clock?.() ?? '', limit, windowMs])) === 1;
  }

  async returnQuota(id: string): Promise<void> {
    await this.connection.run(TAKEN_QUOTA, [this.nameOf(id)], [this.clock?.() ?? '', 'return']);
  }

  async quotaTaken(id: string): Promise<number> {
    const taken = await this.connection.run(TAKEN_QUOTA, [this.nameOf(id)], [this.clock?.() ?? '', '']);
    return integer('taken', taken);
  }

  private nameOf(id: string): string {
    return `${this.prefix}{${hashBytes('id of a quota', id).toString('hex')}}:quota`;
  }
}
