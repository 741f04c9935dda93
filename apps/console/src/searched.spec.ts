import { describe, expect, it } from '@jest/globals';
import { looksLikeAddress } from './searched.js';

describe('what was typed into the search box', () => {
  it.each([
    '203.0.113.7',
    '2001:db8::',
    '2001:db8:0:1::/64',
    '::1',
    '::ffff:203.0.113.7',
    '2001:DB8:1:2:3:4:5:6',
  ])('%s is an address', (text) => {
    expect(looksLikeAddress(text)).toBe(true);
  });

  it.each(['', 'alice', 'alice@example.com', '203.0.113', '12345', 'a:b', 'face', '::nobody', 'urn:user:77'])(
    '%s is a name',
    (text) => {
      expect(looksLikeAddress(text)).toBe(false);
    },
  );
});
