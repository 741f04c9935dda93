import { describe, expect, it } from '@jest/globals';
import { GERMAN } from './de.js';
import { ENGLISH } from './en.js';
import { placesIn } from './template-places.js';
import { textProblems } from './text-check.js';

describe('the texts of an application', () => {
  it('need not be there, or only some of them', () => {
    expect(textProblems(undefined)).toEqual([]);
    expect(textProblems({})).toEqual([]);
    expect(textProblems({ 'de-at': { greeting: 'Servus!' }, en: { footer: undefined } })).toEqual([]);
    expect(textProblems({ fr: ENGLISH, 'fr-CA': { greeting: 'Allô' } })).toEqual([]);
  });

  it('may use what every text has, beside the places of the default', () => {
    const greeting = '{known, select, yes {{name}} other {{account}}} of {realm} at {product}, {support}';
    expect(textProblems({ en: { greeting } })).toEqual([]);
  });

  it('are the library’s own, each in both languages with the same places', () => {
    expect(textProblems({ en: { ...ENGLISH }, de: { ...GERMAN }, fr: { ...GERMAN } })).toEqual([]);
    expect(Object.keys(GERMAN)).toEqual(Object.keys(ENGLISH));
    const names = (template: string): readonly string[] => {
      const places = placesIn(template, 'en');
      if (typeof places === 'string') throw new Error(places);
      return Array.from(places.keys()).toSorted();
    };
    for (const id of Object.keys(ENGLISH) as (keyof typeof ENGLISH)[]) {
      expect([id, names(GERMAN[id])]).toEqual([id, names(ENGLISH[id])]);
    }
  });

  it.each([
    ['a text', 'x'],
    ['a list', []],
    ['null', null],
  ])('must be an object, not %s', (_, texts) => {
    expect(textProblems(texts)).toHaveLength(1);
    expect(textProblems({ en: texts })).toHaveLength(1);
  });

  it('name everything that is wrong at once, each with its locale and id', () => {
    const { footer: _, ...mostly } = ENGLISH;
    expect(
      textProblems({
        'no locale': {},
        fr: mostly,
        de: {
          'lock.subjekt': 'x',
          constructor: 'x',
          greeting: 5,
          footer: null,
          'lock.lead': 'no brace {until',
          'failure.lead': '{failure}',
          'help.wait': '{until, date, short} {support, number}',
          'lock.subject': '{until}',
        },
      }),
    ).toEqual([
      'texts has "no locale", which is no locale such as "de" or "pt-BR".',
      'texts["fr"] lacks footer: a language of your own needs every text.',
      'texts["de"]["lock.subjekt"] is no text: see MAIL_MESSAGES for all there are.',
      'texts["de"]["constructor"] is no text: see MAIL_MESSAGES for all there are.',
      'texts["de"]["greeting"] must be a text; it is a number.',
      'texts["de"]["footer"] must be a text; it is null.',
      expect.stringMatching(/^texts\["de"\]\["lock\.lead"\] cannot be read: /),
      expect.stringMatching(
        /^texts\["de"\]\["failure\.lead"\] has a place \{failure\} that nothing fills; there are \{failures\}, /,
      ),
      'texts["de"]["help.wait"] must take {until} as it is: it is filled with text.',
      'texts["de"]["help.wait"] must take {support} as it is: it is no number.',
      expect.stringMatching(/^texts\["de"\]\["lock\.subject"\] has a place \{until\} that nothing fills; /),
    ]);
  });
});
