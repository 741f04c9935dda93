import { describe, expect, it } from '@jest/globals';
import { isMailAddress, mailboxIn } from './mail-address.js';

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

  it.each([
    ['a@b.example', ''],
    ['<a@b.example>', ''],
    ['Example <a@b.example>', 'Example'],
    ['Example, Inc. (prod) <a@b.example>', 'Example, Inc. (prod)'],
    ['"Example: \\"Security\\"; <x@y.example>" <a@b.example>', 'Example: "Security"; <x@y.example>'],
  ])('is found behind a name: %s', (text, name) => {
    expect(mailboxIn(text)).toEqual({ name, address: 'a@b.example' });
  });

  it.each([
    ...['Example <a@b', 'Example <a@b>.', '<>', '<', undefined, '', 'a@x.com, a@b.example'],
    ...['a@x.com, <a@b.example>', 'a@x.com <a@b.example>', '<a@x.com>, <a@b.example>'],
    ...['Example: Security; <a@b.example>', '"Example" x" <a@b.example>', 'Example" <a@b.example>'],
  ])('is none where there is none or more than one: %j', (text) => {
    expect(mailboxIn(text)).toBe(null);
  });
});
