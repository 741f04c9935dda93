import fc from 'fast-check';
import { definePolicy } from '../policy/define-policy.js';
import type { LockoutPolicy, PolicyInput } from '../policy/policy.js';
import type { Step } from './history.js';

/** Durations small enough that windows, locks and steps of time often meet exactly. */
const duration = fc.integer({ min: 1, max: 60 });
const growthBy = fc.constantFrom('failures' as const, 'lockouts' as const);
const maximum = fc.option(fc.integer({ min: 60, max: 400 }), { nil: undefined });
const capped = (maximumMs: number | undefined) => (maximumMs === undefined ? {} : { maximumMs });

const schedule = fc.oneof(
  duration.map((durationMs) => ({ kind: 'fixed' as const, durationMs })),
  fc
    .tuple(duration, fc.constantFrom(1, 1.5, 2, 3.3, 10), growthBy, maximum)
    .map(([initialMs, factor, by, cap]) => ({
      kind: 'exponential' as const,
      initialMs,
      factor,
      by,
      ...capped(cap),
    })),
  fc.tuple(duration, duration, growthBy, maximum).map(([initialMs, stepMs, by, cap]) => ({
    kind: 'linear' as const,
    initialMs,
    stepMs,
    by,
    ...capped(cap),
  })),
  fc
    .tuple(duration, growthBy, maximum)
    .map(([stepMs, by, cap]) => ({ kind: 'multiples' as const, stepMs, by, ...capped(cap) })),
  fc.constant({ kind: 'indefinite' as const }),
);

const table = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), duration), { minLength: 1, maxLength: 4 })
  .chain((steps) => fc.boolean().map((endless) => ({ steps, endless })))
  .map(({ steps, endless }) => {
    let failures = 0;
    const rows = steps.map(([step, lockMs], index) => {
      failures += step;
      return { failures, lockMs: endless && index === steps.length - 1 ? null : lockMs };
    });
    return { schedule: { kind: 'table' as const, rows } };
  });

const threshold = fc.record({
  schedule,
  threshold: fc.integer({ min: 1, max: 6 }),
  locksOn: fc.constantFrom('reaching' as const, 'exceeding' as const),
  afterLock: fc.constantFrom(
    'relock-on-next-failure' as const,
    'relock-at-each-multiple' as const,
    'fresh-budget' as const,
    'fresh-budget-at-end' as const,
  ),
});

const end = fc.constantFrom('exclusive' as const, 'inclusive' as const);
const window = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({
    kind: fc.constant('idle' as const),
    durationMs: duration,
    anchor: fc.constantFrom('last-failure' as const, 'later-of-failure-and-lock-end' as const),
    end,
  }),
  fc.record({ kind: fc.constantFrom('fixed' as const, 'sliding' as const), durationMs: duration, end }),
);

const weight = fc.integer({ min: 1, max: 3 });

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });

const some = fc.integer({ min: 1, max: 6 });
const notify = fc.oneof(
  fc.record({ from: some }),
  fc.record({ successAfter: some }),
  fc.record({ from: some, successAfter: some }),
);

/** Only counted methods may have a weight. */
const weightsOf = ({ counts = 'all', weights = {} }: Pick<PolicyInput, 'counts' | 'weights'>) =>
  Object.fromEntries(
    Object.entries(weights).filter(([method]) => counts === 'all' || counts.includes(method)),
  );

const core = fc.record({
  name: fc.constant('arbitrary'),
  enabled: fc.constant(true),
  enforce: fc.oneof(
    { weight: 9, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  counts: fc.constantFrom<PolicyInput['counts'][]>('all', ['password'], ['password', 'otp']),
  refuses: fc.constantFrom('counted' as const, 'all' as const),
  window,
  escalationWindow: fc.oneof(
    fc.constantFrom('with-failures' as const, 'never' as const),
    duration.map((durationMs) => ({ durationMs })),
  ),
  indefiniteAfterLockouts: optional(fc.integer({ min: 1, max: 4 })),
  indefiniteAfterFailures: optional(fc.integer({ min: 1, max: 12 })),
  onSuccess: fc.constantFrom('clear' as const, 'refund' as const, 'clear-own-address' as const),
  onPasswordReset: fc.constantFrom('unlock' as const, 'unlock-timed' as const, 'keep' as const),
  unlockKeepsEscalation: fc.boolean(),
  unlockKeepsCount: fc.boolean(),
  weights: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record({ password: weight, otp: weight, totp: weight }) },
  ),
  quickFailure: optional(fc.record({ withinMs: duration, lockMs: duration })),
  minIntervalMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: duration }),
  attemptTimeoutMs: fc.integer({ min: 1, max: 80 }),
  abandonAllowance: fc.integer({ min: 0, max: 3 }),
  retentionMs: optional(fc.integer({ min: 1, max: 200 })),
  notify: optional(notify),
});

/** Any policy that `definePolicy` accepts, with small numbers. `fixed` overrides fields. */
export function anyPolicy(fixed: Partial<PolicyInput> = {}): fc.Arbitrary<LockoutPolicy> {
  return fc
    .tuple(core, fc.oneof({ weight: 2, arbitrary: threshold }, { weight: 1, arbitrary: table }))
    .map(([fields, rule]) => {
      const wanted = { ...fields, ...rule, ...fixed };
      const slides = wanted.window.kind === 'sliding' && wanted.onSuccess === 'clear-own-address';
      const weights = weightsOf(wanted);
      return definePolicy({ ...wanted, weights, ...(slides ? { onSuccess: 'clear' } : {}) } as PolicyInput);
    });
}

const after = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 70 }));
const attempt = fc.nat({ max: 7 });
const method = fc.constantFrom('password', 'otp', 'totp');
const from = fc.constantFrom('A', 'B', 'C');
const charge = fc.record({ after, do: fc.constant('charge' as const), attempt, method, from });
const fail = fc.record({ after, do: fc.constant('fail' as const), attempt });

/** One attempt and its failure at once: without these, few random histories would ever lock. */
const guess = fc.record({ after, attempt, method, from }).map((one): Step[] => [
  { ...one, do: 'charge' },
  { do: 'fail', attempt: one.attempt, after: 0 },
]);

/** One attempt and its success at once, of a first factor or of the last. */
const signIn = fc
  .record({ after, attempt, method, from, how: fc.constantFrom('succeed' as const, 'partial' as const) })
  .map(({ how, ...one }): Step[] => [
    { ...one, do: 'charge' },
    { do: how, attempt: one.attempt, after: 0 },
  ]);

/** One begin, settle or act of others. */
const single: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: charge },
  { weight: 4, arbitrary: fail },
  {
    weight: 4,
    arbitrary: fc.record({
      after,
      attempt,
      do: fc.constantFrom('succeed' as const, 'partial' as const, 'abandon' as const, 'withdraw' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ after, do: fc.constant('complete' as const), method, from }) },
  { weight: 1, arbitrary: fc.record({ after, do: fc.constantFrom('unlock' as const, 'reset' as const) }) },
  { weight: 1, arbitrary: fc.record({ after, do: fc.constant('tick' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ after, do: fc.constant('lock' as const), forMs: fc.option(duration) }),
  },
);

/** A history of begins, settles and acts of others, in any order. */
export function anyHistory(maxLength = 40): fc.Arbitrary<readonly Step[]> {
  return fc
    .array(
      fc.oneof({ weight: 1, arbitrary: guess }, { weight: 1, arbitrary: single.map((step) => [step]) }),
      {
        maxLength,
      },
    )
    .map((parts) => parts.flat());
}

/** Many at once: charges and failures a moment apart, so that several are in flight whenever several may be. */
const crowd = (maxLength: number): fc.Arbitrary<readonly Step[]> => {
  const moment = fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 2 }) },
    { weight: 1, arbitrary: fc.nat({ max: 70 }) },
  );
  return fc.array(
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc.record({ after: moment, do: fc.constant('charge' as const), attempt, method, from }),
      },
      { weight: 1, arbitrary: fc.record({ after: moment, do: fc.constant('fail' as const), attempt }) },
    ),
    { maxLength },
  );
};

/** Only wrong guesses: charges, failures and passing time, in any order, one after the other or many at once. */
export function anyGuessing(maxLength = 60): fc.Arbitrary<readonly Step[]> {
  const oneByOne = fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: guess },
        { weight: 1, arbitrary: fc.oneof(charge, fail).map((step) => [step]) },
      ),
      { maxLength },
    )
    .map((parts) => parts.flat());
  return fc.oneof(oneByOne, crowd(maxLength));
}

/** Wrong and right guesses, and acts of others, mostly one after the other, and many of them: much is counted and cleared. */
export function anySignIns(maxLength = 50): fc.Arbitrary<readonly Step[]> {
  const part = fc.oneof(
    { weight: 6, arbitrary: guess },
    { weight: 2, arbitrary: signIn },
    { weight: 3, arbitrary: single.map((step) => [step]) },
  );
  return fc.array(part, { maxLength, size: 'max' }).map((parts) => parts.flat());
}
