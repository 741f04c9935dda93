import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normaliseIdentifier } from './identifier.js';
import { InvalidSubjectError, type SubjectProblem } from './invalid-subject-error.js';

const problemOf = (text: unknown, maxLength?: number): SubjectProblem | null => {
  try {
    normaliseIdentifier(text, maxLength === undefined ? {} : { maxLength });
    return null;
  } catch (error) {
    if (!(error instanceof InvalidSubjectError)) throw error;
    expect(error).toMatchObject({ code: 'LOCKOUT_BAD_INPUT', field: 'identifier' });
    return error.problem;
  }
};

// Pitfall 4: Vault CVE-2025-6004, OpenBao GHSA-j3xv-7fxp-gfhx, logto #9526.
describe('R19 spellings of one name', () => {
  test.each([
    ['alice@example.com', 'as it is'],
    ['Alice@Example.COM', 'capitals'],
    ['ALICE@EXAMPLE.COM', 'all capitals'],
    ['  alice@example.com', 'leading spaces'],
    ['alice@example.com   ', 'trailing spaces'],
    ['\u00a0alice@example.com\u00a0', 'no-break spaces'],
    ['\u3000alice@example.com', 'ideographic space'],
    ['\u2003alice@example.com\u202f', 'em space and narrow no-break space'],
    ['ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'full width'],
    ['ＡＬＩＣＥ@example.com', 'full-width capitals'],
    ['𝐚𝐥𝐢𝐜𝐞@example.com', 'mathematical bold'],
    ['𝒜𝓁𝒾𝒸ℯ@example.com', 'mathematical script'],
    ['𝔄𝔩𝔦𝔠𝔢@example.com', 'Fraktur'],
    ['𝚊𝚕𝚒𝚌𝚎@example.com', 'monospace'],
    ['ⓐⓛⓘⓒⓔ@example.com', 'circled'],
    ['ⒶⓁⒾⒸⒺ@example.com', 'circled capitals'],
    ['ᵃˡⁱᶜᵉ@example.com', 'superscript'],
    ['ªlice@example.com', 'feminine ordinal'],
    ['alⅰce@example.com', 'small Roman numeral'],
    ['ALⅠCE@EXAMPLE.COM', 'Roman numeral'],
    ['aliⅽe@example.com', 'small Roman numeral hundred'],
    ['alice@example․com', 'one dot leader'],
    ['alice﹫example.com', 'small commercial at'],
    ['alice@eⅹample.com', 'Roman numeral ten'],
  ])('%s (%#: %s) is alice@example.com', (spelling) => {
    expect(normaliseIdentifier(spelling)).toBe('alice@example.com');
  });

  test.each([
    ['Ångström', 'a\u030angstro\u0308m', 'composed and decomposed'],
    ['\u212bngstr\u00f6m', '\u00e5ngstr\u00f6m', 'the Angstrom sign'],
    ['\u212aelvin', 'kelvin', 'the Kelvin sign'],
    ['o\ufb03ce', 'office', 'the ffi ligature'],
    ['\ufb01nn', 'finn', 'the fi ligature'],
    ['\u0132sland', 'ijsland', 'the IJ digraph'],
    ['\u01c4ENAN', 'd\u017eenan', 'the DŽ digraph'],
    ['\u017fam', 'sam', 'the long s'],
    ['\u00b5soft', '\u03bcsoft', 'micro and mu'],
    ['user\u2460', 'user1', 'a circled digit'],
    ['user\u00b2', 'user2', 'a superscript digit'],
    ['\uff76\uff9e', '\u30ac', 'half-width katakana'],
    ['\u2126', '\u03c9', 'the Ohm sign'],
    ['ΟΔΟΣ', 'οδος', 'Greek capitals'],
    ['οδος', 'οδοσ', 'the final sigma typed or not'],
    ['ΣΣ', 'σς', 'a final sigma that lower case makes'],
    ['GROẞ', 'groß', 'the capital sharp s'],
  ])('%s and %s are one name (%s)', (one, other) => {
    expect(normaliseIdentifier(one)).toBe(normaliseIdentifier(other));
  });

  test.each([
    ['álice', 'alice', 'an accent'],
    ['alicé', 'alice', 'an accent at the end'],
    ['a\u0301lice', 'alice', 'a decomposed accent'],
    ['łukasz', 'lukasz', 'a stroke'],
    ['аlice', 'alice', 'a Cyrillic a'],
    ['alıce', 'alice', 'a dotless i'],
    ['alİce', 'alice', 'an i with a dot above'],
    ['strasse', 'straße', 'ss for the sharp s'],
    ['ali ce', 'alice', 'an inner space'],
    ['ali  ce', 'ali ce', 'two inner spaces'],
    ['alice+1@example.com', 'alice@example.com', 'a plus address'],
    ['a.lice@example.com', 'alice@example.com', 'a dot'],
  ])('%s and %s stay two names (%s)', (one, other) => {
    expect(normaliseIdentifier(one)).not.toBe(normaliseIdentifier(other));
  });

  test.each([
    ['al\u200bice', 'zero-width space'],
    ['al\u200cice', 'zero-width non-joiner'],
    ['al\u200dice', 'zero-width joiner'],
    ['al\u00adice', 'soft hyphen'],
    ['\u200ealice', 'left-to-right mark'],
    ['alice\u200f', 'right-to-left mark'],
    ['\u202ealice', 'right-to-left override'],
    ['\u2066alice\u2069', 'isolates'],
    ['\ufeffalice', 'byte order mark, which trim() would remove'],
    ['al\u2060ice', 'word joiner'],
    ['al\u034fice', 'grapheme joiner'],
    ['al\u180eice', 'Mongolian vowel separator'],
    ['alice\ufe0f', 'variation selector'],
    ['alice\u{e0100}', 'variation selector supplement'],
    ['al\u{e0061}ice', 'tag letter'],
    ['al\u3164ice', 'Hangul filler'],
    ['al\uffa0ice', 'half-width Hangul filler'],
    ['al\ufff9ice', 'interlinear annotation'],
    ['alice\0', 'NUL'],
    ['alice\n', 'line feed, which trim() would remove'],
    ['\talice', 'tab'],
    ['alice\r\n', 'carriage return'],
    ['al\x1bice', 'escape'],
    ['al\x7fice', 'delete'],
    ['al\x85ice', 'next line, a C1 control'],
    ['al\x9bice', 'a C1 control'],
    ['al\u2028ice', 'line separator'],
    ['alice\u2029', 'paragraph separator'],
    ['al\ud800ice', 'lone high surrogate'],
    ['alice\udc00', 'lone low surrogate'],
    ['al\uffffice', 'noncharacter'],
  ])('%j is refused (%s)', (text) => {
    expect(problemOf(text)).toBe('unprintable');
  });

  test('every string that is not well formed is refused', () => {
    const units = fc.string({
      unit: fc.constantFrom('a', '\ud83d', '\ude00', 'é'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(units, (text) => {
        const wellFormed = (text as string & { isWellFormed(): boolean }).isWellFormed();
        expect(problemOf(text)).toBe(wellFormed ? null : 'unprintable');
      }),
    );
  });
});

describe('what is no identifier', () => {
  // Pitfalls 4 and 19 (axes #261): non-strings and blanks would share counters.
  test.each([
    [undefined],
    [null],
    [0],
    [42],
    [true],
    [[]],
    [['alice']],
    [{}],
    [{ toString: () => 'alice' }],
    [Symbol('a')],
  ])('R20 %p is not a string', (value) => {
    expect(problemOf(value)).toBe('not-a-string');
  });

  test.each([[''], [' '], ['     '], ['\u00a0'], ['\u3000\u2003']])('R20 %j is blank', (text) => {
    expect(problemOf(text)).toBe('blank');
  });

  test('320 characters are the limit', () => {
    expect(normaliseIdentifier('a'.repeat(320))).toHaveLength(320);
    expect(problemOf('a'.repeat(321))).toBe('too-long');
  });

  test('a text that only normalising makes too long is refused', () => {
    expect(normaliseIdentifier('\ufdfa'.repeat(17))).toHaveLength(306);
    expect(problemOf('\ufdfa'.repeat(18))).toBe('too-long');
    expect(problemOf('ﬃ', 2)).toBe('too-long');
  });

  // Pitfall 34: what is refused costs nothing. Normalising 20 MB of this takes seconds.
  test('length is checked before anything that walks the text', () => {
    const huge = '\ufdfa\u0301\u0316'.repeat(7_000_000);
    const before = process.cpuUsage();
    expect(problemOf(huge)).toBe('too-long');
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(100_000);
  });

  test('a limit that is not a number refuses rather than allows', () => {
    expect(problemOf('alice', Number.NaN)).toBe('too-long');
  });

  test('messages never repeat what was typed', () => {
    for (const text of ['hunter2\0', 'hunter2'.repeat(60), { hunter2: 'hunter2' }]) {
      expect(() => normaliseIdentifier(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      );
    }
  });
});

describe('laws of the normal form', () => {
  const accepted = (text: string): boolean => problemOf(text) === null;

  test('normalising every single character twice changes nothing', () => {
    const unstable: string[] = [];
    let seen = 0;
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const text = `${String.fromCodePoint(point)}x`;
      if (
        /[\p{Cs}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Cn}]/u.test(
          text,
        )
      )
        continue;
      seen += 1;
      const once = normaliseIdentifier(text);
      if (normaliseIdentifier(once) !== once) unstable.push(point.toString(16));
    }
    expect(unstable).toEqual([]);
    expect(seen).toBeGreaterThan(200_000);
  });

  test('normalising twice changes nothing, whatever the combination', () => {
    const tricky = fc.constantFrom(
      'Σ',
      'ς',
      'İ',
      'ı',
      'ẞ',
      'ŉ',
      'ͅ',
      '\u0301',
      '\u0307',
      '\u0316',
      'ﬃ',
      '¨',
      '\u00a0',
      'ﷺ',
      'Å',
      '가',
      'ᄀ',
      'ᅡ',
      "'",
      '.',
      'A',
    );
    const text = fc.string({
      unit: fc.oneof(
        { weight: 3, arbitrary: tricky },
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 30,
    });
    fc.assert(
      fc.property(text.filter(accepted), (typed) => {
        const once = normaliseIdentifier(typed);
        expect(normaliseIdentifier(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test('composed, decomposed and padded spellings are one name', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(text.filter(accepted), (typed) => {
        const normal = normaliseIdentifier(typed);
        for (const spelling of ['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => typed.normalize(form))) {
          expect(normaliseIdentifier(` ${spelling}  `)).toBe(normal);
        }
      }),
    );
  });

  test('an ASCII name normalises as its full-width spelling does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }).filter(accepted),
        (ascii) => {
          const wide = ascii.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
          expect(normaliseIdentifier(wide)).toBe(normaliseIdentifier(ascii));
        },
      ),
    );
  });
});
