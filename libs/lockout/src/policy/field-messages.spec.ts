import { describe, expect, test } from '@jest/globals';
import { problemsIn } from '../testing/policy-problems.js';

const fixed = { kind: 'fixed', durationMs: 1000 };
const base = { name: 'login', threshold: 5, schedule: fixed };
const sliding = { kind: 'sliding', durationMs: 9 };
const DURATION = 'whole milliseconds, e.g. minutes(5) = 300000';
const NAME = '1 to 64 letters, digits, ".", "_" or "-", starting with a letter or digit';
const SCOPE = 'a list of "account", "address", "device" or { custom: "…" }';
const METHODS = '"all", or a list of method names, e.g. ["password"]';
const LIMITS = 'e.g. { "schedule.initialMs": { min: minutes(1), max: minutes(60) } }';
const LONGEST = '1 to 3153600000000';
const COUNT = '1 to 1000000';

describe('what a person is told about the fields of a policy, word for word', () => {
  test.each<[string, unknown, string[]]>([
    [
      'nothing that is a policy',
      5,
      ['policy: must be an object, not 5 (e.g. { name: "login", threshold: 5, schedule: … })'],
    ],
    [
      'an empty object',
      {},
      [
        `name: is missing (${NAME})`,
        'schedule: is missing (e.g. { kind: "fixed", durationMs: minutes(15) })',
        `threshold: is missing (the failure that locks, ${COUNT})`,
      ],
    ],
    [
      'names',
      { ...base, name: 'my policy', counter: 7 },
      [`name: must be a name, not "my policy" (${NAME})`, `counter: must be a name, not 7 (${NAME})`],
    ],
    [
      'reserved names',
      { ...base, name: 'Manual', counter: 'manual' },
      [
        'name: is reserved: "Manual" (choose another; it names the locks that administrators set)',
        'counter: is reserved: "manual" (choose another; it names the locks that administrators set)',
      ],
    ],
    [
      'fields of the wrong kind',
      {
        ...base,
        threshold: '5',
        enabled: 1,
        enforce: null,
        counts: 'password',
        refuses: 'none',
        scope: 'account',
        window: 5,
        escalationWindow: 'always',
        indefiniteAfterLockouts: true,
        indefiniteAfterFailures: 1.5,
        onSuccess: null,
        onPasswordReset: [],
        selfService: {},
        unlockKeepsEscalation: 'yes',
        unlockKeepsCount: 0,
        unknownAccounts: false,
        exempt: null,
        weights: [],
        minIntervalMs: '1s',
        quickFailure: 1,
        attemptTimeoutMs: {},
        abandonAllowance: null,
        retentionMs: '1d',
        notify: true,
        messages: 'no',
        limits: 5,
        locksOn: 3,
        afterLock: 'never',
      },
      [
        `counts: must not be "password" (${METHODS})`,
        `scope: must be a list, not "account" (${SCOPE})`,
        'enabled: must be true or false, not 1 (true or false)',
        'enforce: must be true or false, not null (true or false)',
        'refuses: must not be "none" (one of "counted", "all")',
        'window: must be an object, not 5 (e.g. { kind: "idle", durationMs: minutes(15) })',
        'escalationWindow: must be an object, not "always" ("with-failures", "never" or { durationMs: hours(24) })',
        `indefiniteAfterLockouts: must be a number, not true (a number of lockouts, or null, ${COUNT})`,
        `indefiniteAfterFailures: must be a whole number, not 1.5 (a number of failures, or null, ${COUNT})`,
        'onSuccess: must not be null (one of "clear", "refund", "clear-own-address")',
        'onPasswordReset: must not be a list (one of "unlock", "unlock-timed", "keep")',
        'selfService: must not be an object (one of "none", "timed", "all")',
        'unlockKeepsEscalation: must be true or false, not "yes" (true or false)',
        'unlockKeepsCount: must be true or false, not 0 (true or false)',
        'unknownAccounts: must not be false (one of "track", "ignore")',
        'exempt: must be an object, not null ({ accounts: ["root"], addresses: ["10.0.0.0/8"] })',
        'weights: must be an object, not a list (e.g. { password: 1, "recovery-code": 2 })',
        `minIntervalMs: must be a number, not "1s" (${DURATION}, 0 to 3153600000000)`,
        'quickFailure: must be an object, not 1 ({ withinMs: seconds(1), lockMs: minutes(1) }, or null)',
        `attemptTimeoutMs: must be a number, not an object (${DURATION}, 1 to 86400000)`,
        `retentionMs: must be a number, not "1d" (${DURATION}, or null, ${LONGEST})`,
        'notify: must be an object, not true ({ from: 5 }, or null)',
        'messages: must be a list, not "no" (sentences of 1 to 500 characters)',
        `limits: must be an object, not 5 (${LIMITS})`,
        `threshold: must be a number, not "5" (the failure that locks, ${COUNT})`,
        'locksOn: must not be 3 (one of "reaching", "exceeding")',
        'afterLock: must not be "never" (one of "relock-on-next-failure", "relock-at-each-multiple", "fresh-budget", "fresh-budget-at-end")',
        'abandonAllowance: must be a number, not null (refunds per window, 0 to 1000000)',
      ],
    ],
    [
      'fields that are not there',
      {
        ...base,
        colour: 'red',
        window: { kind: 'none', durationMs: 5 },
        escalationWindow: { durationMs: 5, end: 1 },
        exempt: { users: [] },
        quickFailure: { withinMs: 1, lockMs: 1, x: 1 },
        notify: { from: 1, to: 2 },
        schedule: { kind: 'indefinite', durationMs: 1 },
      },
      [
        'window.durationMs: is not a field here (known fields: kind)',
        'escalationWindow.end: is not a field here (known fields: durationMs)',
        'exempt.users: is not a field here (known fields: accounts, addresses)',
        'quickFailure.x: is not a field here (known fields: lockMs, withinMs)',
        'notify.to: is not a field here (known fields: from, successAfter)',
        'schedule.durationMs: is not a field here (known fields: kind)',
        'colour: is not a field here (known fields: abandonAllowance, afterLock, attemptTimeoutMs, counter, counts, enabled, enforce, escalationWindow, exempt, indefiniteAfterFailures, indefiniteAfterLockouts, limits, locksOn, messages, minIntervalMs, name, notify, onPasswordReset, onSuccess, quickFailure, refuses, retentionMs, schedule, scope, selfService, threshold, unknownAccounts, unlockKeepsCount, unlockKeepsEscalation, weights, window)',
      ],
    ],
    [
      'fields that are missing',
      {
        ...base,
        window: { kind: 'idle' },
        escalationWindow: {},
        quickFailure: {},
        notify: {},
        limits: { threshold: {} },
        schedule: { kind: 'exponential' },
      },
      [
        `window.durationMs: is missing (${DURATION}, ${LONGEST})`,
        `escalationWindow.durationMs: is missing (${DURATION}, ${LONGEST})`,
        `quickFailure.withinMs: is missing (${DURATION}, ${LONGEST})`,
        `quickFailure.lockMs: is missing (${DURATION}, ${LONGEST})`,
        `notify.from: is missing (the first failure to tell of, ${COUNT})`,
        'limits.threshold.min: is missing (a number, -9007199254740991 to 9007199254740991)',
        'limits.threshold.max: is missing (a number, -9007199254740991 to 9007199254740991)',
        `schedule.initialMs: is missing (${DURATION}, ${LONGEST})`,
        'schedule.factor: is missing (a number, 1 to 1000)',
        'schedule.by: is missing (one of "failures", "lockouts")',
      ],
    ],
    [
      'methods',
      { ...base, counts: ['ok', 'not ok', 5] },
      [`counts[1]: must not be "not ok" (${NAME})`, `counts[2]: must not be 5 (${NAME})`],
    ],
    ['no methods', { ...base, counts: [] }, [`counts: is empty: nothing would count (${METHODS})`]],
    ['a method twice', { ...base, counts: ['otp', 'otp'] }, [`counts: names a method twice (${METHODS})`]],
    [
      'weights',
      { ...base, counts: ['otp'], weights: { otp: 0, totp: 2, 'x y': 1 } },
      [
        'weights.otp: is out of range: 0 (a whole number, 1 to 128)',
        'weights.totp: is not counted by this policy (name only methods of `counts`)',
        `weights.x y: is no method name (${NAME})`,
      ],
    ],
    [
      'scope parts',
      { ...base, scope: ['account', 'user', { custom: 'a b' }, { custom: 'x', y: 1 }, null] },
      [
        `scope[1]: must be an object, not "user" (${SCOPE})`,
        `scope[2].custom: must be a name, not "a b" (${NAME})`,
        'scope[3].y: is not a field here (known fields: custom)',
        `scope[4]: must be an object, not null (${SCOPE})`,
      ],
    ],
    [
      'a scope part that is none, among others twice: told once',
      { ...base, scope: ['account', 'user', 'account'] },
      [`scope[1]: must be an object, not "user" (${SCOPE})`],
    ],
    [
      'what is no method, twice',
      { ...base, counts: [5, 5] },
      [`counts[0]: must not be 5 (${NAME})`, `counts[1]: must not be 5 (${NAME})`],
    ],
    [
      'an own address in a window that is none',
      { ...base, onSuccess: 'clear-own-address', window: 5 },
      ['window: must be an object, not 5 (e.g. { kind: "idle", durationMs: minutes(15) })'],
    ],
    [
      'a blank message',
      { ...base, messages: [' '] },
      ['messages[0]: must not be " " (sentences of 1 to 500 characters)'],
    ],
    ['no scope parts', { ...base, scope: [] }, ['scope: has 0 parts (1 to 8 parts)']],
    [
      'eight scope parts, which no names are short enough for',
      { ...base, scope: 'abcdefgh'.split('').map((custom) => ({ custom })) },
      [
        'scope: has too long names (at most 64 characters: custom:a+custom:b+custom:c+custom:d+custom:e+custom:f+custom:g+custom:h)',
      ],
    ],
    [
      'nine scope parts',
      { ...base, scope: ['account', ...Array.from({ length: 8 }, (_, n) => ({ custom: `p${n}` }))] },
      ['scope: has 9 parts (1 to 8 parts)'],
    ],
    [
      'a scope part twice',
      { ...base, scope: ['account', 'account'] },
      [`scope: names a part twice (${SCOPE})`],
    ],
    [
      'a scope that is too long',
      { ...base, scope: ['account', { custom: 'x'.repeat(50) }] },
      [
        'scope: has too long names (at most 64 characters: account+custom:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)',
      ],
    ],
    [
      'a scope without account',
      { ...base, scope: ['address'], onSuccess: 'clear', onPasswordReset: 'unlock' },
      [
        'onSuccess: "clear" needs "account" in the scope: signing in to an own account would clear it for all (use "refund", the default here)',
        'onPasswordReset: "unlock" needs "account" in the scope: signing in to an own account would clear it for all (use "keep", the default here)',
      ],
    ],
    [
      'an own address in a sliding window',
      { ...base, onSuccess: 'clear-own-address', window: sliding },
      [
        'onSuccess: "clear-own-address" does not work with a sliding window (use an idle or fixed window, or onSuccess "clear")',
      ],
    ],
    [
      'exempt ones',
      { ...base, exempt: { accounts: ['', 'x'.repeat(257)], addresses: [5] } },
      [
        'exempt.accounts[0]: must not be "" (account ids, 1 to 256 characters)',
        'exempt.accounts[1]: must not be "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (account ids, 1 to 256 characters)',
        'exempt.addresses[0]: must not be 5 (addresses or CIDR ranges, e.g. "10.0.0.0/8")',
      ],
    ],
    [
      'messages',
      { ...base, messages: ['', 'x'.repeat(501), 5] },
      [
        'messages[0]: must not be "" (sentences of 1 to 500 characters)',
        'messages[1]: must not be "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (sentences of 1 to 500 characters)',
        'messages[2]: must not be 5 (sentences of 1 to 500 characters)',
      ],
    ],
    [
      'a value that is long',
      { ...base, refuses: 'x'.repeat(41) },
      ['refuses: must not be "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (one of "counted", "all")'],
    ],
    [
      'a value of 40 characters',
      { ...base, refuses: 'x'.repeat(40) },
      ['refuses: must not be "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" (one of "counted", "all")'],
    ],
    [
      'values of every kind',
      { ...base, counts: [true, null, undefined, Symbol('s'), () => 1, 5n, {}, []] },
      [
        `counts[0]: must not be true (${NAME})`,
        `counts[1]: must not be null (${NAME})`,
        `counts[2]: must not be undefined (${NAME})`,
        `counts[3]: must not be a symbol (${NAME})`,
        `counts[4]: must not be a function (${NAME})`,
        `counts[5]: must not be a bigint (${NAME})`,
        `counts[6]: must not be an object (${NAME})`,
        `counts[7]: must not be a list (${NAME})`,
      ],
    ],
  ])('%s', (_, value, problems) => {
    expect(problemsIn(value)).toEqual(problems);
  });
});
