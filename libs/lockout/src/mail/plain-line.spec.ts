import { describe, expect, it } from '@jest/globals';
import { isPlainLine, plainLine } from './plain-line.js';

describe('a text from elsewhere', () => {
  it.each([
    ['plain text stays', 'Zoë 💡 O’Neill', 'Zoë 💡 O’Neill'],
    ['line breaks are spaces', 'a\r\nBcc: b\u2028c\u0085d', 'a Bcc: b c d'],
    ['what turns the direction goes', 'a\u202Eb\u2066c\u200Fd', 'a b c d'],
    ['what nobody sees goes', '\u0000a\u200Bb\u{E0001}c\uFEFF', 'a b c'],
    ['halves of characters go', 'a\uD800b\uDC00', 'a b'],
    ['spaces of any kind are one', '  a \u00A0\t\u3000 b ', 'a b'],
  ])('%s', (_, text, line) => {
    expect(plainLine(text)).toBe(line);
    expect(isPlainLine(text)).toBe(text === line);
  });

  it('is cut where it is long, never within a character', () => {
    expect(plainLine('💡'.repeat(300), 10)).toBe(`${'💡'.repeat(9)}…`);
    expect(plainLine('x'.repeat(1_000_000))).toHaveLength(200);
    expect(plainLine('x'.repeat(200))).toBe('x'.repeat(200));
  });

  it('is no line of an application where it is empty, too long or no text', () => {
    expect([isPlainLine(''), isPlainLine('x'.repeat(101), 100), isPlainLine(5)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
