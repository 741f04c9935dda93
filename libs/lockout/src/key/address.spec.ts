import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalAddress, overflowNetwork } from './address.js';
import { InvalidSubjectError } from './invalid-subject-error.js';

const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
const hostPart = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'));

// Pitfall 7: better-auth #7470, authelia #13151.
describe('one spelling of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7', 'IPv4'],
    ['203.0.113.7:51234', '203.0.113.7', 'a port that a proxy left'],
    ['::ffff:203.0.113.7', '203.0.113.7', 'IPv4-mapped'],
    ['::FFFF:203.0.113.7', '203.0.113.7', 'IPv4-mapped in capitals'],
    ['::ffff:cb00:7107', '203.0.113.7', 'IPv4-mapped in hexadecimal'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7', 'IPv4-mapped written out'],
    ['0000:0000:0000:0000:0000:ffff:cb00:7107', '203.0.113.7', 'IPv4-mapped with zeros'],
    ['::ffff:203.0.113.7%eth0', '203.0.113.7', 'IPv4-mapped with a zone'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7', 'IPv4-mapped with a port'],
    ['64:ff9b::203.0.113.7', '203.0.113.7', 'translated by NAT64'],
    ['::ffff:0:203.0.113.7', '203.0.113.7', 'translated by SIIT'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64', 'IPv6'],
    ['2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64', 'the last of its network'],
    ['2001:0db8:0001:0002:0000:0000:0000:0001', '2001:db8:1:2::/64', 'written out'],
    ['[2001:db8:1:2::1]:51234', '2001:db8:1:2::/64', 'with a port'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64', 'in brackets'],
    ['2001:db8::1', '2001:db8::/64', 'zeros in the network'],
    ['2001:0:0:1::1', '2001:0:0:1::/64', 'zeros on both sides'],
    ['64:ff9b::1:203.0.113.7', '64:ff9b::/64', 'beside the NAT64 range'],
    ['::1', '::/64', 'loopback'],
    ['fe80::1%eth0', 'fe80::/64', 'a zone'],
    ['fe80::1%en-0.100', 'fe80::/64', 'a zone with other characters'],
    ['fe80::1%25eth0', 'fe80::/64', 'an escaped zone'],
  ])('%s is %s (%s)', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  test.each([
    ['2001:db8:1:2:3::1', 128, '2001:db8:1:2:3::1/128'],
    ['2001:db8:1:2f0:3::1', 60, '2001:db8:1:2f0::/60'],
    ['2001:db8:1:2ff:3::1', 60, '2001:db8:1:2f0::/60'],
    ['2001:db8:1:2f0:3::1', 56, '2001:db8:1:200::/56'],
    ['ffff:ffff::', 1, '8000::/1'],
    ['203.0.113.7', 56, '203.0.113.7'],
  ])('%s with /%d is %s', (text, ipv6Prefix, canonical) => {
    expect(canonicalAddress(text, { ipv6Prefix })).toBe(canonical);
  });

  // Octal, hexadecimal and short forms are read differently by different programs.
  test.each<[unknown]>([
    [undefined],
    [null],
    [42],
    [['203.0.113.7']],
    [''],
    [' '],
    ['unknown'],
    ['localhost'],
    ['203.0.113'],
    ['203.0.113.256'],
    ['203.0.113.7.1'],
    ['0xcb.0.113.7'],
    ['0313.0.113.7'],
    ['203.0.113.007'],
    ['3405803783'],
    ['127.1'],
    [' 203.0.113.7'],
    ['203.0.113.7 '],
    ['203.0.113.7\n'],
    ['203.0.113.7, 10.0.0.1'],
    ['203.0.113.7%eth0'],
    ['203.0.113.7:'],
    ['203.0.113.7:123456'],
    ['[203.0.113.7]'],
    ['203.0.113.7/32'],
    ['203.0.113.7/64'],
    ['2001:db8'],
    ['2001:db8:::1'],
    ['1::2::3'],
    ['2001:db8::g'],
    ['2001:db8::00001'],
    ['::ffff:0313.0.113.7'],
    ['::ffff:203.0.113'],
    ['::ffff:0xcb.0.113.7'],
    ['1:2:3:4:5:6:7:8:9'],
    ['2001:db8::1/64'],
    ['2001:db8::/48'],
    ['[2001:db8::1'],
    ['2001:db8::1]:80'],
    ['[2001:db8::]:1/64'],
    ['２０３.0.113.7'],
    [`fe80::1%${'a'.repeat(100)}`],
  ])('%j is no address', (text) => {
    expect(canonicalAddress(text)).toBeNull();
  });

  test.each([[0], [129], [-1], [63.5], [Number.NaN]])(
    'a prefix of %d is a mistake in the configuration',
    (ipv6Prefix) => {
      expect(() => canonicalAddress('2001:db8::1', { ipv6Prefix })).toThrow(RangeError);
    },
  );

  test('rotating inside a /64 never makes a second address', () => {
    fc.assert(
      fc.property(hostPart, (host) => {
        expect(canonicalAddress(`2001:db8:aa:bb:${host}`)).toBe('2001:db8:aa:bb::/64');
      }),
    );
  });

  test('different networks stay different', () => {
    fc.assert(
      fc.property(hostPart, hostPart, hostPart, (network, other, host) => {
        fc.pre(network !== other);
        fc.pre(!/^0:0:0:0$|^64:ff9b:/.test(network) && !/^0:0:0:0$|^64:ff9b:/.test(other));
        expect(canonicalAddress(`${network}:${host}`)).not.toBe(canonicalAddress(`${other}:${host}`));
      }),
    );
  });

  test('its own answer is accepted again', () => {
    // The first address of this network, unlike the network, carries an IPv4 address.
    expect(canonicalAddress('64:ff9b::/64')).toBe('64:ff9b::/64');
    expect(canonicalAddress('::ffff:0:0:0/80', { ipv6Prefix: 80 })).toBe('::ffff:0:0:0/80');
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 128 }), (text, ipv6Prefix) => {
        const canonical = canonicalAddress(text, { ipv6Prefix });
        expect(canonical).not.toBeNull();
        expect(canonicalAddress(canonical, { ipv6Prefix })).toBe(canonical);
      }),
      { numRuns: 2_000 },
    );
  });

  test('accepts exactly what the platform calls an address', () => {
    const piece = fc.constantFrom(
      '::',
      ':',
      '1',
      'ffff',
      '0',
      'db8',
      '10.0.0.1',
      '.',
      '255',
      '256',
      '01',
      'g',
      '00000',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join('');
        // Ports are ours to drop.
        fc.pre(!/^[\d.]+:\d{1,5}$/.test(text));
        expect(canonicalAddress(text) !== null).toBe(isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('R22 the network that shares an overflow counter', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8:1:ffff::/64', '2001:db8:1::/48'],
    ['2001:db8:1:2:3::1/128', '2001:db8:1::/48'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['64:ff9b::/64', '64:ff9b::/48'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
  ])('of %s is %s', (address, network) => {
    expect(overflowNetwork(address)).toBe(network);
  });

  test.each([
    [''],
    ['somewhere'],
    ['2001:db8::/x'],
    ['2001:db8::/129'],
    ['2001:db8::/64/64'],
    ['203.0.113.7/33'],
  ])('%j has none', (address) => {
    expect(() => overflowNetwork(address)).toThrow(InvalidSubjectError);
  });
});
