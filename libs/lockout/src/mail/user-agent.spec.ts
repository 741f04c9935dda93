import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readUserAgent } from './user-agent.js';

describe('what a client calls itself', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox',
      'Windows',
      'desktop',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari',
      'iOS',
      'mobile',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
      'Chrome',
      'Android',
      'mobile',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0',
      'Microsoft Edge',
      'Linux',
      'desktop',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', null, 'bot'],
  ])('%s', (agent, browser, system, device) => {
    expect(readUserAgent(agent)).toEqual({ browser, system, device });
  });

  it.each([undefined, '', '   ', '-', 'evil.example/1.0 (call 0900)', 'Your account is hacked/1 '])(
    'is unknown: %j',
    (agent) => {
      expect(readUserAgent(agent)).toEqual({ browser: null, system: null, device: null });
    },
  );

  it('never comes through in its own words, whatever it is', () => {
    const evil = fc
      .tuple(
        fc.constantFrom('', 'Mozilla/5.0 (Windows NT 10.0) ', 'Linux; Android 9; '),
        fc.string({ unit: 'binary' }),
      )
      .map(([start, rest]) => `${start}evil${rest}`);
    fc.assert(
      fc.property(evil, (agent) => {
        const read = Object.values(readUserAgent(agent)).join(' ');
        expect(read).not.toMatch('evil');
        expect(read).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});
