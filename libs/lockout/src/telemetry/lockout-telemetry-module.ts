import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnModuleInit,
} from '@nestjs/common';
import { metrics, trace } from '@opentelemetry/api';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { MetricObserver } from './metric-observer.js';
import { MetricReadings } from './metric-readings.js';
import { SpanObserver } from './span-observer.js';
import {
  type LockoutTelemetryOptions,
  resolveTelemetryOptions,
  TELEMETRY_OPTIONS,
} from './telemetry-options.js';

/**
 * Metrics and spans of the lockout, through OpenTelemetry's API: to whatever SDK the application has registered before it is
 * initialised; to nowhere without one. Import it once, beside `LockoutModule`.
 */
@Module({})
export class LockoutTelemetryModule implements OnModuleInit, BeforeApplicationShutdown {
  private ends: readonly (() => void)[] = [];

  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(TELEMETRY_OPTIONS) private readonly options: Required<LockoutTelemetryOptions>,
  ) {}

  /** Throws InvalidSubjectError for a realm that cannot be one. */
  static forRoot(options: LockoutTelemetryOptions = {}): DynamicModule {
    return {
      module: LockoutTelemetryModule,
      providers: [{ provide: TELEMETRY_OPTIONS, useValue: resolveTelemetryOptions(options) }],
    };
  }

  onModuleInit(): void {
    const { engine } = this;
    const { realms, meterName } = this.options;
    // Asked for here and no earlier: a meter of before the SDK was registered measures nothing, ever.
    const meter = metrics.getMeter(meterName);
    this.ends = [
      engine.observers.add(new MetricObserver(meter)),
      engine.observers.add(new SpanObserver(trace.getTracer(meterName), Date.now)),
      new MetricReadings(engine, realms).start(meter),
    ];
  }

  /** After the last delivery, and before the store closes. */
  beforeApplicationShutdown(): void {
    for (const end of this.ends) end();
    this.ends = [];
  }
}
