import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  metrics,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** Collected when it is asked, and never by itself. */
class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The active span follows what is asynchronous, as with Node's SDK. */
class AsyncContexts implements ContextManager {
  private readonly storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    run: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(active, () => run.apply(self, args));
  }

  bind<T>(_active: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

/** One value of a metric, under its attributes. */
export interface MeasuredPoint {
  readonly attributes: Attributes;
  /** Of a histogram how many were recorded. */
  readonly value: number;
  /** Of a histogram alone. */
  readonly sum?: number;
}

export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly MeasuredPoint[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets: readonly number[];
}

/** OpenTelemetry's own SDK, registered as an application does it, keeping what it gets in memory. */
export class Telemetry {
  private readonly reader = new AskedReader();
  private readonly exporter = new InMemorySpanExporter();

  constructor() {
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [this.reader] }));
    const spanProcessors = [new SimpleSpanProcessor(this.exporter)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    context.setGlobalContextManager(new AsyncContexts());
  }

  /** Every metric that has a value now, by name. */
  async measure(): Promise<ReadonlyMap<string, Measured>> {
    const { resourceMetrics, errors } = await this.reader.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'Metrics could not be collected.');
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(
      all.map((metric) => {
        const isHistogram = metric.dataPointType === DataPointType.HISTOGRAM;
        const points = isHistogram
          ? metric.dataPoints.map(({ attributes, value }) => ({
              attributes,
              value: value.count,
              sum: value.sum ?? 0,
            }))
          : metric.dataPoints.map(({ attributes, value }) => ({ attributes, value: value as number }));
        const buckets = isHistogram ? (metric.dataPoints[0]?.value.buckets.boundaries ?? []) : [];
        const { name, unit } = metric.descriptor;
        return [name, { name, unit, points, buckets }];
      }),
    );
  }

  /** Values of one metric, by its attributes in the order of their names: `method=password outcome=failure`; `''`: none. */
  async values(name: string): Promise<Readonly<Record<string, number>>> {
    const points = (await this.measure()).get(name)?.points ?? [];
    return Object.fromEntries(points.map(({ attributes, value }) => [labels(attributes), value]));
  }

  /** Spans that have ended, oldest first; forgets them. */
  spans(): readonly ReadableSpan[] {
    const spans = this.exporter.getFinishedSpans();
    this.exporter.reset();
    return spans;
  }

  async shutdown(): Promise<void> {
    await this.reader.shutdown();
    metrics.disable();
    trace.disable();
    context.disable();
  }
}

const labels = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(' ');
