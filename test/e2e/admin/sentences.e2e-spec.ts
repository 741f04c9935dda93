import { afterEach, describe, expect, it } from '@jest/globals';
import type { AccountDetail, AddressDetail, Explanation, Sentence } from 'nestjs-lockout/admin';
import {
  definePolicy,
  hours,
  type LockoutPolicy,
  minutes,
  type PolicyInput,
  seconds,
} from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, HOUSES, startAdminApp } from './admin-app.js';
import { queryOf, viewed } from './viewed.js';

const HOME = '192.0.2.1';
const AWAY = '192.0.2.2';

const policy = (input: Partial<PolicyInput> = {}): LockoutPolicy =>
  definePolicy({
    name: 'login',
    threshold: 3,
    window: { kind: 'idle', durationMs: hours(1) },
    schedule: { kind: 'exponential', initialMs: minutes(5), factor: 2, by: 'lockouts' },
    ...input,
  } as PolicyInput);

const texts = (sentences: readonly Sentence[]): readonly string[] => sentences.map(({ text }) => text);

/** What came to pass before somebody looks at alice. */
interface Situation {
  readonly name: string;
  readonly policies?: readonly LockoutPolicy[];
  readonly admin?: AdminAppOptions['admin'];
  readonly before: (admin: AdminApp) => Promise<unknown>;
  readonly summary: readonly string[];
  /** Of each counter; absent where others show them. */
  readonly counters?: readonly (readonly string[])[];
}

const LOCKED_FIVE =
  'Locked by the policy login since 2026-01-01T00:00:00.000Z until 2026-01-01T00:05:00.000Z, after 3 failures.';

const SITUATIONS: readonly Situation[] = [
  {
    name: 'two typing errors',
    before: (admin) => admin.fail('alice', 2),
    summary: [
      'The account is not locked.',
      'One more failure locks for 5 minutes.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [
      [
        '2 failures count under the policy login, the last at 2026-01-01T00:00:00.000Z.',
        'One more failure locks for 5 minutes.',
        'A successful sign-in clears this count.',
        'Without another failure the count is forgotten at 2026-01-01T01:00:00.000Z.',
      ],
    ],
  },
  {
    name: 'one typing error that no success clears and no time forgets',
    policies: [policy({ window: { kind: 'none' }, onSuccess: 'refund' })],
    before: (admin) => admin.fail('alice', 1),
    summary: [
      'The account is not locked.',
      '2 more failures lock.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [
      [
        '1 failure counts under the policy login, the last at 2026-01-01T00:00:00.000Z.',
        '2 more failures lock.',
        'A successful sign-in does not clear it.',
        'Time alone does not clear the count.',
      ],
    ],
  },
  {
    name: 'a lock',
    before: (admin) => admin.fail('alice', 3),
    summary: [
      'The account is locked: nobody can sign in to it.',
      LOCKED_FIVE,
      'Unlock the account, or wait until 2026-01-01T00:05:00.000Z.',
    ],
    counters: [
      [
        LOCKED_FIVE,
        'It refuses every way to sign in.',
        'Once that is over, one more failure locks for 10 minutes.',
        'Unlocking lifts the lock and clears the count.',
        'A completed password reset lifts it too.',
      ],
    ],
  },
  {
    name: 'a lock of the account, and a longer one at an address: the headline is about the first',
    policies: [
      policy(),
      policy({
        name: 'at-address',
        scope: ['account', 'address'],
        schedule: { kind: 'fixed', durationMs: minutes(30) },
      }),
    ],
    before: (admin) => admin.fail('alice', 3, { address: HOME }),
    summary: [
      'The account is locked: nobody can sign in to it.',
      LOCKED_FIVE,
      '1 more lock stands.',
      'Unlock the account, or wait until 2026-01-01T00:30:00.000Z.',
    ],
  },
  {
    name: 'a lock that is over',
    before: async (admin) => {
      await admin.fail('alice', 3);
      await admin.clock.advance(minutes(5));
    },
    summary: [
      'The account is not locked.',
      'One more failure locks for 10 minutes.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [
      [
        '3 failures count under the policy login, the last at 2026-01-01T00:00:00.000Z.',
        'It has locked once.',
        'One more failure locks for 10 minutes.',
        'A successful sign-in clears this count.',
        'Without another failure the count is forgotten at 2026-01-01T01:00:00.000Z.',
      ],
    ],
  },
  {
    name: 'failures that are forgotten by now',
    before: async (admin) => {
      await admin.fail('alice', 2);
      await admin.clock.advance(hours(1));
    },
    summary: [
      'The account is not locked.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [['No failure counts under the policy login.', '3 more failures lock.']],
  },
  {
    name: 'an attempt that a process took with it, which counts as a failure by now',
    policies: [policy({ threshold: 1 })],
    before: async (admin) => {
      await admin.engine.begin({ account: 'alice', method: 'password' });
      await admin.clock.advance(minutes(3));
    },
    summary: [
      'The account is locked: nobody can sign in to it.',
      'Locked by the policy login since 2026-01-01T00:02:00.000Z until 2026-01-01T00:07:00.000Z, after 1 failure.',
      'Unlock the account, or wait until 2026-01-01T00:07:00.000Z.',
    ],
    counters: [Array(5).fill(expect.any(String)) as string[]],
  },
  {
    name: 'an indefinite lock of two methods that an administrator may not lift',
    policies: [
      policy({ threshold: 2, counts: ['password', 'otp'], schedule: { kind: 'indefinite' } } as never),
    ],
    admin: { can: (action) => action !== 'unlock', support: () => 'the desk on the third floor' },
    before: (admin) => admin.fail('alice', 2),
    summary: [
      'The account is locked for passwords and one-time codes.',
      'Locked by the policy login since 2026-01-01T00:00:00.000Z, after 2 failures, until somebody unlocks it.',
      'You may not unlock it.',
      'Turn to the desk on the third floor.',
    ],
    counters: [
      [
        'Locked by the policy login since 2026-01-01T00:00:00.000Z, after 2 failures, until somebody unlocks it.',
        'It refuses passwords and one-time codes.',
        'Unlocking lifts the lock and clears the count.',
        'A password reset does not lift it.',
      ],
    ],
  },
  {
    name: 'an account that is not eligible',
    admin: { canUnlock: () => ({ unlockable: false, reason: 'owners are unlocked by support' }) },
    before: (admin) => admin.fail('alice', 3),
    summary: [
      'The account is locked: nobody can sign in to it.',
      LOCKED_FIVE,
      'It cannot be unlocked here: owners are unlocked by support.',
      'Wait until 2026-01-01T00:05:00.000Z.',
    ],
    counters: [[expect.any(String), ...Array(4).fill(expect.any(String))] as string[]],
  },
  {
    name: 'a fresh budget, whose lock has no count any more',
    policies: [policy({ afterLock: 'fresh-budget' } as never)],
    before: (admin) => admin.fail('alice', 3),
    summary: [
      'The account is locked: nobody can sign in to it.',
      'Locked by the policy login since 2026-01-01T00:00:00.000Z until 2026-01-01T00:05:00.000Z.',
      'Unlock the account, or wait until 2026-01-01T00:05:00.000Z.',
    ],
    counters: [
      [
        'Locked by the policy login since 2026-01-01T00:00:00.000Z until 2026-01-01T00:05:00.000Z.',
        'It refuses every way to sign in.',
        'Once that is over, 3 more failures lock.',
        'Unlocking lifts the lock and clears the count.',
        'A completed password reset lifts it too.',
      ],
    ],
  },
  {
    name: 'a lock at one address',
    policies: [policy({ scope: ['account', 'address'], unlockKeepsCount: true })],
    before: (admin) => admin.fail('alice', 3, { address: HOME }),
    summary: [
      'The account is locked from 192.0.2.1 only: from other addresses it is not refused.',
      LOCKED_FIVE,
      'Unlock the account, or wait until 2026-01-01T00:05:00.000Z.',
    ],
    counters: [
      [
        LOCKED_FIVE,
        'It refuses every way to sign in.',
        'It concerns the account from the address 192.0.2.1 only, not from others.',
        'Once that is over, one more failure locks for 10 minutes.',
        'Unlocking lifts the lock; the failures stay counted.',
        'A completed password reset lifts it too.',
      ],
    ],
  },
  {
    name: 'locks at two addresses',
    policies: [policy({ scope: ['account', 'address'] })],
    before: async (admin) => {
      await admin.fail('alice', 3, { address: HOME });
      await admin.clock.advance(seconds(1));
      await admin.fail('alice', 3, { address: AWAY });
    },
    summary: [
      'The account is locked from 192.0.2.2 and 192.0.2.1 only: from other addresses it is not refused.',
      'Locked by the policy login since 2026-01-01T00:00:01.000Z until 2026-01-01T00:05:01.000Z, after 3 failures.',
      '1 more lock stands.',
      'Unlock the account, or wait until 2026-01-01T00:05:01.000Z.',
    ],
    counters: [Array(6).fill(expect.any(String)) as string[], Array(6).fill(expect.any(String)) as string[]],
  },
  {
    name: 'a lock by hand',
    before: (admin) =>
      admin.post(
        '/lockout/accounts/default/alice/lock',
        { until: null, reason: 'reported stolen' },
        { 'x-user': 'anna-admin' },
      ),
    summary: [
      'The account is locked: nobody can sign in to it.',
      'Locked by an administrator since 2026-01-01T00:00:00.000Z, until an administrator unlocks it.',
      'anna-admin gave the reason: reported stolen',
      'Unlock the account: waiting does not help.',
    ],
    counters: [
      [
        'Locked by an administrator since 2026-01-01T00:00:00.000Z, until an administrator unlocks it.',
        'anna-admin gave the reason: reported stolen',
        'It refuses every way to sign in.',
        'A password reset does not lift it.',
      ],
    ],
  },
  {
    name: 'a policy that only watches',
    policies: [policy({ enforce: false })],
    before: (admin) => admin.fail('alice', 3),
    summary: [
      'The account is not locked.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [
      [
        'The policy login only watches: it would have locked since 2026-01-01T00:00:00.000Z until 2026-01-01T00:05:00.000Z, and refuses nobody.',
      ],
    ],
  },
  {
    name: 'a pause after a failure',
    policies: [policy({ minIntervalMs: seconds(30) })],
    before: (admin) => admin.fail('alice', 1),
    summary: [
      'The account is not locked, but its next attempt has to wait.',
      'The policy login makes everybody wait after a failure: the next attempt is taken from 2026-01-01T00:00:30.000Z on.',
      'Wait until 2026-01-01T00:00:30.000Z.',
    ],
    counters: [
      [
        'The policy login makes everybody wait after a failure: the next attempt is taken from 2026-01-01T00:00:30.000Z on.',
        '1 failure counts under the policy login, the last at 2026-01-01T00:00:00.000Z.',
        'Once that is over, 2 more failures lock.',
        'Without another failure the count is forgotten at 2026-01-01T01:00:00.000Z.',
      ],
    ],
  },
  {
    name: 'guesses faster than a person types',
    policies: [policy({ quickFailure: { withinMs: seconds(1), lockMs: seconds(90) } })],
    before: (admin) => admin.fail('alice', 2),
    summary: [
      'The account is locked: nobody can sign in to it.',
      'Locked by the policy login since 2026-01-01T00:00:00.000Z until 2026-01-01T00:01:30.000Z: two failures came faster than a person types.',
      'Unlock the account, or wait until 2026-01-01T00:01:30.000Z.',
    ],
    counters: [
      [
        'Locked by the policy login since 2026-01-01T00:00:00.000Z until 2026-01-01T00:01:30.000Z: two failures came faster than a person types.',
        'It refuses every way to sign in.',
        'Once that is over, one more failure locks for 5 minutes.',
        'Unlocking lifts the lock and clears the count.',
        'A completed password reset lifts it too.',
      ],
    ],
  },
  {
    name: 'failures that are forgotten one by one, of two addresses, one attempt in flight',
    policies: [policy({ threshold: 9, window: { kind: 'sliding', durationMs: minutes(10) } })],
    before: async (admin) => {
      await admin.fail('alice', 2);
      await admin.engine.begin({ account: 'alice', method: 'password' });
    },
    summary: [
      'The account is not locked.',
      '7 more failures lock.',
      'If it is refused all the same, look at the address that it comes from.',
    ],
    counters: [
      [
        '2 failures count under the policy login, the last at 2026-01-01T00:00:00.000Z.',
        '1 attempt is being verified.',
        '7 more failures lock.',
        'A successful sign-in clears this count.',
      ],
    ],
  },
];

describe.each(HOUSES)('what an administrator reads, on $platform with the $store store', (house) => {
  let admin: AdminApp;
  const start = async ({
    policies = [policy()],
    ...options
  }: Partial<AdminAppOptions> & Pick<Situation, 'policies'>) => {
    admin = await startAdminApp({ ...house, ...options, lockout: { policies, waitMs: 0 } });
  };
  afterEach(() => admin.close());

  it.each(SITUATIONS)('of an account after $name', async ({ policies, admin: options, ...situation }) => {
    await start({ ...(policies ? { policies } : {}), ...(options ? { admin: options } : {}) });
    await situation.before(admin);
    const detail = viewed<AccountDetail>(await admin.get('/lockout/accounts/default/alice'));
    expect(texts(detail.summary)).toEqual(situation.summary);
    const { counters } = situation;
    if (counters) expect(detail.counters.map(({ explanation }) => texts(explanation))).toEqual(counters);
  });

  it('of an address that is blocked, and of one that is not', async () => {
    const spray = definePolicy({
      name: 'spray',
      threshold: 2,
      scope: ['address'],
      counts: ['password'],
      schedule: { kind: 'fixed', durationMs: minutes(30) },
    });
    await start({ policies: [spray, { ...policy(), counts: ['otp'] }] });
    const look = async (address: string) =>
      texts(viewed<AddressDetail>(await admin.get(`/lockout/addresses/default/${address}`)).summary);
    await admin.fail('alice', 1, { address: HOME });
    expect(await look(HOME)).toEqual([
      'The address is not blocked.',
      'One more failure locks for 30 minutes.',
    ]);
    await admin.fail('bob', 1, { address: HOME });
    expect(await look(HOME)).toEqual([
      'The address is blocked for passwords.',
      'Locked by the policy spray since 2026-01-01T00:00:00.000Z until 2026-01-01T00:30:00.000Z, after 2 failures.',
      'Unlock the address, or wait until 2026-01-01T00:30:00.000Z.',
    ]);
    const detail = viewed<AddressDetail>(await admin.get(`/lockout/addresses/default/${HOME}`));
    expect(detail.counters.map(({ explanation }) => texts(explanation))).toEqual([
      [
        'Locked by the policy spray since 2026-01-01T00:00:00.000Z until 2026-01-01T00:30:00.000Z, after 2 failures.',
        'It refuses passwords.',
        'It concerns the address, whatever the account.',
        'Once that is over, one more failure locks for 30 minutes.',
        'Unlocking lifts the lock and clears the count.',
        'A password reset does not lift it.',
      ],
    ]);
    expect((await admin.get(`/lockout/addresses/default/${AWAY}`)).status).toBe(404);
  });

  it('of an attempt: the address is blocked, the account is locked, or both are', async () => {
    const spray = policy({ name: 'spray', threshold: 4, scope: ['address'] });
    await start({ policies: [policy(), spray] });
    const ask = async (query: Record<string, string>) =>
      texts(viewed<Explanation>(await admin.get(`/lockout/explain?${queryOf(query)}`)).summary);
    expect(await ask({ account: 'alice', address: HOME })).toEqual(['An attempt would be verified.']);
    await admin.fail('alice', 2, { address: HOME });
    expect(await ask({ account: 'alice', address: HOME })).toEqual([
      'An attempt would be verified.',
      'One more failure locks for 5 minutes.',
    ]);
    await admin.fail('bob', 2, { address: HOME });
    const blocked =
      'Locked by the policy spray since 2026-01-01T00:00:00.000Z until 2026-01-01T00:05:00.000Z, after 4 failures.';
    expect(await ask({ account: 'alice', address: HOME })).toEqual([
      'An attempt is refused before its credential is looked at.',
      blocked,
      'Refused from this address only: the account itself is not locked.',
      'Unlock the address, or wait until 2026-01-01T00:05:00.000Z.',
    ]);
    await admin.fail('alice', 1, { address: AWAY });
    const both = await ask({ account: 'alice', address: HOME });
    expect([both[0], ...both.slice(2)]).toEqual([
      'An attempt is refused before its credential is looked at.',
      '1 more lock stands.',
      'Unlock the account and the address, or wait until 2026-01-01T00:05:00.000Z.',
    ]);
    expect(await ask({ account: 'alice', address: AWAY })).toEqual([
      'An attempt is refused before its credential is looked at.',
      LOCKED_FIVE,
      'Unlock the account, or wait until 2026-01-01T00:05:00.000Z.',
    ]);
    expect(await ask({ device: 'laptop' })).toEqual([
      'An attempt would be verified.',
      'Not looked at, for want of the account and the address: login and spray.',
    ]);
  });

  it('of attempts with one method, with none that a policy watches, and of a budget that is taken', async () => {
    const codes = policy({ name: 'codes', threshold: 1, counts: ['otp'], refuses: 'counted' });
    await start({ policies: [codes] });
    const ask = async (query: Record<string, string>) =>
      texts(viewed<Explanation>(await admin.get(`/lockout/explain?${queryOf(query)}`)).summary);
    await admin.engine.begin({ account: 'alice', method: 'otp' });
    expect(await ask({ account: 'alice' })).toEqual([
      'An attempt is refused before its credential is looked at.',
      'All attempts that the policy codes leaves are being verified right now: further ones are refused for a moment.',
    ]);
    await admin.fail('bob', 1, { method: 'otp' });
    expect((await ask({ account: 'bob' }))[0]).toBe(
      'An attempt with one-time codes is refused before it is looked at.',
    );
    expect(await ask({ account: 'bob', method: 'password' })).toEqual([
      'An attempt would be verified.',
      'No policy watches such an attempt.',
    ]);
  });

  it('in other words, where the application has its own', async () => {
    await start({
      admin: {
        messages: {
          language: 'de',
          'summary.account.locked.methods': 'Gesperrt für {methods}.',
          'explain.failure.locks': 'Noch ein Fehler sperrt für {lockFor}.',
          'duration.minutes': '{count, plural, one {# Minute} other {# Minuten}}',
          'method.password': 'Passwörter',
          'method.otp': 'Einmalcodes',
        },
      },
      policies: [policy({ counts: ['password', 'otp', 'sms'] })],
    });
    await admin.fail('alice', 2);
    const read = async () =>
      viewed<AccountDetail>(await admin.get('/lockout/accounts/default/alice')).summary;
    expect((await read())[1]).toEqual({
      id: 'explain.failure.locks',
      text: 'Noch ein Fehler sperrt für 5 Minuten.',
      values: { policy: 'login', lockFor: '5 Minuten' },
    });
    await admin.fail('alice', 1);
    expect(texts(await read()).slice(0, 2)).toEqual([
      'Gesperrt für Passwörter, Einmalcodes und sign-in by sms.',
      LOCKED_FIVE,
    ]);
  });
});
