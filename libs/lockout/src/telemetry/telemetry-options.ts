import { DEFAULT_REALM, normaliseRealm } from '../key/realm.js';

export interface LockoutTelemetryOptions {
  /** Realms whose locks `lockout.locks` counts. Default: the default realm. */
  readonly realms?: readonly string[];
  /** The instrumentation scope of metrics and spans. Default `nestjs-lockout`. */
  readonly meterName?: string;
}

/** Injection token of the resolved options. */
export const TELEMETRY_OPTIONS = Symbol('nestjs-lockout telemetry options');

/** Throws InvalidSubjectError for a realm that cannot be one. */
export function resolveTelemetryOptions(options: LockoutTelemetryOptions): Required<LockoutTelemetryOptions> {
  const { realms = [DEFAULT_REALM], meterName = 'nestjs-lockout' } = options;
  return { realms: Array.from(new Set(realms.map((realm) => normaliseRealm(realm)))), meterName };
}
