const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
  { name: 'ms', ms: 1 },
] as const;

/** Durations below this are told in hours: people say 24 h and 36 h. */
const DAYS_FROM_MS = 48 * 3_600_000;

/** A duration in its two largest units: `30 s`, `1 h 20 min`, `24 h`, `7 d`. */
export function durationText(durationMs: number): string {
  const units = durationMs < DAYS_FROM_MS ? UNITS.slice(1) : UNITS;
  const first = units.findIndex(({ ms }) => durationMs >= ms);
  const unit = units[first];
  if (!unit) return '0 s';
  const whole = Math.floor(durationMs / unit.ms);
  const smaller = units[first + 1];
  const rest = smaller ? Math.floor((durationMs % unit.ms) / smaller.ms) : 0;
  const large = `${whole.toLocaleString('en')} ${unit.name}`;
  return smaller && rest > 0 ? `${large} ${rest} ${smaller.name}` : large;
}

/** `2026-01-05 09:30:00 UTC`. */
export function momentText(at: number): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return 'beyond all dates';
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
