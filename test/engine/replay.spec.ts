import { describe, expect, it } from '@jest/globals';
import { type EngineOptions, LockoutEngine } from 'nestjs-lockout';
import {
  authgear,
  contentstack,
  definePolicies,
  hours,
  type LockoutPolicy,
  minutes,
  oneWelcome,
  outSystems,
  type PresetName,
  presets,
  Replay,
  type ReplayAddresses,
  type ReplayAttempt,
  reachFive,
  seconds,
} from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { SECRET } from './bench.js';

/** Mulberry32: the same history on every run. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    below: (count: number) => Math.floor(next() * count),
    oneOf: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

interface Population {
  readonly accounts: number;
  readonly addresses: number;
  readonly methods?: readonly string[];
  readonly brands?: readonly (string | undefined)[];
  readonly realms?: readonly (string | undefined)[];
  /** Share of names that nobody has. */
  readonly unknown?: number;
  /** Share of attempts without an address, and without a device. */
  readonly missing?: number;
}

/** The next attempt, and how long after the last one it comes. */
function attemptOf(random_: ReturnType<typeof random>, who: Population): Omit<ReplayAttempt, 'at'> {
  const { below, next, oneOf } = random_;
  const { methods = ['password'], brands = [undefined], realms = [undefined] } = who;
  const [brand, realm] = [oneOf(brands), oneOf(realms)];
  const known = next() >= (who.unknown ?? 0);
  return {
    // Low numbers more often, so that some accounts are locked again and again.
    account: `${known ? 'user' : 'nobody'}-${Math.floor(next() ** 2 * who.accounts * (known ? 1 : 10))}`,
    known,
    address: next() < (who.missing ?? 0) ? null : `192.0.2.${below(who.addresses)}`,
    device: next() < (who.missing ?? 0) ? null : `device-${below(3)}`,
    custom: { tenant: oneOf(['acme', 'globex']) },
    method: oneOf(methods),
    // Nobody signs in under a name that nobody has.
    outcome: !known
      ? 'failure'
      : oneOf([
          'failure',
          'failure',
          'failure',
          'failure',
          'failure',
          'success',
          'first-factor',
          'abandoned',
        ]),
    ...(brand === undefined ? {} : { brand }),
    ...(realm === undefined ? {} : { realm }),
  };
}

const STEPS = [0, 0, 1, 500, seconds(1), seconds(2), seconds(5), seconds(30), minutes(1), minutes(7)];
const LEAPS = [minutes(15), minutes(60), hours(5), hours(25)];

/** What is decided about an attempt, in the terms that both sides have. */
interface Decided {
  readonly refusal: {
    readonly reason: string;
    readonly retryAt: number | null;
    readonly policy: string;
  } | null;
  readonly remaining: number | null;
  readonly locked: readonly { readonly policy: string; readonly until: number | null }[];
}

async function live(engine: LockoutEngine, attempt: ReplayAttempt): Promise<Decided> {
  const { account, known, outcome, method = 'password', realm, brand, address, device, custom } = attempt;
  const begun = await engine.begin({
    account: known === false ? { unknown: account } : account,
    method,
    ...(realm === undefined ? {} : { realm }),
    ...(brand === undefined ? {} : { brand }),
    ...(address === undefined ? {} : { address }),
    ...(device === undefined ? {} : { device }),
    ...(custom === undefined ? {} : { custom }),
  });
  if (!begun.allowed) {
    const { reason, retryAt, policy } = begun.refusal;
    return { refusal: { reason, retryAt, policy }, remaining: null, locked: [] };
  }
  const settle = () => {
    if (outcome === 'failure') return begun.attempt.fail();
    if (outcome === 'abandoned') return begun.attempt.abandon();
    return begun.attempt.succeed({ final: outcome === 'success' });
  };
  const { refusal, locked } = await settle();
  return { refusal, remaining: begun.attempt.remaining, locked };
}

function replayed(replay: Replay, attempt: ReplayAttempt): Decided {
  const { refusal, remaining, locks } = replay.next(attempt);
  return {
    refusal: refusal && { reason: refusal.reason, retryAt: refusal.retryAt, policy: refusal.policy },
    remaining,
    locked: locks.map(({ policy, until }) => ({ policy, until })),
  };
}

interface Rules extends Pick<EngineOptions, 'policies' | 'brands' | 'newcomersPerAddress'> {
  readonly addresses?: ReplayAddresses;
}

/** Plays one random history to both, and compares them decision by decision. */
async function compare(rules: Rules, who: Population, seed: number, attempts: number) {
  const clock = new FakeClock();
  const store = new MemoryLockoutStore(clock.now);
  const { addresses: _addresses, ...options } = rules;
  const engine = new LockoutEngine({ store, secrets: [SECRET], clock, waitMs: 0, ...options });
  const replay = new Replay(rules);
  const dice = random(seed);
  const seen = { refused: 0, locked: 0, successes: 0 };
  let free: number | null = null;
  for (let n = 0; n < attempts; n += 1) {
    // Now and then exactly to the end of the last lock, or to the moment before it.
    const toEnd: number = free !== null && dice.next() < 0.2 ? free - clock.now() - dice.below(2) : -1;
    const leap = dice.next() < 0.01;
    await clock.advance(toEnd >= 0 ? toEnd : dice.oneOf(leap ? LEAPS : STEPS));
    const attempt = { ...attemptOf(dice, who), at: clock.now() };
    const expected = await live(engine, attempt);
    const told = replayed(replay, attempt);
    if (JSON.stringify(told) !== JSON.stringify(expected)) {
      // With the attempt and its number, or nobody could find it.
      expect({ n, attempt, ...told }).toEqual({ n, attempt, ...expected });
    }
    free = expected.refusal?.retryAt ?? null;
    seen.locked += expected.locked.length;
    if (expected.refusal) seen.refused += 1;
    else if (attempt.outcome === 'success') seen.successes += 1;
  }
  return { ...seen, keys: replay.keys };
}

const MIXED = definePolicies([
  {
    name: 'account',
    threshold: 4,
    counts: ['password'],
    refuses: 'all',
    schedule: { kind: 'fixed', durationMs: minutes(3) },
  },
  {
    name: 'pair',
    scope: ['account', 'address'],
    threshold: 2,
    window: { kind: 'fixed', durationMs: minutes(20) },
    schedule: {
      kind: 'linear',
      initialMs: seconds(20),
      stepMs: seconds(10),
      by: 'lockouts',
      maximumMs: minutes(2),
    },
    weights: { otp: 2 },
    exempt: { accounts: ['user-1'], addresses: [] },
  },
  {
    name: 'address',
    scope: ['address'],
    threshold: 12,
    minIntervalMs: 400,
    window: {
      kind: 'idle',
      durationMs: minutes(10),
      anchor: 'later-of-failure-and-lock-end',
      end: 'inclusive',
    },
    schedule: { kind: 'multiples', stepMs: minutes(1), by: 'failures', maximumMs: minutes(30) },
    exempt: { accounts: [], addresses: ['192.0.2.0/30'] },
  },
  {
    name: 'tenant',
    scope: [{ custom: 'tenant' }, 'device'],
    enforce: false,
    threshold: 9,
    schedule: { kind: 'fixed', durationMs: minutes(2) },
    indefiniteAfterLockouts: 3,
  },
  { name: 'off', enabled: false, threshold: 1, schedule: { kind: 'indefinite' } },
]);

/** Two policies on one record: both count it, each refuses what it refuses. */
const SHARED = definePolicies([
  {
    name: 'codes',
    counter: 'one',
    counts: ['otp'],
    threshold: 3,
    weights: { otp: 2 },
    schedule: { kind: 'fixed', durationMs: minutes(2) },
  },
  {
    name: 'everything',
    counter: 'one',
    threshold: 6,
    onSuccess: 'refund',
    schedule: { kind: 'fixed', durationMs: minutes(9) },
  },
]);

const ONE_EACH = definePolicies(
  (['password', 'otp'] as const).map((method) => ({
    name: method,
    counter: 'one',
    counts: [method],
    refuses: method === 'otp' ? ('all' as const) : ('counted' as const),
    threshold: 3,
    schedule: { kind: 'fixed' as const, durationMs: minutes(2) },
  })),
);

const isExempt = (policy: LockoutPolicy, address: string): boolean =>
  policy.exempt.addresses.includes('192.0.2.0/30') && /^192\.0\.2\.[0-3]$/.test(address);
const addresses: ReplayAddresses = { canonical: (text) => text, crowd: (text) => text, isExempt };

const MANY: Population = { accounts: 40, addresses: 12, missing: 0.05 };

describe('a replay decides as the live engine does, attempt by attempt', () => {
  const rules: readonly [string, Rules, Population][] = [
    ['reachfive', { policies: reachFive() }, MANY],
    ['onewelcome', { policies: oneWelcome() }, MANY],
    ['contentstack', { policies: contentstack() }, MANY],
    [
      'outsystems: a user at an address, and the address',
      { policies: outSystems() },
      { accounts: 5, addresses: 3, missing: 0.05 },
    ],
    ['authgear', { policies: authgear({ enabled: true, maximumAttempts: 4 }) }, MANY],
    [
      'account, account and address, address, tenant and device; monitored, weighed, exempt, with a pause',
      { policies: MIXED, addresses },
      {
        ...MANY,
        accounts: 15,
        methods: ['password', 'password', 'otp', 'sms'],
        realms: [undefined, 'staff'],
      },
    ],
    ['two policies that share a counter', { policies: SHARED }, { ...MANY, methods: ['password', 'otp'] }],
    ['one counter, one method a policy', { policies: ONE_EACH }, { ...MANY, methods: ['password', 'otp'] }],
    [
      'the same, the other first',
      { policies: [...ONE_EACH].reverse() },
      { ...MANY, methods: ['password', 'otp'] },
    ],
    [
      'whole-policy overrides of a brand',
      {
        policies: oneWelcome(),
        brands: { shop: oneWelcome({ maximumFailedAttempts: 2, lockoutTimeMs: minutes(20) }) },
      },
      { ...MANY, brands: [undefined, 'shop', 'elsewhere'] },
    ],
    [
      'R22 names that nobody has, beyond what an address may bring in',
      {
        policies: definePolicies([
          { name: 'account', threshold: 3, schedule: { kind: 'fixed', durationMs: minutes(10) } },
        ]),
        newcomersPerAddress: 5,
      },
      { accounts: 10, addresses: 2, unknown: 0.7, missing: 0.05 },
    ],
  ];

  it.each(rules)(
    '%s',
    async (_, rule, who) => {
      const seen = await compare(rule, who, 20_260_101, 3000);
      // Or the history proves little.
      expect(seen.locked).toBeGreaterThan(20);
      expect(seen.refused).toBeGreaterThan(100);
      expect(seen.successes).toBeGreaterThan(50);
    },
    120_000,
  );

  it.each(Object.keys(presets) as PresetName[])(
    'the preset %s',
    async (name) => {
      // Also those that their documents leave off.
      const policies = definePolicies(presets[name]().map((policy) => ({ ...policy, enabled: true })));
      const seen = await compare({ policies }, { accounts: 3, addresses: 2 }, 20_260_102, 1000);
      expect(seen.locked).toBeGreaterThan(0);
      expect(seen.refused).toBeGreaterThan(0);
    },
    120_000,
  );

  it('would notice another number', async () => {
    const engineOnly = { policies: reachFive({ allowedFailures: 4 }) };
    const clock = new FakeClock();
    const store = new MemoryLockoutStore(clock.now);
    const engine = new LockoutEngine({ store, secrets: [SECRET], clock, waitMs: 0, ...engineOnly });
    const replay = new Replay({ policies: reachFive() });
    const attempt: ReplayAttempt = { at: clock.now(), account: 'alice', outcome: 'failure' };
    const differ: boolean[] = [];
    for (let n = 0; n < 6; n += 1) {
      differ.push(JSON.stringify(await live(engine, attempt)) !== JSON.stringify(replayed(replay, attempt)));
    }
    expect(differ).toContain(true);
  });
});
