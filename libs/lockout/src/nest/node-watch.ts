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

/** Tells the other processes on the store how this one is configured, and hears how they are (OS-26). */
@Injectable()
export class NodeWatch {
  private readonly id: string;
  private readonly lifeMs: number;

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
    const own: NodeReport = {
      id: this.id,
      label: `${hostname()}:${process.pid}`.slice(-MAX_LABEL_LENGTH),
      policies: this.engine.policies.configuredHashes,
    };
    return nodeDifferences(own, await store.announce(own, this.lifeMs));
  }
}
