import { describe, expect, it } from '@jest/globals';
import { inSentence, spelled } from './foreign-text.js';

describe('text that somebody else chose', () => {
  it.each(['alice', 'Ünï çødé', '名前', '👩‍👩‍👧', '<b>', 'O’Neil', ''])(
    '%p is shown as it is, by itself and in a sentence',
    (text) => {
      expect([spelled(text), inSentence(text)]).toEqual([text, text]);
    },
  );

  it('what would turn text around is spelled out', () => {
    expect(spelled('\u202egnp.exe\u202c')).toBe('\\u{202e}gnp.exe\\u{202c}');
    expect(inSentence('\u2067a\u2069\u2069')).toBe('\\u{2067}a\\u{2069}\\u{2069}');
  });

  it.each(['שלום', 'مرحبا (1)', 'alice\u200f', 'abc \u{10800}'])(
    '%p keeps to itself in a sentence',
    (text) => {
      expect(spelled(text)).toBe(text);
      expect(inSentence(text)).toBe(`\u2068${text}\u2069`);
    },
  );

  it('nothing gets out of where it is kept', () => {
    expect(inSentence('א\u2069\u202eב')).toBe('\u2068א\\u{2069}\\u{202e}ב\u2069');
  });
});
