import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { EngineObserver, ObservedDecision, ObservedSettle } from '../engine/engine-observer.js';
import type { Refusal } from '../engine/refusal.js';
import type { DispatchReport } from '../notify/dispatch-report.js';
import type { AskedStore } from '../store/store-watch.js';
import { instrumentOptions, type MetricNamed } from './lockout-metrics.js';

const MS = 1_000;

/** Records what the engine does as it does it. */
export class MetricObserver implements EngineObserver {
  private readonly attempts: Counter;
  private readonly refusals: Counter;
  private readonly deliveries: Counter;
  private readonly decisionDuration: Histogram;
  private readonly storeDuration: Histogram;
  private readonly batchSize: Histogram;

  constructor(meter: Meter) {
    const counter = (name: MetricNamed<'counter'>) => meter.createCounter(name, instrumentOptions(name));
    const histogram = (name: MetricNamed<'histogram'>) =>
      meter.createHistogram(name, instrumentOptions(name));
    this.attempts = counter('lockout.attempts');
    this.refusals = counter('lockout.refusals');
    this.deliveries = counter('lockout.deliveries');
    this.decisionDuration = histogram('lockout.decision.duration');
    this.storeDuration = histogram('lockout.store.duration');
    this.batchSize = histogram('lockout.batch.size');
  }

  decided({ step, method, outcome, refusal, durationMs }: ObservedDecision): void {
    if (step !== 'look-up') this.decisionDuration.record(durationMs / MS, { outcome });
    if (outcome === 'unavailable') this.ended(outcome, method);
    // A guard lets an attempt pass that finds no room now: it may find some when it begins.
    if (refusal && (step === 'begin' || refusal.reason === 'locked')) this.refused(refusal, method);
  }

  settled({ method, outcome, refusal }: ObservedSettle): void {
    if (refusal) this.refused(refusal, method);
    else this.ended(outcome, method);
  }

  batched(operations: number): void {
    this.batchSize.record(operations);
  }

  storeAsked({ call, durationMs, fault }: AskedStore): void {
    const operation = { operation: call };
    this.storeDuration.record(
      durationMs / MS,
      fault === null ? operation : { ...operation, 'error.type': fault },
    );
  }

  dispatched(report: DispatchReport): void {
    if (report.type === 'store-fails' || report.type === 'store-works') return;
    this.deliveries.add(1, { sink: report.sink, outcome: report.type });
  }

  private refused({ policy, reason }: Refusal, method: string | null): void {
    this.refusals.add(1, { policy, reason });
    this.ended('refused', method);
  }

  private ended(outcome: string, method: string | null): void {
    this.attempts.add(1, method === null ? { outcome } : { outcome, method });
  }
}
