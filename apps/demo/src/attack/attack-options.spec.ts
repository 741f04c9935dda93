import { describe, expect, test } from '@jest/globals';
import { readOptions } from './attack-options.js';

describe('what the attack is asked for', () => {
  test('nothing: the app where npm run demo starts it, at a pace that one can watch', () => {
    expect(readOptions([])).toEqual({ url: 'http://127.0.0.1:3000', fast: false, help: false });
  });

  test.each([
    ['http://localhost:3001/', 'http://localhost:3001'],
    ['http://[::1]:80', 'http://[::1]'],
    ['https://127.1.2.3:8443/somewhere', 'https://127.1.2.3:8443'],
  ])('--url %s', (url, expected) => {
    expect(readOptions(['--fast', '--url', url])).toEqual({ url: expected, fast: true, help: false });
  });

  test.each([
    'http://example.test',
    'http://10.0.0.1',
    'http://127.0.0.1.example.test',
    'http://localhost.example.test',
  ])('--url %s is not this machine', (url) => {
    expect(() => readOptions(['--url', url])).toThrow(/another machine/);
  });

  test.each(['', 'localhost:3000', 'ftp://127.0.0.1', '3000'])('--url "%s" is no address', (url) => {
    expect(() => readOptions([`--url=${url}`])).toThrow(/not an http address/);
  });

  test.each([['--quick'], ['http://127.0.0.1:3000'], ['--url']])('%s is nothing that it knows', (...args) => {
    expect(() => readOptions(args)).toThrow();
  });
});
