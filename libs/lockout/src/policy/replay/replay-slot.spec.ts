import { describe, expect, test } from '@jest/globals';
import { definePolicies } from '../define-policy.js';
import { minutes } from '../duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy.js';
import type { ReplayAddresses, ReplayAttempt } from './replay-attempt.js';
import { newcomerKey, slotsOf } from './replay-slot.js';

const policy = (name: string, input: Partial<PolicyInput> = {}): LockoutPolicy => {
  const schedule = { kind: 'fixed', durationMs: minutes(5) };
  const [defined] = definePolicies([{ name, threshold: 3, schedule, ...input } as PolicyInput]);
  return defined as LockoutPolicy;
};

/** Networks by their first number. */
const ADDRESSES: ReplayAddresses = {
  canonical: (address) => address,
  crowd: (address) => `${address.split('.')[0]}/8`,
  isExempt: ({ exempt }, address) =>
    exempt.addresses.some((network) => address.startsWith(`${parseInt(network, 10)}.`)),
};

const attempt = (given: Partial<ReplayAttempt> = {}): ReplayAttempt => ({
  at: 0,
  account: 'alice',
  address: '192.0.2.1',
  device: 'phone',
  custom: { tenant: 'acme' },
  outcome: 'failure',
  ...given,
});

const slots = (policies: readonly LockoutPolicy[], given: Partial<ReplayAttempt> = {}) => {
  const one = attempt(given);
  return slotsOf(policies, one, one.address ?? null, ADDRESSES);
};

describe('which policies watch an attempt of a log', () => {
  const policies = [
    policy('account'),
    policy('off', { enabled: false }),
    policy('password', { counts: ['password'] }),
    policy('otp', { counts: ['otp'] }),
    policy('otp-for-all', { counts: ['otp'], refuses: 'all' }),
    policy('known', { unknownAccounts: 'ignore' }),
    policy('address', { scope: ['address'], unknownAccounts: 'ignore' }),
    policy('pair', { scope: ['account', 'address'] }),
    policy('device', { scope: ['device'] }),
    policy('tenant', { scope: [{ custom: 'tenant' }] }),
    policy('built-in', { scope: [{ custom: 'constructor' }] }),
    policy('exempting', { exempt: { accounts: ['root'], addresses: ['10.0.0.0/8'] } }),
  ];
  const always = [
    'account',
    'password',
    'otp-for-all',
    'known',
    'address',
    'pair',
    'device',
    'tenant',
    'exempting',
  ];
  const without = (...names: string[]) => always.filter((name) => !names.includes(name));

  test.each<[string, Partial<ReplayAttempt>, string[]]>([
    ['all that are on and have what they count by', {}, always],
    ['by the method, which is a password unless the log says so', { method: 'password' }, always],
    [
      'a code is not counted with the passwords',
      { method: 'otp' },
      ['account', 'otp', ...without('account', 'password')],
    ],
    [
      'a name that nobody has, unless the policy ignores such names by account',
      { known: false },
      without('known'),
    ],
    ['no address', { address: null }, without('address', 'pair')],
    ['an address that is not told', { address: undefined as unknown as null }, without('address', 'pair')],
    ['an empty part is a missing one', { device: '' }, without('device')],
    ['no device', { device: null }, without('device')],
    ['other custom parts', { custom: { 'cost-centre': '7' } }, without('tenant')],
    ['no custom parts', { custom: undefined as unknown as Record<string, string> }, without('tenant')],
    ['an exempt account', { account: 'root' }, without('exempting')],
    ['a name that reads like an exempt account', { account: 'root', known: false }, without('known')],
    ['an exempt address', { address: '10.1.2.3' }, without('exempting')],
  ])('%s', (_, given, expected) => {
    expect(slots(policies, given).map((slot) => slot.policy.name)).toEqual(expected);
  });

  test('a method that is refused but not counted is not charged', () => {
    const counted = (given: Partial<ReplayAttempt>) =>
      slots([policy('otp-for-all', { counts: ['otp'], refuses: 'all' })], given).map((slot) => slot.counted);
    expect([counted({}), counted({ method: 'otp' }), counted({ method: 'password' })]).toEqual([
      [false],
      [true],
      [false],
    ]);
  });

  test('addresses are only compared where a policy exempts some', () => {
    const asked: string[] = [];
    const isExempt = ({ name }: LockoutPolicy) => asked.push(name) > 0;
    slotsOf([policy('account'), policies.at(-1) as LockoutPolicy], attempt(), '192.0.2.1', {
      ...ADDRESSES,
      isExempt,
    });
    expect(asked).toEqual(['exempting']);
  });
});

describe('what an attempt of a log is counted under', () => {
  const all = policy('all', { scope: ['account', 'address', 'device', { custom: 'tenant' }] });
  const byDevice = policy('device', { scope: ['device'] });
  const keyOf = (given: Partial<ReplayAttempt>, by = all) => slots([by], given)[0]?.key;

  test('names its subject by scope part', () => {
    expect(slots([all])[0]).toMatchObject({
      realm: 'default',
      subject: { account: 'alice', address: '192.0.2.1', device: 'phone', 'custom:tenant': 'acme' },
      overflow: null,
    });
  });

  test('is one key as long as nothing that the policy counts by differs', () => {
    const same: Partial<ReplayAttempt>[] = [
      { realm: 'default' },
      { known: true },
      { method: 'otp' },
      { brand: 'shop' },
      { outcome: 'success' },
    ];
    for (const given of same) expect(keyOf(given)).toBe(keyOf({}));
    const different: Partial<ReplayAttempt>[] = [
      { realm: 'staff' },
      { known: false },
      { account: 'bob' },
      { address: '192.0.2.2' },
      { device: 'laptop' },
      { custom: { tenant: 'globex' } },
      { account: 'alice\n9:192.0.2.1' },
    ];
    const keys = different.map((given) => keyOf(given));
    expect(new Set([...keys, keyOf({})]).size).toBe(different.length + 1);
    // An account called `unknown:x` is not the name x that nobody has.
    expect(keyOf({ account: 'unknown:alice' })).not.toBe(keyOf({ known: false }));
    expect(keyOf({ account: 'bob', known: false }, byDevice)).toBe(keyOf({}, byDevice));
  });

  test('R22 a name that nobody has has a counter that it shares, one for each network', () => {
    const overflow = (given: Partial<ReplayAttempt>, by = all) =>
      slots([by], { known: false, ...given })[0]?.overflow ?? null;
    expect(overflow({})?.subject).toEqual({ overflow: '192/8' });
    expect(overflow({ account: 'bob' })).toEqual(overflow({}));
    expect(overflow({ device: 'laptop' })?.key).not.toBe(overflow({})?.key);
    const byAccount = policy('account');
    expect(overflow({ address: '192.9.9.9' }, byAccount)).toEqual(overflow({}, byAccount));
    expect(overflow({ address: '10.9.9.9' }, byAccount)?.key).not.toBe(overflow({}, byAccount)?.key);
    expect(overflow({ address: null }, byAccount)?.subject).toEqual({ overflow: 'none' });
    expect(overflow({ realm: 'staff' }, byAccount)?.key).not.toBe(overflow({}, byAccount)?.key);
    // Nothing to share where the name is not counted by, or is somebody's.
    expect(overflow({}, byDevice)).toBeNull();
    expect(overflow({ known: true })).toBeNull();
  });

  test('R22 new names are counted by realm and address, those without an address together', () => {
    const home = newcomerKey(attempt(), '192.0.2.1');
    expect(newcomerKey(attempt({ account: 'bob', realm: 'default' }), '192.0.2.1')).toBe(home);
    expect(newcomerKey(attempt({ realm: 'staff' }), '192.0.2.1')).not.toBe(home);
    expect(newcomerKey(attempt(), '192.0.2.2')).not.toBe(home);
    expect(newcomerKey(attempt(), null)).toBe(newcomerKey(attempt(), 'none'));
  });
});
