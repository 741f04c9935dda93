/** How a metric is measured. */
export type MetricKind = 'counter' | 'histogram' | 'gauge';

/** A metric as it is exported. */
export interface LockoutMetric {
  readonly kind: MetricKind;
  /** As UCUM writes it; what is in braces says what is counted. Absent: a yes or no. */
  readonly unit?: string;
  readonly description: string;
  /** Names of its attributes. */
  readonly attributes: readonly string[];
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
}

/** From a record in memory to a store that is nearly given up. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Every metric of the library, by name. No attribute names an account, an address or a key. */
export const LOCKOUT_METRICS = {
  'lockout.attempts': {
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts that ended in this process, by how.',
    attributes: ['outcome', 'method'],
  },
  'lockout.refusals': {
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts that were refused, by the policy that refuses longest.',
    attributes: ['policy', 'reason'],
  },
  'lockout.attempts.uncounted': {
    kind: 'counter',
    unit: '{attempt}',
    description: 'Attempts that were let through uncounted, because the store did not answer.',
    attributes: [],
  },
  'lockout.decision.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the question whether an attempt may be verified to the answer.',
    attributes: ['outcome'],
    buckets: SECONDS,
  },
  'lockout.batch.size': {
    kind: 'histogram',
    unit: '{operation}',
    description: 'Operations that left for the store together.',
    attributes: [],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024],
  },
  'lockout.store.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'What the store took to answer a decision.',
    attributes: ['operation', 'error.type'],
    buckets: SECONDS,
  },
  'lockout.lost_races': {
    kind: 'counter',
    unit: '{race}',
    description: 'Rows that another process had changed first, so that they were decided again.',
    attributes: [],
  },
  'lockout.deliveries': {
    kind: 'counter',
    unit: '{delivery}',
    description: 'Tries to deliver an event, by sink and by what became of it.',
    attributes: ['sink', 'outcome'],
  },
  'lockout.locks': {
    kind: 'gauge',
    unit: '{lock}',
    description: 'Locks in force in the realms that are counted, by all processes.',
    attributes: ['of'],
  },
  'lockout.outbox.waiting': {
    kind: 'gauge',
    unit: '{delivery}',
    description: 'Deliveries that wait, in the whole store.',
    attributes: ['sink'],
  },
  'lockout.outbox.dead': {
    kind: 'gauge',
    unit: '{delivery}',
    description: 'Deliveries that were given up, in the whole store.',
    attributes: ['sink'],
  },
  'lockout.outbox.lag': {
    kind: 'gauge',
    unit: 's',
    description: 'For how long the event that waits longest has been waiting.',
    attributes: ['sink'],
  },
  'lockout.settles.unwritten': {
    kind: 'gauge',
    unit: '{attempt}',
    description: 'Outcomes that the store did not take yet.',
    attributes: [],
  },
  'lockout.store.up': {
    kind: 'gauge',
    description: 'Whether the store answers this process: 1 or 0.',
    attributes: [],
  },
} as const satisfies Readonly<Record<string, LockoutMetric>>;

export type MetricName = keyof typeof LOCKOUT_METRICS;
/** Names of the metrics that are measured in this way. */
export type MetricNamed<Kind extends MetricKind> = {
  [Name in MetricName]: (typeof LOCKOUT_METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];

/** What an instrument of this metric is made with. */
export function instrumentOptions(name: MetricName) {
  const { description, unit, buckets }: LockoutMetric = LOCKOUT_METRICS[name];
  return {
    description,
    ...(unit === undefined ? {} : { unit }),
    ...(buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } }),
  };
}
