export { LOCKOUT_METRICS, type LockoutMetric, type MetricKind } from './lockout-metrics.js';
export { LockoutTelemetryModule } from './lockout-telemetry-module.js';
export type { LockoutTelemetryOptions } from './telemetry-options.js';
