import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccountName, type Attempt, LockoutEngine } from 'nestjs-lockout';
import { definePolicy, type LockoutPolicy, type Method, type PolicyInput } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { BY_ADMIN, SECRET } from './bench.js';

interface Person extends AccountName {
  readonly address: string;
  readonly device: string;
}

/** `of`: whose it is. `ours` share no account, address or device in their realm with `others`. */
type Act = { readonly of: 'ours' | 'others'; readonly after: number } & (
  | { readonly do: 'begin'; readonly attempt: number; readonly who: Person; readonly method: Method }
  | { readonly do: 'fail' | 'succeed' | 'abandon'; readonly attempt: number }
  | { readonly do: 'lock' | 'unlock' | 'reset' | 'unlock-address'; readonly who: Person }
);

const peopleOf = (realm: string, accounts: readonly string[], network: number): fc.Arbitrary<Person> =>
  fc.tuple(fc.constantFrom(...accounts), fc.boolean(), fc.nat({ max: 1 })).map(([name, isKnown, host]) => ({
    realm,
    account: isKnown ? name : { unknown: name },
    address: `192.0.${network}.${host + 1}`,
    device: `device-${network}-${host}`,
  }));

const ours = peopleOf('customers', ['alice', 'bob'], 1);
/** Other people in our realm, and people of the same names, places and devices in another realm. */
const strangers = fc.oneof(
  peopleOf('customers', ['carol', 'dave'], 2),
  peopleOf('staff', ['alice', 'bob'], 1),
);

const actsOf = (of: Act['of'], people: fc.Arbitrary<Person>): fc.Arbitrary<readonly Act[]> => {
  const after = fc.oneof(fc.constant(0), fc.nat({ max: 40 }));
  const attempt = fc.nat({ max: 5 });
  const method = fc.constantFrom<Method[]>('password', 'otp');
  const begin = fc
    .tuple(after, attempt, people, method)
    .map(([at, one, who, by]): Act => ({ of, after: at, do: 'begin', attempt: one, who, method: by }));
  const settle = fc
    .tuple(
      after,
      attempt,
      fc.constantFrom('fail' as const, 'fail' as const, 'succeed' as const, 'abandon' as const),
    )
    .map(([at, one, outcome]): Act => ({ of, after: at, do: outcome, attempt: one }));
  const govern = fc
    .tuple(
      after,
      people,
      fc.constantFrom('lock' as const, 'unlock' as const, 'reset' as const, 'unlock-address' as const),
    )
    .map(([at, who, what]): Act => ({ of, after: at, do: what, who }));
  return fc
    .array(
      fc.oneof(
        // An attempt and its failure at once: without these, few random histories would ever lock.
        {
          weight: 6,
          arbitrary: begin.map((one) => [
            one,
            { of, after: 0, do: 'fail', attempt: 'attempt' in one ? one.attempt : 0 } as Act,
          ]),
        },
        { weight: 3, arbitrary: begin.map((one) => [one]) },
        { weight: 3, arbitrary: settle.map((one) => [one]) },
        { weight: 1, arbitrary: govern.map((one) => [one]) },
      ),
      { maxLength: 16 },
    )
    .map((parts) => parts.flat());
};

const nameOf = ({ realm, account, address }: Person) =>
  `${realm}/${typeof account === 'string' ? account : `?${account.unknown}`}@${address}`;

const told = (acts: readonly Act[]): string => {
  let now = 0;
  const lines = acts.map((act) => {
    now += act.after;
    const who = 'who' in act ? ` ${nameOf(act.who)}` : '';
    const attempt = 'attempt' in act ? ` ${act.attempt}` : '';
    return `  ${now} ${act.of}${who} ${act.do}${attempt}${act.do === 'begin' ? ` #${act.method}` : ''}`;
  });
  return `\n${lines.join('\n')}\n`;
};

/** Both people's acts, in any order of time; shown as a timeline. */
const anyActs = (people: fc.Arbitrary<Person>): fc.Arbitrary<readonly Act[]> =>
  fc
    .tuple(
      actsOf('ours', ours),
      actsOf('others', people),
      fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }),
    )
    .map(([mine, theirs, order]) => {
      const queues = { mine: [...mine], theirs: [...theirs] };
      const acts: Act[] = [];
      for (let turn = 0; queues.mine.length + queues.theirs.length > 0; turn += 1) {
        const from = order[turn % order.length] && queues.mine.length > 0 ? queues.mine : queues.theirs;
        const act = from.shift() ?? queues.mine.shift();
        if (act) acts.push(act);
      }
      return Object.defineProperty(acts, fc.toStringMethod, { value: () => told(acts) });
    });

/** Policies with numbers so small that everything happens within a few milliseconds. */
const anyPolicy = (fixed: Partial<PolicyInput>): fc.Arbitrary<LockoutPolicy> => {
  const duration = fc.integer({ min: 1, max: 60 });
  const by = fc.constantFrom('failures' as const, 'lockouts' as const);
  const schedule = fc.oneof(
    fc.record({ kind: fc.constant('fixed' as const), durationMs: duration }),
    fc.record({ kind: fc.constant('linear' as const), initialMs: duration, stepMs: duration, by }),
    fc.constant({ kind: 'indefinite' as const }),
  );
  const window = fc.oneof(
    fc.constant({ kind: 'none' as const }),
    fc.record({ kind: fc.constantFrom('idle' as const, 'fixed' as const), durationMs: duration }),
  );
  const fields = {
    schedule,
    window,
    threshold: fc.integer({ min: 1, max: 4 }),
    afterLock: fc.constantFrom(
      'relock-on-next-failure' as const,
      'fresh-budget' as const,
      'fresh-budget-at-end' as const,
    ),
    onSuccess: fc.constantFrom('clear' as const, 'refund' as const, 'clear-own-address' as const),
    attemptTimeoutMs: fc.integer({ min: 1, max: 80 }),
    abandonAllowance: fc.nat({ max: 2 }),
    minIntervalMs: fc.constantFrom(0, 0, 0, 10),
  };
  return fc.record(fields).map((some) => definePolicy({ ...some, ...fixed } as PolicyInput));
};

const anyPolicies: fc.Arbitrary<readonly LockoutPolicy[]> = fc
  .tuple(
    anyPolicy({ name: 'account' }),
    anyPolicy({ name: 'address', scope: ['address'], onSuccess: 'refund' }),
    anyPolicy({ name: 'pair', scope: ['account', 'address'] }),
    anyPolicy({ name: 'device', scope: ['account', 'device'] }),
  )
  .map((policies) =>
    Object.defineProperty(policies, fc.toStringMethod, {
      value: () => `\n${policies.map((policy) => `  ${JSON.stringify(policy)}`).join('\n')}\n`,
    }),
  );

/** Everything our people see, and all that is stored of them, in a course of acts. */
async function watched(
  policies: readonly LockoutPolicy[],
  acts: readonly Act[],
  include: (act: Act) => boolean,
) {
  const clock = new FakeClock();
  const store = new MemoryLockoutStore(clock.now);
  const engine = new LockoutEngine({ store, clock, secrets: [SECRET], policies, waitMs: 0, cacheMs: 0 });
  const begun = new Map<string, Attempt>();
  const seen: unknown[] = [];

  const happen = async (act: Act): Promise<unknown> => {
    switch (act.do) {
      case 'begin': {
        const { who, method } = act;
        const answer = await engine.begin({ ...who, method });
        if (!answer.allowed) return answer.refusal;
        begun.set(`${act.of} ${act.attempt}`, answer.attempt);
        return answer.attempt.remaining;
      }
      case 'fail':
      case 'succeed':
      case 'abandon':
        return begun.get(`${act.of} ${act.attempt}`)?.[act.do]();
      case 'lock':
        return engine.lock(act.who, clock.now() + 30, BY_ADMIN);
      case 'unlock':
        return engine.unlock(act.who, BY_ADMIN);
      case 'unlock-address':
        return engine.accounts.unlockAddresses([act.who.address], BY_ADMIN, act.who.realm);
      case 'reset':
        return engine.passwordReset(act.who);
      default:
        return act satisfies never;
    }
  };
  for (const act of acts) {
    await clock.advance(act.after);
    if (!include(act)) continue;
    const answer = await happen(act);
    if (act.of === 'ours') seen.push([clock.now(), act.do, answer]);
  }
  const left: unknown[] = [];
  for (const name of ['alice', 'bob']) {
    for (const account of [name, { unknown: name }]) {
      left.push(await engine.status({ realm: 'customers', account }));
      for (const hash of engine.accounts.accountHashes({ realm: 'customers', account })) {
        const { items } = await store.list({ account: hash, limit: 1000 });
        left.push(items.map(({ key, event, facts }) => ({ key, event, facts })));
      }
    }
  }
  for (const host of [1, 2]) left.push(await engine.accounts.addressStatus(`192.0.1.${host}`, 'customers'));
  return { seen, left };
}

const all = () => true;
const withoutOthers = (act: Act) => act.of === 'ours';

describe('isolation of keys', () => {
  it('no sequence of other people’s actions at other keys changes what a key decides or holds (P5, pitfall 7)', async () => {
    let refused = 0;
    // Each case is two engines' lives: slower than the rule's own laws.
    const runs = 300;
    await fc.assert(
      fc.asyncProperty(anyPolicies, anyActs(strangers), async (policies, acts) => {
        const alone = await watched(policies, acts, withoutOthers);
        expect(await watched(policies, acts, all)).toEqual(alone);
        if (JSON.stringify(alone.seen).includes('"locked"')) refused += 1;
      }),
      { numRuns: runs },
    );
    expect(refused).toBeGreaterThan(runs / 10);
  });

  it('would be broken by a key that is shared: neighbours at our addresses are noticed', async () => {
    const neighbours = peopleOf('customers', ['carol', 'dave'], 1);
    const found = await fc.check(
      fc.asyncProperty(anyPolicies, anyActs(neighbours), async (policies, acts) => {
        expect(await watched(policies, acts, all)).toEqual(await watched(policies, acts, withoutOthers));
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
    // It is told as a timeline.
    expect(fc.stringify(found.counterexample?.[1])).toMatch(
      /^ {2}\d+ others customers\/\??(carol|dave)@192\.0\.1\.[12] begin \d #\w+$/m,
    );
  });
});
