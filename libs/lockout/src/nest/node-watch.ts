import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { isNodeRegistry, type NodeReport } from '../store/node-registry.js';
import { type NodeDifference, nodeDifferences } from './checks/node-differences.js';
import { DEFAULT_SWEEP_INTERVAL_MS, LOCKOUT_OPTIONS, type LockoutModuleOptions } from './lockout-options.js';

/** A process that has not announced itself for so many rounds is taken as gone. */
const MISSED_ROUNDS = 4;
/** However short the rounds are: a process may be busy for a while, ms. */
const MIN_LIFE_MS = 60_000;
/** Longest label that the registry takes. */
const MAX_LABEL_LENGTH = 128;
const ID_BYTES = 16;
/** A process that ends waits no longer than this for its last announcement, ms. */
const FAREWELL_MS = 1_000;

/** Tells the other processes on the store how this one is configured and what it refused, and hears how they are (OS-26). */
@Injectable()
export class NodeWatch {
  private readonly id: string;
  /** How long after its last report a process is taken as gone, ms. */
  readonly lifeMs: number;
  /** How many refusals there had been when this process last announced itself. */
  private told = 0;

  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(LOCKOUT_OPTIONS) options: LockoutModuleOptions,
  ) {
    this.id = engine.options.randomness.token(ID_BYTES);
    this.lifeMs = Math.max(
      MIN_LIFE_MS,
      MISSED_ROUNDS * (options.sweepIntervalMs || DEFAULT_SWEEP_INTERVAL_MS),
    );
  }

  /**
   * Announces this process and answers who is configured otherwise. Empty where the store keeps no list of processes.
   * Rejects with what the store threw.
   */
  async look(): Promise<readonly NodeDifference[]> {
    const store: object = this.engine.options.store;
    if (!isNodeRegistry(store)) return [];
    const { total } = this.engine.refusals;
    const own = this.report();
    const nodes = await store.announce(own, this.lifeMs);
    this.told = total;
    return nodeDifferences(own, nodes);
  }

  /**
   * Every process that announced itself within the last `withinMs`, as it last did, and this one as it is now. Writes
   * nothing. This one alone where the store keeps no list of processes. Rejects with what the store threw.
   */
  async reports(withinMs: number): Promise<readonly NodeReport[]> {
    const store: object = this.engine.options.store;
    const nodes = isNodeRegistry(store) ? await store.nodes(withinMs) : [];
    return [...nodes.filter(({ id }) => id !== this.id), this.report()];
  }

  /**
   * Tells once more what was refused since the last round, before the process ends. Never rejects, and gives up after a
   * second: what is lost is a few points of a chart.
   */
  async farewell(): Promise<void> {
    const { clock } = this.engine.options;
    if (this.engine.refusals.total === this.told || this.engine.storeState === 'gone') return;
    const last = this.look().then(
      () => undefined,
      () => undefined,
    );
    await Promise.race([last, clock.sleep(FAREWELL_MS)]);
  }

  private report(): NodeReport {
    const { policies, refusals, storeNow } = this.engine;
    return {
      id: this.id,
      label: `${hostname()}:${process.pid}`.slice(-MAX_LABEL_LENGTH),
      policies: policies.configuredHashes,
      ...(storeNow !== null && { refusals: refusals.counts(storeNow) }),
    };
  }
}
