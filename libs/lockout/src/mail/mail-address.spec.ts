import { describe, expect, it } from '@jest/globals';
import { isMailAddress, mailAddressIn } from './mail-address.js';

describe('one mail address', () => {
  it.each(['a@b', "o'neill+lockout@mail.example.com", 'jürgen@müller.example'])('%s is one', (address) => {
    expect(isMailAddress(address)).toBe(true);
  });

  it.each([
    ...['', 'a', '@b', 'a@', 'a@b@c', 'a b@c', 'a@b c', 'a@b,c@d', 'a@b;c@d', '<a@b>', 'N <a@b>', '"a"@b'],
    ...[
      'a@b\r\nBcc: c@d',
      'a@b\n',
      'a\u0000@b',
      'a@b\u200B',
      'a(c)@b',
      'a:b@c',
      'a\\@b',
      `${'a'.repeat(250)}@b.cd`,
    ],
  ])('%j is none', (address) => {
    expect(isMailAddress(address)).toBe(false);
  });

  it('is found behind a name', () => {
    expect(mailAddressIn('Example <a@b.example>')).toBe('a@b.example');
    expect(mailAddressIn('a@b.example')).toBe('a@b.example');
    expect([mailAddressIn('Example <a@b'), mailAddressIn('<>'), mailAddressIn(undefined)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
