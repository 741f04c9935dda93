import { describe, expect, it } from '@jest/globals';
import { messageProblems, withMessages } from './message-check.js';
import { ADMIN_MESSAGES } from './messages.js';

describe('the messages of an application', () => {
  it('need not be there, or only some of them', () => {
    expect(messageProblems(undefined)).toEqual([]);
    expect(messageProblems({})).toEqual([]);
    expect(messageProblems({ 'summary.account.free': 'Nichts.', 'explain.locked': undefined })).toEqual([]);
    expect(withMessages()).toEqual(ADMIN_MESSAGES);
    const replaced = withMessages({ 'summary.account.free': 'Nichts.', 'explain.off': undefined } as never);
    expect(replaced).toEqual({ ...ADMIN_MESSAGES, 'summary.account.free': 'Nichts.' });
  });

  it('are all the default ones, which can be read and agree with themselves', () => {
    expect(messageProblems({ ...ADMIN_MESSAGES })).toEqual([]);
    expect(Object.keys(ADMIN_MESSAGES).length).toBeGreaterThan(80);
  });

  it.each([
    ['a text', 'explain.locked'],
    ['a list', ['explain.locked']],
    ['null', null],
  ])('must be an object, not %s', (_, messages) => {
    expect(messageProblems(messages)).toEqual([
      'messages must be an object: templates by id, such as { "explain.locked": "…" }.',
    ]);
  });

  it('name everything that is wrong at once, each with its id', () => {
    const wrong = {
      'explain.nothing': 'nothing',
      constructor: 'nothing',
      'explain.off': 5,
      'explain.orphan': null,
      'explain.count.none': 'no brace {policy',
      'explain.watches': '{policy} {polizy}',
      'summary.account.free': 'free since {sinceAt}',
      'explain.pause': '{untilAt, date, short} {policy, number}',
      'explain.escalation': '{lockouts, plural, one {once}}',
      'explain.in-flight': '{attempts} at once',
      language: 'not a language',
    };
    expect(messageProblems(wrong)).toEqual([
      'messages["explain.nothing"] is no message: see ADMIN_MESSAGES for all there are.',
      'messages["constructor"] is no message: see ADMIN_MESSAGES for all there are.',
      'messages["explain.off"] must be a text; it is a number.',
      'messages["explain.orphan"] must be a text; it is null.',
      expect.stringMatching(/^messages\["explain\.count\.none"\] cannot be read: /),
      'messages["explain.watches"] has a place {polizy} that nothing fills; there are {policy}.',
      'messages["summary.account.free"] has a place {sinceAt} that nothing fills; it has none.',
      'messages["explain.pause"] must take {untilAt} as it is: it is filled with text.',
      'messages["explain.pause"] must take {policy} as it is: it is no number.',
      expect.stringMatching(/^messages\["explain\.escalation"\] cannot be read: /),
      'messages["language"] must be a language tag such as "en" or "de-AT"; it is "not a language".',
    ]);
  });

  it('may choose by a text, take a count as it is, leave a place out, and have < and >', () => {
    expect(
      messageProblems({
        'explain.off': '{policy, select, login {Die Anmeldung} other {<b>{policy}</b>}} ist aus.',
        'explain.in-flight': '{attempts}',
        'explain.pause': 'Warten.',
        'explain.escalation': "{lockouts, plural, =1 {einmal} other {'{'#'}' Mal}}",
        language: 'de-AT',
      }),
    ).toEqual([]);
  });

  it('find a place within a plural or a choice', () => {
    expect(
      messageProblems({
        'explain.escalation':
          '{lockouts, plural, one {once by {whom}} other {{lockouts, select, other {{x}}}}}',
      }),
    ).toEqual([
      'messages["explain.escalation"] has a place {whom} that nothing fills; there are {lockouts}.',
      'messages["explain.escalation"] has a place {x} that nothing fills; there are {lockouts}.',
    ]);
  });
});
