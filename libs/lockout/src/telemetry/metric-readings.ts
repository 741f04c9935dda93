import type { BatchObservableCallback, BatchObservableResult, Meter } from '@opentelemetry/api';
import type { LockoutEngine } from '../engine/lockout-engine.js';
import { instrumentOptions, type MetricNamed } from './lockout-metrics.js';

const MS = 1_000;
const SUBJECTS = ['account', 'address'] as const;

type Told = Pick<BatchObservableResult, 'observe'>;

/**
 * What is read whenever metrics are collected: from memory, and, while the store answers, from it: locks of accounts, locks
 * of addresses and what waits. What it does not answer is not observed: with most SDKs that keeps the last value, so
 * `lockout.store.up` says what the others are worth.
 */
export class MetricReadings {
  /** Sinks that had something waiting: with nothing any more they are told as 0. */
  private readonly sinks = new Set<string>();

  constructor(
    private readonly engine: LockoutEngine,
    private readonly realms: readonly string[],
  ) {}

  /** @returns what ends it. */
  start(meter: Meter): () => void {
    const gauge = (name: MetricNamed<'gauge'>) => meter.createObservableGauge(name, instrumentOptions(name));
    const counter = (name: MetricNamed<'counter'>) =>
      meter.createObservableCounter(name, instrumentOptions(name));
    const lostRaces = counter('lockout.lost_races');
    const uncounted = counter('lockout.attempts.uncounted');
    const locks = gauge('lockout.locks');
    const waiting = gauge('lockout.outbox.waiting');
    const dead = gauge('lockout.outbox.dead');
    const lag = gauge('lockout.outbox.lag');
    const unwritten = gauge('lockout.settles.unwritten');
    const up = gauge('lockout.store.up');
    const readLocks = async (told: Told): Promise<void> => {
      for (const of of SUBJECTS) {
        told.observe(locks, await this.engine.readings.countLocked(of, this.realms), { of });
      }
    };
    const readSinks = async (told: Told): Promise<void> => {
      const states = new Map((await this.engine.readings.sinks())?.map((state) => [state.sink, state]));
      for (const sink of states.keys()) this.sinks.add(sink);
      for (const sink of this.sinks) {
        const state = states.get(sink);
        told.observe(waiting, state?.waiting ?? 0, { sink });
        told.observe(dead, state?.dead ?? 0, { sink });
        told.observe(lag, (state?.lagMs ?? 0) / MS, { sink });
      }
    };
    const read: BatchObservableCallback = async (told) => {
      const { lostRaces: lost, uncounted: through, unwrittenSettles } = this.engine.totals;
      told.observe(lostRaces, lost);
      told.observe(uncounted, through);
      told.observe(unwritten, unwrittenSettles);
      await Promise.allSettled([readLocks(told), readSinks(told)]);
      // As far as is known: to make sure takes longer than a collection may.
      told.observe(up, this.engine.storeState === 'gone' ? 0 : 1);
    };
    const instruments = [lostRaces, uncounted, locks, waiting, dead, lag, unwritten, up];
    meter.addBatchObservableCallback(read, instruments);
    return () => meter.removeBatchObservableCallback(read, instruments);
  }
}
