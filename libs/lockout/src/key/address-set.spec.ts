import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from './address.js';
import { AddressListError, AddressSet } from './address-set.js';

const problemsOf = (entries: readonly unknown[]): readonly string[] => {
  try {
    new AddressSet(entries as readonly string[]);
    return [];
  } catch (error) {
    if (!(error instanceof AddressListError)) throw error;
    expect(error.code).toBe('LOCKOUT_CONFIG');
    return error.problems;
  }
};

describe('sets of addresses', () => {
  const set = new AddressSet([
    '10.0.0.0/8',
    '203.0.113.7',
    '192.0.2.0/25',
    '2001:db8::/32',
    '2001:470:1:2:3::9',
  ]);

  test.each([
    ['10.0.0.0'],
    ['10.255.255.255'],
    ['::ffff:10.1.2.3'],
    ['10.1.2.3:8080'],
    ['203.0.113.7'],
    ['192.0.2.127'],
    ['2001:db8::1'],
    ['2001:DB8:ffff::1'],
    ['[2001:db8::1]:443'],
    ['2001:db8:1:2::/64'],
    ['2001:470:1:2:3::9'],
  ])('%s is in it', (address) => {
    expect(set.has(address)).toBe(true);
  });

  test.each([
    ['9.255.255.255'],
    ['11.0.0.0'],
    ['203.0.113.8'],
    ['192.0.2.128'],
    ['2001:db9::1'],
    ['2001:470:1:2:3::a'],
    ['2001:470:1:2::/64'],
    ['2000::/8'],
    ['::1'],
  ])('%s is not', (address) => {
    expect(set.has(address)).toBe(false);
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    [''],
    ['unknown'],
    [10],
    ['10.1'],
    ['0x0a.0.0.1'],
    ['10.0.0.1/33'],
  ])('%p is no address and so in no set', (address) => {
    expect(set.has(address)).toBe(false);
    expect(new AddressSet(['0.0.0.0/0', '::/0']).has(address)).toBe(false);
  });

  test('an empty set has nothing; each family has its own whole', () => {
    expect(new AddressSet([]).has('10.0.0.1')).toBe(false);
    expect(new AddressSet(['0.0.0.0/0']).has('10.0.0.1')).toBe(true);
    expect(new AddressSet(['0.0.0.0/0']).has('2001:db8::1')).toBe(false);
    expect(new AddressSet(['::/0']).has('2001:db8::1')).toBe(true);
    expect(new AddressSet(['::/0']).has('10.0.0.1')).toBe(false);
    expect(new AddressSet(['::/0']).has('::ffff:10.0.0.1')).toBe(false);
  });

  test('an entry of /64 or wider holds an address iff it holds its canonical network', () => {
    expect(set.has(canonicalAddress('2001:db8:7::1'))).toBe(true);
    expect(set.has(canonicalAddress('2001:db9:7::1'))).toBe(false);
    // One address of a network is not the network, though both texts begin alike.
    expect(new AddressSet(['2001:db8:7::/128']).has('2001:db8:7::/64')).toBe(false);
    expect(new AddressSet(['2001:db8:7::/128']).has('2001:db8:7::')).toBe(true);
  });

  test('agrees with a plain comparison of bits', () => {
    const address = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
      .map(([a, b]) => `10.0.${a}.${b}`);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (text, base, prefix) => {
        const network = ipaddr.IPv4.networkAddressFromCIDR(`${base}/${prefix}`).toString();
        const expected = ipaddr.IPv4.parse(text).match(ipaddr.IPv4.parse(network), prefix);
        expect(new AddressSet([`${network}/${prefix}`]).has(text)).toBe(expected);
      }),
    );
  });
});

describe('bad lists', () => {
  test('all bad entries are named at once, in order', () => {
    const problems = problemsOf(['10.0.0.0/8', '10.0.0.0/33', 'office', '2001:db8::/129', '10.0.0.5/8', 7]);
    expect(problems).toEqual([
      'entry 2 ("10.0.0.0/33"): not an IPv4 or IPv6 address or CIDR network.',
      'entry 3 ("office"): not an IPv4 or IPv6 address or CIDR network.',
      'entry 4 ("2001:db8::/129"): not an IPv4 or IPv6 address or CIDR network.',
      'entry 5 ("10.0.0.5/8"): has bits set after its prefix; did you mean 10.0.0.0/8?',
      'entry 6 (7): not a string.',
    ]);
    expect(() => new AddressSet(['office', '1.2.3'])).toThrow(/office.*\n.*1\.2\.3/);
  });

  // The whole of IPv4, in disguise: an exemption nobody meant.
  test.each([
    ['::ffff:0:0/96'],
    ['::ffff:10.0.0.1'],
    ['64:ff9b::/96'],
    ['10.0.0.1:80'],
    ['::ffff:10.0.0.0/104'],
  ])('%s must be written as IPv4', (entry) => {
    expect(problemsOf([entry])).toEqual([expect.stringContaining('write IPv4 as IPv4')]);
  });

  test.each([
    [''],
    [' 10.0.0.1'],
    ['10.0.0.0/08'],
    ['10.0.0.0/'],
    ['10.0.0.0/8/8'],
    ['10.0.0.0/-1'],
    ['10/8'],
    ['*'],
    ['[::1]'],
    ['fe80::1%eth0'],
    ['2001:db8::1/64'],
  ])('%j is refused', (entry) => {
    expect(problemsOf([entry])).toHaveLength(1);
  });
});
