import { Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { LockoutEngine } from '../engine/lockout-engine.js';
import type { StoreState } from '../engine/store-state.js';

/** From where on the process counts as down. What is left out never makes it so. */
export interface LockoutHealthLimits {
  /**
   * Up although the store does not answer, where attempts are decided without it (`onStoreError` is `allow` or `memory`):
   * else every process is taken out of the load balancer at once. Default `false`.
   */
  readonly upWhileGone?: boolean;
  /** More settles than these wait to be written. */
  readonly unwrittenSettles?: number;
  /** The event that waits longest for any sink waits longer than this, ms. */
  readonly outboxLagMs?: number;
  /** More deliveries than these, of all sinks together, were given up. */
  readonly deadLetters?: number;
}

/** What the answer of a health check tells. Names nobody. */
export interface LockoutHealthDetails {
  /** `unknown`: the store answers decisions, but not what was asked here. */
  readonly store: StoreState | 'unknown';
  readonly unwrittenSettles: number;
  /** Null: the store keeps no deliveries, or did not tell. */
  readonly outboxLagMs: number | null;
  /** Null likewise. */
  readonly deadLetters: number | null;
  /** Which limits are passed; empty while it is up. */
  readonly problems: readonly string[];
}

/**
 * Says whether sign-ins can be decided, for `@nestjs/terminus`: down while the store does not answer. It asks the store, so
 * that it knows also where nobody signs in. Limits on what waits are for readiness, or for people: no process gets better by
 * a restart.
 */
@Injectable()
export class LockoutHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly health: HealthIndicatorService,
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
  ) {}

  /** @param key The name in the answer. Never rejects. */
  async isHealthy<const Key extends string = 'lockout'>(
    key: Key = 'lockout' as Key,
    limits: LockoutHealthLimits = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const { problems, ...details } = await this.look(limits);
    const session = this.health.check(key);
    if (problems.length === 0) return session.up({ ...details, problems });
    return session.down({ ...details, problems });
  }

  /** The same, for checks of another kind. Never rejects. */
  async look(limits: LockoutHealthLimits = {}): Promise<LockoutHealthDetails> {
    const { engine } = this;
    const [sinks, answers] = await Promise.all([
      engine.readings.sinks().catch(() => null),
      engine.readings.ping().then(
        () => true,
        () => false,
      ),
    ]);
    const state = await engine.confirmedStoreState();
    const store = answers || state === 'gone' ? state : 'unknown';
    const { unwrittenSettles } = engine.totals;
    const outboxLagMs = sinks && Math.max(0, ...sinks.map(({ lagMs }) => lagMs));
    const deadLetters = sinks?.reduce((sum, { dead }) => sum + dead, 0) ?? null;
    const problems: string[] = [];
    const isBridged = engine.options.onStoreError !== 'deny' && limits.upWhileGone === true;
    if (store === 'gone' && !isBridged) problems.push('The store does not answer.');
    if (store === 'unknown') problems.push('The store fails.');
    if (unwrittenSettles > (limits.unwrittenSettles ?? Number.POSITIVE_INFINITY)) {
      problems.push(`${unwrittenSettles} settles wait to be written.`);
    }
    if ((outboxLagMs ?? 0) > (limits.outboxLagMs ?? Number.POSITIVE_INFINITY)) {
      problems.push(`An event waits for its delivery for ${outboxLagMs} ms.`);
    }
    if ((deadLetters ?? 0) > (limits.deadLetters ?? Number.POSITIVE_INFINITY)) {
      problems.push(`${deadLetters} deliveries were given up.`);
    }
    return { store, unwrittenSettles, outboxLagMs, deadLetters, problems };
  }
}
