import { describe, expect, it } from '@jest/globals';
import { isUnsent, smtpFault } from './smtp-fault.js';

const smtpError = (fields: object): Error => Object.assign(new Error('about bob@example.com'), fields);

describe('whose trouble a mail is in', () => {
  it.each([
    [{ code: 'ESOCKET', command: 'CONN', syscall: 'connect' }, 'server', true],
    [{ code: 'ESOCKET', command: 'CONN', syscall: 'read' }, 'server', false],
    [{ code: 'ECONNECTION', command: 'CONN' }, 'server', false],
    [{ code: 'ETIMEDOUT', command: 'CONN' }, 'server', false],
    [{ code: 'ECONNECTION', command: 'EHLO' }, 'server', true],
    [{ code: 'ECONNECTION', command: 'DATA' }, 'server', false],
    [{ code: 'EDNS', command: 'CONN' }, 'server', true],
    [{ code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 no' }, 'server', true],
    [{ code: 'EPROTOCOL', command: 'CONN', responseCode: 421, response: '421 busy' }, 'server', true],
    [{ code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550, response: '550 no' }, 'server', true],
    [
      { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 5.1.1 <bob@example.com>' },
      'recipient',
      true,
    ],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 451, response: '451 4.7.1 later' }, 'mail', true],
    [{ code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421, response: '421 bye' }, 'server', true],
    [{ code: 'EMESSAGE', command: 'DATA', responseCode: 554, response: '554 spam' }, 'recipient', true],
  ])('%j is the %s’s', (fields, of, isCertain) => {
    const error = smtpError(fields);
    expect(smtpFault(error)?.of).toBe(of);
    expect(isUnsent(error)).toBe(isCertain);
  });

  it('is told by codes, never in the words of the server, which quote the recipient', () => {
    const refused = smtpError({
      command: 'RCPT TO',
      responseCode: 550,
      response: '550 5.1.1 <bob@example.com>: who?',
    });
    expect(smtpFault(refused)).toEqual({
      of: 'recipient',
      problem: 'The mail server refused this mail for good: it answered 550 5.1.1.',
    });
    const away = smtpError({ code: 'ESOCKET', command: 'CONN' });
    expect(smtpFault(away)).toEqual({
      of: 'server',
      problem: 'The mail server is away (ESOCKET).',
    });
    const refusing = Object.assign(new Error('connect ECONNREFUSED 192.0.2.25:25'), { code: 'ESOCKET' });
    expect(smtpFault(refusing)).toEqual({
      of: 'server',
      problem: 'The mail server is away (ECONNREFUSED).',
    });
  });

  it('is not known of anything else', () => {
    expect([smtpFault(new Error('?')), smtpFault('?'), smtpFault(smtpError({ code: 'ESTREAM' }))]).toEqual([
      null,
      null,
      null,
    ]);
    expect([isUnsent(new Error('?')), isUnsent('?')]).toEqual([false, false]);
  });
});
