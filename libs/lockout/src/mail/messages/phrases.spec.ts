import { describe, expect, it } from '@jest/globals';
import { MailBook } from './phrases.js';

const MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

describe('how amounts of time are told', () => {
  it.each([
    [0, '0 seconds', '0 Sekunden'],
    [999, '0 seconds', '0 Sekunden'],
    [1_000, '1 second', '1 Sekunde'],
    [90_500, '1 minute, 30 seconds', '1 Minute, 30 Sekunden'],
    [MS.hour, '1 hour', '1 Stunde'],
    [2 * MS.day - 1, '47 hours, 59 minutes', '47 Stunden, 59 Minuten'],
    [2 * MS.day, '2 days', '2 Tage'],
    [30 * MS.day + MS.hour + MS.minute, '30 days, 1 hour', '30 Tage, 1 Stunde'],
  ])('%i ms', (ms, english, german) => {
    const book = new MailBook({}, 'en', 'UTC');
    expect(book.phrases({}).duration(ms)).toBe(english);
    // Versions of ICU differ in how they join two.
    expect(book.phrases({ locale: 'de' }).duration(ms).replace(' und ', ', ')).toBe(german);
  });
});

describe('which texts are taken', () => {
  const book = new MailBook(
    { de: { greeting: 'Hallo!' }, 'de-AT': { footer: 'Servus' }, 'PT-br': { greeting: 'Oi' } },
    'de',
    'Europe/Vienna',
  );

  it('those of the locale, then of its language, then of the default', () => {
    const austrian = book.phrases({ locale: 'de-at' });
    expect([
      austrian.locale,
      austrian.say('footer'),
      austrian.say('greeting'),
      austrian.say('detail.time'),
    ]).toEqual(['de-AT', 'Servus', 'Hallo!', 'Zeit']);
    expect(book.phrases({ locale: 'en-GB' }).say('detail.time')).toBe('Time');
    expect(book.phrases({ locale: 'it' }).locale).toBe('de');
    expect([book.speaks('pt-BR'), book.speaks('pt'), book.speaks('de-CH')]).toEqual([true, false, true]);
  });

  it('with times as they are written there', () => {
    const at = Date.parse('2026-07-01T22:30:00Z');
    expect(book.phrases({}).moment(at)).toBe('2. Juli 2026 um 00:30 MESZ');
    expect(book.phrases({ locale: 'en-US', timeZone: 'America/New_York' }).moment(at)).toBe(
      'July 1, 2026 at 6:30 PM EDT',
    );
  });

  it('with values that are one harmless line, whatever they are', () => {
    const phrases = book.phrases({ locale: 'en' }, { known: 'yes', name: 'A\r\nBcc: b\u202E {x}' });
    expect(phrases.say('greeting')).toBe('Hello A Bcc: b {x},');
  });
});
