import { Chance } from './chance.mjs';

const HOUR = 3_600_000;
const HEAVY = 'weighed-heavy';

/**
 * @typedef {object} Population People who sign in by a method of their own, under policies of their own.
 * @property {string} name
 * @property {string[]} methods one of which each attempt uses
 * @property {Record<string, any>[]} policies as `definePolicies` takes them
 * @property {number} share of all attempts: as many as its number says of what all numbers add up to
 * @property {number} hot accounts that everybody tries at once
 * @property {number} generationMs after which other accounts are the hot ones
 * @property {number} cold accounts that are tried now and then
 * @property {number} hotShare of the attempts, 0 to 1
 * @property {Record<string, number>} verdicts how often each is reached
 * @property {boolean} onlyFailures no success, no refund, no unlock: every count only grows
 * @property {boolean} slow whether verifying its first method always takes a while
 * @property {boolean} unlocks whether administrators unlock its accounts
 */

/** Schedules whose locks end within the run. @param {Chance} chance */
function shortSchedule(chance) {
  const first = chance.int(900, 2_500);
  const by = chance.pick(['failures', 'lockouts']);
  const maximumMs = first * 4;
  return chance.pick([
    { kind: 'fixed', durationMs: first },
    { kind: 'exponential', initialMs: first, factor: chance.pick([1.5, 2, 3]), by, maximumMs },
    { kind: 'linear', initialMs: first, stepMs: chance.int(100, 800), by, maximumMs },
    { kind: 'multiples', stepMs: first, by, maximumMs },
  ]);
}

/** Schedules whose locks do not. @param {Chance} chance */
const longSchedule = (chance) =>
  chance.pick([{ kind: 'indefinite' }, { kind: 'fixed', durationMs: chance.int(1, 9) * HOUR }]);

/** Windows that forget nothing within the run. @param {Chance} chance */
const longWindow = (chance) =>
  chance.pick([
    { kind: 'none' },
    { kind: chance.pick(['idle', 'fixed', 'sliding']), durationMs: chance.int(2, 9) * HOUR },
  ]);

/** @param {Chance} chance @param {string} name */
const draft = (chance, name) => ({
  name,
  counts: [name],
  threshold: chance.int(3, 8),
  locksOn: chance.pick(['reaching', 'reaching', 'exceeding']),
  afterLock: chance.pick([
    'relock-on-next-failure',
    'relock-at-each-multiple',
    'fresh-budget',
    'fresh-budget-at-end',
  ]),
  attemptTimeoutMs: chance.int(2_000, 3_500),
});

/** @param {Chance} chance */
function shortTable(chance) {
  let failures = 0;
  return {
    kind: 'table',
    rows: Array.from({ length: chance.int(2, 4) }, () => {
      failures += chance.int(1, 4);
      return { failures, lockMs: chance.int(900, 3_000) };
    }),
  };
}

/** The same for the same seed. @param {number} seed @returns {Population[]} */
export function drawPopulations(seed) {
  const chance = Chance.of(seed, 0);
  const failing = { failure: 1 };
  const table = { ...draft(chance, 'stepped'), schedule: shortTable(chance) };
  for (const field of ['threshold', 'locksOn', 'afterLock']) delete table[field];
  const base = {
    share: 2,
    hot: 2,
    cold: 1_000,
    hotShare: 0.7,
    onlyFailures: false,
    unlocks: false,
    slow: false,
  };
  /** @type {(Omit<Population, 'methods'> & { methods?: string[] })[]} */
  const populations = [
    {
      ...base,
      name: 'guessed',
      policies: [{ ...draft(chance, 'guessed'), window: longWindow(chance), schedule: longSchedule(chance) }],
      generationMs: 700,
      verdicts: failing,
      onlyFailures: true,
    },
    {
      ...base,
      name: 'relocked',
      policies: [{ ...draft(chance, 'relocked'), schedule: shortSchedule(chance) }],
      generationMs: 12_000,
      verdicts: failing,
      onlyFailures: true,
    },
    {
      ...base,
      name: 'stepped',
      policies: [{ ...table, window: longWindow(chance) }],
      generationMs: 12_000,
      verdicts: failing,
      onlyFailures: true,
    },
    {
      ...base,
      name: 'mixed',
      policies: [
        {
          ...draft(chance, 'mixed'),
          window: longWindow(chance),
          schedule: chance.pick([shortSchedule(chance), longSchedule(chance)]),
        },
      ],
      generationMs: 3_000,
      verdicts: { failure: 6, success: 4, abandon: 1 },
    },
    {
      ...base,
      name: 'house',
      policies: [
        { ...draft(chance, 'house-account'), schedule: shortSchedule(chance) },
        {
          ...draft(chance, 'house-address'),
          scope: ['address'],
          threshold: chance.int(10, 20),
          schedule: shortSchedule(chance),
        },
        {
          ...draft(chance, 'house-pair'),
          scope: ['account', 'address'],
          schedule: chance.pick([shortSchedule(chance), longSchedule(chance)]),
        },
      ].map((policy) => ({ ...policy, counts: ['house'] })),
      hot: 3,
      generationMs: 5_000,
      verdicts: { failure: 6, success: 3 },
    },
    {
      ...base,
      name: 'forgetful',
      policies: [
        {
          ...draft(chance, 'forgetful'),
          window: { kind: chance.pick(['idle', 'sliding', 'fixed']), durationMs: chance.int(2_000, 4_000) },
          schedule: shortSchedule(chance),
        },
      ],
      generationMs: 9_000,
      verdicts: { failure: 8, success: 1 },
    },
    {
      ...base,
      name: 'shared',
      policies: [
        {
          ...draft(chance, 'shared'),
          onSuccess: 'clear-own-address',
          schedule: longSchedule(chance),
        },
      ],
      generationMs: 2_000,
      verdicts: { failure: 5, success: 4 },
    },
    {
      ...base,
      name: 'pardoned',
      policies: [{ ...draft(chance, 'pardoned'), schedule: longSchedule(chance) }],
      generationMs: 6_000,
      verdicts: failing,
      unlocks: true,
    },
    {
      // A heavy failure is admitted where there is room for a light one, and locks while others are in flight (R6).
      ...base,
      name: 'weighed',
      methods: ['weighed', HEAVY],
      policies: [
        {
          ...draft(chance, 'weighed'),
          counts: ['weighed', HEAVY],
          threshold: 6,
          weights: { [HEAVY]: chance.int(5, 8) },
          onSuccess: 'refund',
          window: longWindow(chance),
          schedule: longSchedule(chance),
        },
      ],
      share: 4,
      hotShare: 0.95,
      generationMs: 1_200,
      verdicts: { failure: 5, success: 5 },
      slow: true,
    },
    {
      ...base,
      name: 'quiet',
      policies: [{ ...draft(chance, 'quiet'), threshold: chance.int(4, 8), schedule: longSchedule(chance) }],
      hotShare: 0.2,
      generationMs: 4_000,
      verdicts: { success: 1 },
    },
  ];
  return populations.map((population) => ({ methods: [population.name], ...population }));
}
