import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy } from '../testing/arbitraries.js';
import { definePolicies, definePolicy } from './define-policy.js';
import { minutes } from './duration.js';
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
      unlockKeepsCount: false,
      unknownAccounts: 'track',
      exempt: { accounts: [], addresses: [] },
      weights: {},
      minIntervalMs: 0,
      quickFailure: null,
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

  test('says what was written, every list and every optional number of it', () => {
    const written = {
      counts: ['password', 'otp'],
      scope: ['account', { custom: 'tenant' }],
      window: { kind: 'idle', durationMs: 9, anchor: 'last-failure', end: 'inclusive' },
      escalationWindow: { durationMs: 7 },
      exempt: { accounts: ['root'], addresses: ['10.0.0.0/8'] },
      weights: { otp: 2 },
      quickFailure: { withinMs: 5, lockMs: 6 },
      notify: { from: 3, successAfter: 8 },
      messages: ['Wait {minutes} minutes.'],
      limits: {
        threshold: { min: 1, max: 9 },
        retentionMs: { min: 1, max: 90, integer: true, multipleOf: 10, required: true },
      },
      retentionMs: 20,
    };
    expect(definePolicy(withFields(written) as PolicyInput)).toMatchObject(written);
    const { limits, window } = definePolicy(withFields(written) as PolicyInput);
    expect(limits).toStrictEqual(written.limits);
    expect(window).toStrictEqual(written.window);
    expect(JSON.parse(JSON.stringify(definePolicy(withFields(written) as PolicyInput)))).toMatchObject(
      written,
    );
    const halves = definePolicy(withFields({ exempt: { accounts: ['root'] } }) as PolicyInput);
    expect(halves.exempt).toEqual({ accounts: ['root'], addresses: [] });
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
    const lines = problems.map(({ path, message, hint }) => `  - ${path}: ${message} (${hint})`);
    expect(error.message).toBe(`The lockout policy has 4 problems:\n${lines.join('\n')}`);
    const one = { path: 'name', message: 'is missing', hint: 'a name' };
    expect(new PolicyError([one]).message).toBe(
      'The lockout policy has 1 problem:\n  - name: is missing (a name)',
    );
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

  test('tells which other policy a name or a counter is of', () => {
    const told = (value: unknown) => {
      try {
        definePolicies(value as PolicyInput[]);
      } catch (error) {
        return (error as PolicyError).message.split('\n').slice(1);
      }
      return [];
    };
    expect(told('policies')).toEqual(['  - policies: must be a list ([{ name: "login", … }])']);
    const other = { ...MINIMAL, name: 'other' };
    expect(told([other, MINIMAL, MINIMAL, MINIMAL])).toEqual([
      '  - policies[2].name: "login" is also the name of policies[1] (give each policy its own name)',
      '  - policies[3].name: "login" is also the name of policies[1] (give each policy its own name)',
    ]);
    const shared = { ...MINIMAL, name: 'pair', counter: 'login', scope: ['account', 'address'] };
    const also = '"login" is also the counter of policies[1], which counts by another scope';
    const hint = '(use another counter, or the same scope in the same order)';
    expect(told([other, MINIMAL, shared, { ...shared, name: 'again' }])).toEqual([
      `  - policies[2].counter: ${also} ${hint}`,
      `  - policies[3].counter: ${also} ${hint}`,
    ]);
  });

  test('several presets go together', () => {
    const all = Object.values(presets).flatMap((make): readonly LockoutPolicy[] => make());
    expect(definePolicies(all as PolicyInput[])).toHaveLength(25);
  });
});

describe('R15 the policy of manual locks', () => {
  test('cannot be defined by anybody else, and is complete and frozen', () => {
    expect(pathsOf(MANUAL_POLICY).sort()).toEqual(['counter', 'counts', 'name']);
    expect(Object.keys(MANUAL_POLICY).sort()).toEqual(Object.keys(definePolicy(MINIMAL)).sort());
    expect(Object.isFrozen(MANUAL_POLICY)).toBe(true);
  });
});
