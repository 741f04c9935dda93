/** One unit of a stretch of time. */
export interface DurationPart {
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
  readonly count: number;
}

const SECOND = { unit: 'second', ms: 1_000 } as const;
const MINUTE = { unit: 'minute', ms: 60 * SECOND.ms } as const;
const HOUR = { unit: 'hour', ms: 60 * MINUTE.ms } as const;
const DAY = { unit: 'day', ms: 24 * HOUR.ms } as const;

/** In which units a length is told, by how long it is once rounded to the smaller one. */
const LADDER = [
  { below: MINUTE, large: SECOND, small: SECOND },
  { below: HOUR, large: MINUTE, small: SECOND },
  { below: DAY, large: HOUR, small: MINUTE },
  { below: null, large: DAY, small: HOUR },
] as const;

/** What is left, in at most two units. Rounded up: it never says less than is left. */
export const remainingParts = (ms: number): readonly DurationPart[] => partsOf(ms, Math.ceil);

/** How long ago, in one unit, rounded down. */
export const elapsedParts = (ms: number): readonly DurationPart[] => partsOf(ms, Math.floor).slice(0, 1);

/** A length, in at most two units. */
export const lengthParts = (ms: number): readonly DurationPart[] => partsOf(ms, Math.round);

function partsOf(ms: number, round: (value: number) => number): readonly DurationPart[] {
  const length = Math.max(0, ms);
  for (const { below, large, small } of LADDER) {
    const count = round(length / small.ms);
    // Measured after rounding: 59 min 59.5 s left is an hour, not 60 minutes.
    if (below !== null && count * small.ms >= below.ms) continue;
    if (large === small) return [{ unit: small.unit, count }];
    const ratio = large.ms / small.ms;
    const parts: DurationPart[] = [
      { unit: large.unit, count: Math.floor(count / ratio) },
      { unit: small.unit, count: count % ratio },
    ];
    return parts.filter((part) => part.count > 0);
  }
  return [];
}
