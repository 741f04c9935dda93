import { describe, expect, it } from '@jest/globals';
import { thrownCode } from './thrown-code.js';

describe('what was thrown, without its words', () => {
  it.each([
    [new TypeError('of alice@example.com'), 'TypeError'],
    [Object.assign(new Error('alice'), { code: 'ER_DUP_ENTRY' }), 'Error ER_DUP_ENTRY'],
    [Object.assign(new Error('alice'), { code: 421 }), 'Error 421'],
    [Object.assign(new Error('?'), { name: 'No row for alice', code: 'of alice@example.com' }), 'an object'],
    ['alice', 'the type string'],
    [undefined, 'the type undefined'],
    [null, 'the type object'],
  ])('%p', (thrown, expected) => {
    expect(thrownCode(thrown)).toBe(expected);
  });

  it('also where it cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(thrownCode(proxy)).toBe('what cannot be read');
  });
});
