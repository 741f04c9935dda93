import fc from 'fast-check';
import { definePolicies, type LockoutPolicy, type PolicyInput } from 'nestjs-lockout/policy';

const duration = fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1000);
const by = fc.constantFrom('failures' as const, 'lockouts' as const);

const rule = fc.oneof(
  fc.record({
    threshold: fc.integer({ min: 1, max: 4 }),
    locksOn: fc.constantFrom('reaching' as const, 'exceeding' as const),
    afterLock: fc.constantFrom(
      ...(['relock-on-next-failure', 'relock-at-each-multiple'] as const),
      ...(['fresh-budget', 'fresh-budget-at-end'] as const),
    ),
    schedule: fc.oneof(
      fc.record({ kind: fc.constant('fixed' as const), durationMs: duration }),
      fc.record({
        kind: fc.constant('exponential' as const),
        initialMs: duration,
        factor: fc.constantFrom(1.5, 2, 3),
        by,
      }),
      fc.record({ kind: fc.constant('linear' as const), initialMs: duration, stepMs: duration, by }),
      fc.constant({ kind: 'indefinite' as const }),
    ),
  }),
  fc.tuple(duration, duration).map(([first, second]) => ({
    schedule: {
      kind: 'table' as const,
      rows: [
        { failures: 2, lockMs: first },
        { failures: 3, lockMs: second },
        { failures: 5, lockMs: null },
      ],
    },
  })),
);

const window = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({
    kind: fc.constantFrom('idle' as const, 'fixed' as const, 'sliding' as const),
    durationMs: duration,
  }),
);

const core = fc.record({
  enforce: fc.oneof(
    { weight: 5, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  enabled: fc.oneof(
    { weight: 9, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  counts: fc.constantFrom<PolicyInput['counts'][]>('all', ['password'], ['password', 'otp']),
  refuses: fc.constantFrom('counted' as const, 'all' as const),
  window,
  onSuccess: fc.constantFrom('clear' as const, 'refund' as const, 'clear-own-address' as const),
  minIntervalMs: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: duration }),
});

const scope = fc.constantFrom<readonly ('account' | 'address' | 'device')[]>(
  ...([['account'], ['account'], ['account'], ['account', 'address']] as const),
  ...([['address'], ['account', 'device']] as const),
);

/** One to three policies over several scopes; those of one scope often share a counter. */
export const anyPolicies: fc.Arbitrary<readonly LockoutPolicy[]> = fc
  .array(fc.tuple(core, rule, scope, fc.nat({ max: 2 })), { minLength: 1, maxLength: 3 })
  .map((drafts) =>
    definePolicies(
      drafts.map(([fields, locking, parts, chance], index) => {
        const slides = fields.window.kind === 'sliding' && fields.onSuccess === 'clear-own-address';
        return {
          ...fields,
          ...locking,
          name: `policy-${index}`,
          counter: chance > 0 ? `shared-${parts.join('-')}` : `policy-${index}`,
          scope: parts,
          ...(slides || !parts.includes('account') ? { onSuccess: 'refund' } : {}),
        } as PolicyInput;
      }),
    ),
  );
