/** How events are delivered; every number in ms but `batch`. */
export interface DispatchSettings {
  /** How often the outbox is looked at, spread by half to and fro. Default 1 000. */
  readonly pollMs?: number;
  /** How long a delivery is this process's own; after that another one takes it, as if this one had died. Default 30 000. */
  readonly leaseMs?: number;
  /** How long a sink may take for one delivery; `leaseMs` is at least 5 s more, or twice that. Default 10 000. */
  readonly timeoutMs?: number;
  /** Deliveries under way at once, for each sink. Default 64. */
  readonly batch?: number;
  /** A delivery that was tried again and again for this long is a dead letter. Default three days. */
  readonly giveUpAfterMs?: number;
}

/**
 * How long the store may take to hand a delivery out, ms: what it hands out later than the lease has room for is left to
 * the next look. No query of a store takes longer than this; where deliveries are short, as long as one of them will do.
 */
const LONGEST_CLAIM_MS = 5_000;

interface Range {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

const RANGES: Readonly<Record<keyof DispatchSettings, Range>> = {
  pollMs: { default: 1_000, min: 10, max: 3_600_000 },
  leaseMs: { default: 30_000, min: 100, max: 3_600_000 },
  timeoutMs: { default: 10_000, min: 10, max: 600_000 },
  batch: { default: 64, min: 1, max: 1_000 },
  giveUpAfterMs: { default: 259_200_000, min: 1_000, max: 2_592_000_000 },
};

/** With the defaults where nothing is given. */
export function resolveSettings(settings: DispatchSettings): Required<DispatchSettings> {
  const resolved = {} as Record<keyof DispatchSettings, number>;
  for (const name of Object.keys(RANGES) as (keyof DispatchSettings)[]) {
    resolved[name] = settings[name] ?? RANGES[name].default;
  }
  return resolved;
}

/** Everything that is wrong with the settings; empty: nothing. */
export function settingProblems(settings: DispatchSettings): readonly string[] {
  const problems: string[] = [];
  const resolved = resolveSettings(settings);
  for (const [name, { min, max }] of Object.entries(RANGES) as [keyof DispatchSettings, Range][]) {
    const value = resolved[name];
    if (!Number.isInteger(value) || value < min || value > max) {
      problems.push(`${name} must be a whole number from ${min} to ${max}; it is ${String(value)}.`);
    }
  }
  const { leaseMs, timeoutMs } = resolved;
  const leastMs = timeoutMs + Math.min(timeoutMs, LONGEST_CLAIM_MS);
  if (problems.length === 0 && leaseMs < leastMs) {
    problems.push(
      `leaseMs (${leaseMs}) must be at least ${leastMs} with timeoutMs ${timeoutMs}: it holds the delivery and the time that the store takes to hand it out.`,
    );
  }
  return problems;
}
