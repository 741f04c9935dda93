import type { MailMessages } from './mail-messages.js';

/** What the mails say in German. */
export const GERMAN: MailMessages = {
  subject: '{named, select, yes {{product}: {subject}} other {{subject}}}',
  greeting: '{known, select, yes {Hallo {name},} other {Guten Tag,}}',
  footer:
    'Diese Mail wurde automatisch verschickt{named, select, yes { von {product}} other {}}, weil an Ihrem Konto etwas geschehen ist.',

  'lock.subject': 'Die Anmeldung an Ihrem Konto ist gesperrt',
  'lock.lead':
    'Es gab {failures, plural, one {einen fehlgeschlagenen Versuch} other {# fehlgeschlagene Versuche}}, sich an Ihrem Konto anzumelden. Zu Ihrem Schutz ist die Anmeldung{where, select, there { von dort} other {}} gesperrt, {ends, select, yes {bis {until}} other {bis jemand sie entsperrt}}.',
  'lock.lead.over':
    'Es gab {failures, plural, one {einen fehlgeschlagenen Versuch} other {# fehlgeschlagene Versuche}}, sich an Ihrem Konto anzumelden. Zu Ihrem Schutz war die Anmeldung{where, select, there { von dort} other {}} gesperrt{ends, select, yes {, bis {until}} other {}}. Das ist inzwischen vorbei.',

  'failure.subject': 'Fehlgeschlagener Versuch, sich an Ihrem Konto anzumelden',
  'failure.lead':
    'Jemand konnte sich nicht an Ihrem Konto anmelden. Es war der {failures, number}. fehlgeschlagene Versuch.',

  'sign-in.subject':
    'Anmeldung an Ihrem Konto nach {failures, plural, one {einem fehlgeschlagenen Versuch} other {# fehlgeschlagenen Versuchen}}',
  'sign-in.lead':
    'Nach {failures, plural, one {einem fehlgeschlagenen Versuch} other {# fehlgeschlagenen Versuchen}} hat sich jemand an Ihrem Konto angemeldet.',
  'sign-in.yours': 'Wenn Sie das waren, ist nichts zu tun.',
  'sign-in.not-yours':
    'Wenn Sie das nicht waren, kann sich jemand anderes anmelden: Ändern Sie sofort Ihr Passwort{supported, select, yes {, und wenden Sie sich an {support}} other {}}.',

  'unlocked.subject': 'Ihr Konto ist entsperrt',
  'unlocked.lead':
    'Die Sperre Ihres Kontos wurde aufgehoben{via, select, link { durch einen Link in einer Mail an Sie} password_reset {, weil das Passwort zurückgesetzt wurde} other { durch die Verwaltung}}. Sie können sich wieder anmelden.',
  'unlocked.not-yours':
    'Wenn Sie das nicht waren, liest vielleicht jemand Ihre Mails: Ändern Sie sofort Ihr Passwort{supported, select, yes {, und wenden Sie sich an {support}} other {}}.',

  'expired.subject': 'Sie können sich wieder an Ihrem Konto anmelden',
  'expired.lead': 'Die Sperre Ihres Kontos ist zu Ende. Sie können sich wieder anmelden.',

  'help.wait': 'Wenn Sie das waren: Versuchen Sie es nach {until} noch einmal.',
  'help.link':
    'Wenn Sie das waren, können Sie es mit diesem Link sofort noch einmal versuchen. Er gilt einmal, bis {linkEnds}.',
  'help.link.label': 'Mein Konto entsperren',
  'help.reset': 'Auch mit einem neuen Passwort können Sie sich wieder anmelden.',
  'help.reset.label': 'Neues Passwort wählen',
  'help.contact':
    'Wenn Sie das waren, wenden Sie sich zum Entsperren an {supported, select, yes {{support}} other {die Verwaltung}}.',
  'help.not-yours':
    'Wenn Sie das nicht waren: Keiner dieser Versuche ist gelungen, und Sie müssen nichts tun.',

  'detail.time': 'Zeit',
  'detail.browser': 'Browser',
  'detail.device': 'Gerät',
  'detail.address': 'Adresse',
  'detail.unknown': 'unbekannt',
  'detail.browser.value':
    '{hasBrowser, select, yes {{hasSystem, select, yes {{browser} unter {system}} other {{browser}}}} other {{hasSystem, select, yes {unbekannt, unter {system}} other {unbekannt}}}}',
  'detail.device.value':
    '{device, select, desktop {Computer} mobile {Telefon} tablet {Tablet} tv {Fernseher} bot {Programm} other {unbekannt}}',

  'budget.last':
    'Dies ist die letzte Mail dieser Art für bis zu {duration}, damit niemand Ihr Postfach überfluten kann. Was bis dahin geschieht, wird nicht gemeldet.',

  moment: '{date} um {time}',
};
