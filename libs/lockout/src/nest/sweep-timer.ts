import { Inject, Injectable, Logger } from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutChecks } from './lockout-checks.js';
import { DEFAULT_SWEEP_INTERVAL_MS, LOCKOUT_OPTIONS, type LockoutModuleOptions } from './lockout-options.js';

/**
 * Runs the sweeper again and again, and the checks that may change meanwhile; each process at its own moments. Keeps no
 * process alive and nobody waiting.
 */
@Injectable()
export class SweepTimer {
  private running: symbol | null = null;
  private failing = false;
  private readonly logger = new Logger('Lockout');

  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(LOCKOUT_OPTIONS) private readonly options: LockoutModuleOptions,
    @Inject(LockoutChecks) private readonly checks: LockoutChecks,
  ) {}

  /** A second start changes nothing. */
  start(): void {
    const interval = this.options.sweepIntervalMs ?? DEFAULT_SWEEP_INTERVAL_MS;
    if (interval === 0 || this.running) return;
    this.running = Symbol('run');
    void this.run(this.running, interval);
  }

  stop(): void {
    this.running = null;
  }

  private async run(run: symbol, interval: number): Promise<void> {
    const { clock, randomness } = this.engine.options;
    for (;;) {
      await clock.sleep(interval * (0.5 + randomness.uniform()));
      if (this.running !== run) return;
      // That the store is gone was said, once; there is nothing to ask it.
      if (this.engine.storeState === 'gone') continue;
      await this.sweep(() => this.running !== run);
      await this.checks.look();
    }
  }

  private async sweep(isOver: () => boolean): Promise<void> {
    try {
      await this.engine.sweeper.catchUp(this.engine.options.clock, isOver);
      if (this.failing) this.logger.log('Sweeping works again.');
      this.failing = false;
    } catch (error) {
      if ((await this.engine.confirmedStoreState()) === 'gone') return;
      // Locks do not depend on it: each is ended by the next attempt at its key anyway.
      const message = error instanceof Error ? error.message : String(error);
      if (!this.failing) this.logger.warn(`Sweeping ended locks failed, and will be tried again: ${message}`);
      this.failing = true;
    }
  }
}
