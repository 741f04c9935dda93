import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy } from '../testing/arbitraries.js';
import { definePolicies, definePolicy } from './define-policy.js';
import { hours, MAX_DURATION_MS, minutes } from './duration.js';
import { MANUAL_POLICY } from './manual.js';
import type { LockoutPolicy, PolicyInput } from './policy.js';
import { PolicyError } from './policy-error.js';
import { presets } from './presets/index.js';

const MINIMAL: PolicyInput = {
  name: 'login',
  threshold: 5,
  schedule: { kind: 'fixed', durationMs: minutes(15) },
};

/** What a policy from outside (JSON) is told. */
function problemsOf(value: unknown) {
  try {
    definePolicy(value as PolicyInput);
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}
const pathsOf = (value: unknown) => problemsOf(value).map((problem) => problem.path);
const withFields = (fields: Record<string, unknown>) => ({ ...MINIMAL, ...fields });

describe('defaults', () => {
  test('a name and a rule are enough; every other field has its documented default', () => {
    expect(definePolicy(MINIMAL)).toEqual({
      name: 'login',
      counter: 'login',
      enabled: true,
      enforce: true,
      counts: 'all',
      refuses: 'counted',
      scope: ['account'],
      window: { kind: 'none' },
      escalationWindow: 'with-failures',
      indefiniteAfterLockouts: null,
      indefiniteAfterFailures: null,
      onSuccess: 'clear',
      onPasswordReset: 'unlock-timed',
      selfService: 'timed',
      unlockKeepsEscalation: false,
      unknownAccounts: 'track',
      exempt: { accounts: [], addresses: [] },
      weights: {},
      minIntervalMs: 0,
      attemptTimeoutMs: minutes(2),
      abandonAllowance: 5,
      retentionMs: null,
      notify: null,
      messages: [],
      limits: {},
      threshold: 5,
      locksOn: 'reaching',
      afterLock: 'relock-on-next-failure',
      schedule: { kind: 'fixed', durationMs: minutes(15) },
    });
  });

  test('a scope without account is cleared neither by success nor by a password reset (P4)', () => {
    const address = definePolicy({ ...MINIMAL, scope: ['address'] });
    expect([address.onSuccess, address.onPasswordReset]).toEqual(['refund', 'keep']);
  });

  test('the refunds a key grants default to its first locking failure, also of a table', () => {
    const rows = [
      { failures: 3, lockMs: 1000 },
      { failures: 7, lockMs: null },
    ];
    expect(definePolicy({ name: 't', schedule: { kind: 'table', rows } }).abandonAllowance).toBe(3);
    expect(definePolicy({ ...MINIMAL, abandonAllowance: 0 }).abandonAllowance).toBe(0);
  });

  test('a field that is undefined counts as absent', () => {
    expect(definePolicy({ ...MINIMAL, counts: undefined, window: undefined } as never)).toEqual(
      definePolicy(MINIMAL),
    );
  });
});

describe('the result', () => {
  const isFrozen = (value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozen));

  test('is deep-frozen, and shares nothing with what was given', () => {
    const scope = ['account', { custom: 'tenant' }] as const;
    const input: PolicyInput = {
      ...MINIMAL,
      scope,
      counts: ['password'],
      exempt: { accounts: ['root'], addresses: [] },
    };
    const policy = definePolicy(input);
    expect(isFrozen(policy)).toBe(true);
    expect(Object.isFrozen(scope[1])).toBe(false);
    expect(Object.isFrozen(input.exempt)).toBe(false);
  });

  test('goes in again and comes out equal, also through JSON', () => {
    fc.assert(
      fc.property(anyPolicy(), (policy) => {
        expect(definePolicy(policy as PolicyInput)).toEqual(policy);
        expect(definePolicy(JSON.parse(JSON.stringify(policy)) as PolicyInput)).toEqual(policy);
      }),
    );
  });

  test('every preset goes in again and comes out equal', () => {
    for (const make of Object.values(presets)) {
      const policies: readonly LockoutPolicy[] = make();
      expect(definePolicies(policies as readonly PolicyInput[])).toEqual(policies);
    }
  });
});

describe('one error tells every problem', () => {
  test('with code, paths, and a message that lists each with its fix', () => {
    const broken = { name: '', threshold: 0, schedule: { kind: 'fixed', durationMs: '15m' }, colour: 'red' };
    const problems = problemsOf(broken);
    expect(problems.map((problem) => problem.path)).toEqual([
      'name',
      'schedule.durationMs',
      'threshold',
      'colour',
    ]);
    const error = new PolicyError(problems);
    expect(error).toBeInstanceOf(Error);
    expect([error.code, error.name]).toEqual(['LOCKOUT_CONFIG', 'PolicyError']);
    expect(error.message).toContain('has 4 problems');
    for (const { path, message, hint } of problems)
      expect(error.message).toContain(`${path}: ${message} (${hint})`);
  });

  test.each([null, undefined, 5, 'policy', [], true])(
    'for %p, which is no object at all, one problem is enough',
    (value) => {
      expect(pathsOf(value)).toEqual(['policy']);
    },
  );

  test('anything from outside gives a policy or a PolicyError, never another exception', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withSymbol: true } as never),
        (value) => {
          problemsOf(value);
          problemsOf({ ...MINIMAL, window: value });
          problemsOf({ ...MINIMAL, schedule: value });
          problemsOf({ ...MINIMAL, limits: value });
          problemsOf({ ...MINIMAL, scope: [value], weights: value });
        },
      ),
    );
  });

  test('any single field of any wrong kind is one problem at that field', () => {
    const wrong = fc.oneof(
      fc.constant(Number.NaN),
      fc.constant('x y'),
      fc.constant([[]]),
      fc.constant({ 'x y': 'z' }),
      fc.constant(-1.5),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(definePolicy(MINIMAL))), wrong, (field, value) => {
        const paths = pathsOf(withFields({ [field]: value }));
        expect(paths.length).toBeGreaterThan(0);
        for (const path of paths) expect(path.startsWith(field)).toBe(true);
      }),
    );
  });
});

describe('what is refused', () => {
  const rows = [{ failures: 3, lockMs: 1000 }];
  const table = (fields: Record<string, unknown>) => ({
    name: 't',
    schedule: { kind: 'table', rows },
    ...fields,
  });
  const exponential = { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' };

  test.each<[string, unknown, string[]]>([
    ['no name', { threshold: 1, schedule: MINIMAL.schedule }, ['name']],
    ['a name of 65 characters', withFields({ name: 'x'.repeat(65) }), ['name']],
    ['a name with spaces', withFields({ name: 'my policy' }), ['name']],
    ['the reserved name', withFields({ name: 'manual' }), ['name']],
    ['the reserved name in capitals', withFields({ name: 'MANUAL' }), ['name']],
    ['the reserved counter', withFields({ counter: 'manual' }), ['counter']],
    ['an unknown field', withFields({ treshold: 3 }), ['treshold']],
    [
      'an own __proto__',
      JSON.parse('{"name":"login","threshold":5,"schedule":{"kind":"indefinite"},"__proto__":{}}'),
      ['__proto__'],
    ],
    [
      'an unknown field deep inside',
      withFields({ window: { kind: 'none', durationMs: 5 } }),
      ['window.durationMs'],
    ],
    ['no threshold', { name: 'login', schedule: MINIMAL.schedule }, ['threshold']],
    ['no schedule', { name: 'login', threshold: 5 }, ['schedule']],
    ['threshold 0', withFields({ threshold: 0 }), ['threshold']],
    ['threshold 2.5', withFields({ threshold: 2.5 }), ['threshold']],
    ['threshold Infinity', withFields({ threshold: Number.POSITIVE_INFINITY }), ['threshold']],
    ['threshold "5"', withFields({ threshold: '5' }), ['threshold']],
    ['a threshold with a table', table({ threshold: 5 }), ['threshold']],
    [
      'locksOn and afterLock with a table',
      table({ locksOn: 'reaching', afterLock: 'fresh-budget' }),
      ['locksOn', 'afterLock'],
    ],
    ['an empty table', table({ schedule: { kind: 'table', rows: [] } }), ['schedule.rows']],
    [
      'rows that do not ascend',
      table({ schedule: { kind: 'table', rows: [...rows, ...rows] } }),
      ['schedule.rows[1].failures'],
    ],
    [
      'a row after an indefinite one',
      table({ schedule: { kind: 'table', rows: [{ failures: 1, lockMs: null }, ...rows] } }),
      ['schedule.rows[1]'],
    ],
    ['a row that is no object', table({ schedule: { kind: 'table', rows: [7] } }), ['schedule.rows[0]']],
    [
      'a negative duration',
      withFields({ schedule: { kind: 'fixed', durationMs: -1 } }),
      ['schedule.durationMs'],
    ],
    [
      'a duration of nothing',
      withFields({ schedule: { kind: 'fixed', durationMs: 0 } }),
      ['schedule.durationMs'],
    ],
    [
      'a broken duration',
      withFields({ schedule: { kind: 'fixed', durationMs: 1.5 } }),
      ['schedule.durationMs'],
    ],
    ['NaN', withFields({ schedule: { kind: 'fixed', durationMs: Number.NaN } }), ['schedule.durationMs']],
    [
      'Infinity',
      withFields({ schedule: { kind: 'fixed', durationMs: Number.POSITIVE_INFINITY } }),
      ['schedule.durationMs'],
    ],
    [
      'more than 100 years',
      withFields({ schedule: { kind: 'fixed', durationMs: MAX_DURATION_MS + 1 } }),
      ['schedule.durationMs'],
    ],
    ['a factor below 1', withFields({ schedule: { ...exponential, factor: 0.9 } }), ['schedule.factor']],
    ['no driver of growth', withFields({ schedule: { ...exponential, by: undefined } }), ['schedule.by']],
    [
      'a cap below the first lock',
      withFields({ schedule: { ...exponential, maximumMs: 9 } }),
      ['schedule.initialMs'],
    ],
    ['an unknown schedule', withFields({ schedule: { kind: 'random' } }), ['schedule.kind']],
    ['an unknown window', withFields({ window: { kind: 'daily' } }), ['window.kind']],
    ['a window without duration', withFields({ window: { kind: 'idle' } }), ['window.durationMs']],
    [
      'an anchor of a fixed window',
      withFields({ window: { kind: 'fixed', durationMs: 5, anchor: 'last-failure' } }),
      ['window.anchor'],
    ],
    [
      'an escalation window of nothing',
      withFields({ escalationWindow: { durationMs: 0 } }),
      ['escalationWindow.durationMs'],
    ],
    [
      'sliding threshold 129',
      withFields({ threshold: 129, window: { kind: 'sliding', durationMs: 9 } }),
      ['threshold'],
    ],
    [
      'sliding threshold 128 that must be exceeded',
      withFields({ threshold: 128, locksOn: 'exceeding', window: { kind: 'sliding', durationMs: 9 } }),
      ['threshold'],
    ],
    [
      'a sliding table past 128',
      table({
        window: { kind: 'sliding', durationMs: 9 },
        schedule: { kind: 'table', rows: [{ failures: 129, lockMs: 5 }] },
      }),
      ['schedule.rows[0].failures'],
    ],
    ['empty counts', withFields({ counts: [] }), ['counts']],
    ['a method counted twice', withFields({ counts: ['otp', 'otp'] }), ['counts']],
    ['an empty scope', withFields({ scope: [] }), ['scope']],
    ['a scope part twice', withFields({ scope: ['account', 'account'] }), ['scope']],
    ['a custom part twice', withFields({ scope: [{ custom: 'a' }, { custom: 'a' }] }), ['scope']],
    ['an unknown scope part', withFields({ scope: ['user'] }), ['scope[0]']],
    ['success that clears an address', withFields({ scope: ['address'], onSuccess: 'clear' }), ['onSuccess']],
    [
      'clear-own-address without account',
      withFields({ scope: ['address'], onSuccess: 'clear-own-address' }),
      ['onSuccess'],
    ],
    [
      'a reset that unlocks an address',
      withFields({ scope: ['address'], onPasswordReset: 'unlock' }),
      ['onPasswordReset'],
    ],
    [
      'clear-own-address with a sliding window',
      withFields({ onSuccess: 'clear-own-address', window: { kind: 'sliding', durationMs: 9 } }),
      ['onSuccess'],
    ],
    ['a weight of nothing', withFields({ weights: { password: 0 } }), ['weights.password']],
    [
      'a weight of a method that does not count',
      withFields({ counts: ['otp'], weights: { password: 2 } }),
      ['weights.password'],
    ],
    ['a truthy switch', withFields({ enabled: 1 }), ['enabled']],
    ['a null switch', withFields({ enforce: null }), ['enforce']],
    ['exempt as a list', withFields({ exempt: ['root'] }), ['exempt']],
    ['a blank exempt account', withFields({ exempt: { accounts: [' '] } }), ['exempt.accounts[0]']],
    ['a message that is no text', withFields({ messages: [5] }), ['messages[0]']],
    ['notify from 0', withFields({ notify: { from: 0 } }), ['notify.from']],
    ['a timeout of nothing', withFields({ attemptTimeoutMs: 0 }), ['attemptTimeoutMs']],
    ['a retention of nothing', withFields({ retentionMs: 0 }), ['retentionMs']],
    ['a number above its limit', withFields({ limits: { threshold: { min: 1, max: 4 } } }), ['threshold']],
    [
      'a number that is no whole step',
      withFields({ limits: { 'schedule.durationMs': { min: 1, max: hours(1), multipleOf: 7 } } }),
      ['schedule.durationMs'],
    ],
    ['a limit of nothing', withFields({ limits: { treshold: { min: 1, max: 4 } } }), ['limits.treshold']],
    [
      'a limit that is upside down',
      withFields({ limits: { threshold: { min: 6, max: 4 } } }),
      ['limits.threshold.min'],
    ],
  ])('%s', (_, value, paths) => {
    expect(pathsOf(value)).toEqual(paths);
  });

  test.each([
    [
      'a sliding threshold of 128',
      withFields({ threshold: 128, window: { kind: 'sliding', durationMs: 9 } }),
    ],
    ['a cap equal to the first lock', withFields({ schedule: { ...exponential, maximumMs: 10 } })],
    ['a factor of 1', withFields({ schedule: { ...exponential, factor: 1 } })],
    ['a name of 64 characters', withFields({ name: 'x'.repeat(64) })],
    ['the longest duration', withFields({ schedule: { kind: 'fixed', durationMs: MAX_DURATION_MS } })],
    ['a number at its limit', withFields({ limits: { threshold: { min: 5, max: 5, integer: true } } })],
    ['a limit of a number that is off', withFields({ limits: { retentionMs: { min: 1, max: 5 } } })],
  ])('but not %s', (_, value) => {
    expect(pathsOf(value)).toEqual([]);
  });
});

describe('a list of policies', () => {
  const problemsOfList = (value: unknown) => {
    try {
      definePolicies(value as PolicyInput[]);
    } catch (error) {
      return (error as PolicyError).problems.map((problem) => problem.path);
    }
    return [];
  };

  test('reports the problems of all of them at once', () => {
    expect(
      problemsOfList([withFields({ threshold: 0 }), MINIMAL, withFields({ name: 'x', nme: 1 })]),
    ).toEqual(['policies[0].threshold', 'policies[2].nme']);
    expect(problemsOfList('policies')).toEqual(['policies']);
  });

  test('names differ, and a counter is shared only by the same scope', () => {
    expect(problemsOfList([MINIMAL, MINIMAL])).toEqual(['policies[1].name']);
    const brand = { ...MINIMAL, name: 'brand', counter: 'login' };
    expect(problemsOfList([MINIMAL, brand])).toEqual([]);
    expect(problemsOfList([MINIMAL, { ...brand, scope: ['address'] }])).toEqual(['policies[1].counter']);
  });

  test('several presets go together', () => {
    const all = Object.values(presets).flatMap((make): readonly LockoutPolicy[] => make());
    expect(definePolicies(all as PolicyInput[])).toHaveLength(6);
  });
});

describe('R15 the policy of manual locks', () => {
  test('cannot be defined by anybody else, and is complete and frozen', () => {
    expect(pathsOf(MANUAL_POLICY).sort()).toEqual(['counter', 'counts', 'name']);
    expect(Object.keys(MANUAL_POLICY).sort()).toEqual(Object.keys(definePolicy(MINIMAL)).sort());
    expect(Object.isFrozen(MANUAL_POLICY)).toBe(true);
  });
});
